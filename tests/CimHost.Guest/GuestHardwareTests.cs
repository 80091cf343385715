using Xunit;

namespace CimHost.Guest;

/// <summary>The bench itself: without these, what the other tests compare would prove nothing.</summary>
[Collection(GuestSensorsCollection.Name)]
public sealed class GuestHardwareTests(GuestFixture fixture)
{
    [GuestFact]
    public async Task The_guests_own_ipmitool_reads_the_BMC_through_the_kernels_driver()
    {
        string sensors = await fixture.Guest.RunAsync("ls /dev/ipmi0 && ipmitool sensor");

        Assert.Contains("CPU1 Temp", sensors, StringComparison.Ordinal);
        Assert.Contains("45.000", sensors, StringComparison.Ordinal);
    }

    [GuestFact]
    public async Task The_guests_kernel_reads_the_emulated_sensor_chips()
    {
        string temperatures = await fixture.Guest.RunAsync("for h in /sys/class/hwmon/*; do echo $(cat $h/name) $(cat $h/temp1_input); done");

        Assert.Contains("lm75 25500", temperatures, StringComparison.Ordinal);
        Assert.Contains("jc42 40250", temperatures, StringComparison.Ordinal);
    }
}
