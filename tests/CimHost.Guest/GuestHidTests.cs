using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>A UPS on a real /dev/hidraw of the guest's kernel: plugged in, read and changed while CimHost runs there.</summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestHidTests(GuestDevices devices)
{
    private const string Class = "root/cimv2:CIM_UninterruptiblePowerSupply";

    private readonly GuestMachine _guest = devices.Guest;

    private Wbemcli Client => devices.Client;

    [GuestDeviceFact]
    public async Task A_UPS_on_hidraw_is_told_and_followed_without_a_restart()
    {
        Assert.Empty(await Client.EnumerateAsync(Class));

        await PlugInAsync();
        WbemcliObject ups = await UpsAsync("Normal");
        Assert.Equal(("hid-f055:0900-LG9-26-00417", "/dev/hidraw0", "Example Power Line Guard 900"), (ups["DeviceID"], ups["Origin"], ups["Model"]));
        Assert.Equal((100m, 30m, 540_000m), (ups.Number("EstimatedChargeRemaining"), ups.Number("EstimatedRunTime"), ups.Number("TotalOutputPower")));
        IReadOnlyList<WbemcliObject> sensors = await Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor");
        Assert.Equal(
            ["battery.charge 100000", "battery.runtime 1840", "battery.voltage 13700", "input.frequency 50000", "input.voltage 231000", "output.apparentpower 198000", "output.load 22000", "output.power 119000", "output.voltage 231000"],
            sensors.Select(s => $"{s["Measure"]} {s["CurrentReading"]}").Order(StringComparer.Ordinal));

        // No mains, battery below its limit, 9 %.
        UhidDevice.SetFeature(_guest.WorkFile, [5, 0x94, 0x00]);
        UhidDevice.SetFeature(_guest.WorkFile, [1, 9]);
        Assert.Equal(9m, (await UpsAsync("On Battery, Low")).Number("EstimatedChargeRemaining"));
    }

    private async Task PlugInAsync()
    {
        new UhidDevice(await File.ReadAllTextAsync(RepositoryRoot.PathOf("samples/machines/edge-box/hid/ups.json"))).WriteTo(_guest.WorkFile);
        await File.WriteAllTextAsync(_guest.WorkFile("uhid.sh"), UhidDevice.Script);
        await _guest.RunAsync("""
            sh /work/uhid.sh >/tmp/uhid.log 2>&1 &
            for second in $(seq 30); do [ -e /dev/hidraw0 ] && exit 0; sleep 1; done
            cat /tmp/uhid.log
            exit 1
            """);
    }

    private async Task<WbemcliObject> UpsAsync(string state) => Assert.Single(await Eventually.HoldsAsync(
        () => Client.EnumerateAsync(Class), upses => upses.Count == 1 && upses[0]["CurrentState"] == state, $"the UPS to be in the state {state}", TimeSpan.FromMinutes(2)));
}
