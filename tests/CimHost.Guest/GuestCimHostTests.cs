using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>CimHost itself in the guest: it reads /dev/ipmi0 and the kernel's hwmon drivers, and tells what ipmitool and sysfs tell there.</summary>
[Collection(GuestSensorsCollection.Name)]
public sealed class GuestCimHostTests(GuestFixture fixture)
{
    private const string Password = HostSettings.Password;

    private Wbemcli Client => new("http", "root", Password, $"127.0.0.1:{fixture.Guest.ForwardedPort}");

    [GuestFact]
    public async Task Its_sensors_equal_ipmitool_s_and_those_of_sysfs_in_the_guest()
    {
        await StartHostAsync();

        // A package that did not come up in its time on the emulated processor is tried again, while the others are served.
        await Eventually.HoldsAsync(() => Client.RunAsync("gc", "root/cimv2:OMC_NumericSensor"), run => run.ExitCode == 0, "the classes of the BMC", TimeSpan.FromMinutes(3), GuestHost.Pause);
        SensorComparison.EqualNumeric(
            IpmitoolSensor.Parse(await fixture.Guest.RunAsync("ipmitool sensor")),
            await Client.EnumerateAsync("root/cimv2:OMC_NumericSensor"));
        await CompareChipsAsync();

        // Register 0 of the lm75: 50.0 °C, a word with its bytes swapped. A BMC sensor changes beside it.
        await fixture.Guest.RunAsync($"i2cset -f -y {fixture.Bus} 0x48 0x00 0x0032 w");
        await fixture.Bmc.SetReadingAsync(1, 85);
        await Eventually.HoldsAsync(CompareChipsAsync, lm75 => lm75 == 50000, "the changed temperature of the lm75", pause: GuestHost.Pause);
        IReadOnlyList<WbemcliObject> told = await Client.EnumerateAsync("root/cimv2:OMC_NumericSensor");
        Assert.Equal("Upper Non-Critical", told.Single(s => s["Name"] == "CPU1 Temp")["CurrentState"]);
        SensorComparison.EqualNumeric(IpmitoolSensor.Parse(await fixture.Guest.RunAsync("ipmitool sensor")), told);

        await fixture.Guest.RunAsync($"i2cset -f -y {fixture.Bus} 0x48 0x00 0x8019 w");
        await fixture.Bmc.SetReadingAsync(1, 45);
        Assert.Equal("0", (await fixture.Guest.RunAsync("kill -TERM $(cat /tmp/pid); while [ ! -f /tmp/code ]; do sleep 1; done; cat /tmp/code")).Trim());
    }

    // Compares every hwmon sensor with the files that the kernel shows in the guest; returns the temperature of the lm75.
    private async Task<decimal> CompareChipsAsync()
    {
        IReadOnlyList<WbemcliObject> told = await Client.EnumerateAsync("root/cimv2:CimHost_HwmonSensor");
        string files = await fixture.Guest.RunAsync("for h in /sys/class/hwmon/*; do for f in $h/temp1_input $h/temp1_max $h/temp1_crit; do [ -f $f ] && echo $(cat $h/name) $(basename $f) $(cat $f); done; done; true");
        Dictionary<(string Chip, string File), decimal> read = files.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' '))
            .ToDictionary(f => (f[0], f[1]), f => decimal.Parse(f[2], CultureInfo.InvariantCulture));
        foreach ((string chip, string address) in new[] { ("lm75", "48"), ("jc42", "18") })
        {
            WbemcliObject sensor = told.Single(s => s["DeviceID"] == $"{chip}-i2c-{fixture.Bus}-{address}/temp1");
            Assert.Equal("-3", sensor["UnitModifier"]);
            Assert.Equal("2", sensor["BaseUnits"]);
            Assert.Equal(read[(chip, "temp1_input")], sensor.Number("CurrentReading"));
            Assert.Equal(read[(chip, "temp1_max")], sensor.Number("UpperThresholdNonCritical"));
            if (read.TryGetValue((chip, "temp1_crit"), out decimal critical))
            {
                Assert.Equal(critical, sensor.Number("UpperThresholdCritical"));
            }
        }

        return told.Single(s => s["DeviceID"]!.StartsWith("lm75", StringComparison.Ordinal)).Number("CurrentReading");
    }

    // The guest has an emulated processor, on which the first sweep of a BMC takes several seconds, and more when this computer is busy: what
    // is tested here is what is told, so the deadlines for providers and reads are far away. The exit code goes into a file: the shell that starts the host is not there any more when it ends.
    private Task StartHostAsync() => fixture.Guest.RunAsync($$"""
        {{GuestHost.Environment}} CIMHOST_ROOT_PASSWORD={{Password}}
        cat >/tmp/host.sh <<'END'
        /app/cimhost {{GuestHost.Serve}} --Dispatch:DeadlineSeconds=110 --Providers:CimHost.Providers.Sensors:ReadTimeoutMilliseconds=60000 >/tmp/host.log 2>&1 &
        echo $! >/tmp/pid
        wait $!
        echo $? >/tmp/code
        END
        sh /tmp/host.sh &
        for second in $(seq 120); do
          grep -q '^cimhost ready' /tmp/host.log 2>/dev/null && exit 0
          [ -f /tmp/code ] && break
          sleep 1
        done
        cat /tmp/host.log
        exit 1
        """);
}
