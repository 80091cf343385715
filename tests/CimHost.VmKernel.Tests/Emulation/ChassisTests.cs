using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Live;
using Xunit;
using static CimHost.VmKernel.Tests.Emulation.MachineBytes;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>Power, identify light, watchdog and DCMI of the emulated controller, over time.</summary>
public sealed class ChassisTests : IDisposable
{
    private const string GetStatus = "00 01", GetReading = "04 2D 10", GetWatchdog = "06 25";
    private readonly MachineFolder _folder = new();
    private readonly EmulatedMachine _machine;

    public ChassisTests()
    {
        _folder.Write("bmc/chassis.json", """{ "power": ["on"], "powerRestorePolicy": "previous", "capabilities": "05 20 20 20 20", "softOffSeconds": 3 }""");
        _folder.Write("bmc/sensors.json", MachineFolder.Sensors.Replace(
            "\"sensors\": [",
            """
            "sensors": [
            { "name": "ACPI", "number": 32, "entity": "systemBoard.1", "type": "acpiPowerState", "reading": "sensorSpecific", "states": [0], "supported": [0, 5] },
            { "name": "Unit", "number": 33, "entity": "powerUnit.1", "type": "powerUnit", "reading": "sensorSpecific", "states": [], "supported": [0, 1] },
            { "name": "Intru", "number": 34, "entity": "systemChassis.1", "type": "physicalSecurity", "reading": "sensorSpecific", "states": [], "supported": [0] },
            { "name": "Dog", "number": 35, "entity": "systemManagementModule.1", "type": "watchdog2", "reading": "sensorSpecific", "states": [], "supported": [0, 1, 2, 3] },
            { "name": "Inlet", "number": 36, "entity": "airInlet.1", "type": "temperature", "unit": "°C", "range": { "min": 0, "max": 255, "resolution": 1 }, "value": 22 },
            { "name": "Power", "number": 37, "entity": "powerUnit.1", "type": "powerUnit", "unit": "W", "range": { "min": 0, "max": 2550, "resolution": 10 }, "value": 220,
              "wave": { "amplitude": 50, "periodSeconds": 40 } },
            """,
            StringComparison.Ordinal));
        string device = File.ReadAllText(Path.Combine(_folder.Path, "bmc/device.json"));
        _folder.Write("bmc/device.json", device.Replace("\"longestRead\"", "\"dcmi\": { \"powerSensor\": \"Power\" }, \"longestRead\"", StringComparison.Ordinal));
        _machine = _folder.Open();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_machine_that_is_off_reads_only_what_standby_power_feeds_and_says_that_it_is_off()
    {
        await AssertAsync("00 02 00", "00"); // power down
        await AssertAsync(GetStatus, "00 20 00 40");
        await AssertAsync(GetReading, "00 00 E0 C0"); // unavailable
        await AssertAsync("04 2D 24", "00 16 C0 C0"); // the air inlet reads on
        await AssertAsync("04 2D 20", "00 00 C0 20 80"); // ACPI: soft off
        await AssertAsync("04 2D 21", "00 00 C0 01 80"); // power unit: off
        await AssertAsync("06 07", "00 05 03");
        await AssertAsync("00 02 03", "D5"); // no reset of what is off
        await AssertAsync("00 02 01", "00"); // power up
        await AssertAsync(GetStatus, "00 21 10 40"); // on, by command
        await AssertAsync(GetReading, "00 29 C0 C0");
        await AssertAsync("00 07", "00 01 00"); // restart cause: chassis control
        Assert.Equal(6, await LogAsync()); // each way: ACPI leaves a state and enters another, the unit changes one
    }

    [Fact]
    public async Task A_power_cycle_ends_after_its_interval_and_a_shutdown_after_the_system_s_time()
    {
        await AssertAsync("00 0B 04", "00"); // interval 4 s
        await AssertAsync("00 02 02", "00");
        Assert.False(await IsOnAsync());
        _folder.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(await IsOnAsync());
        _folder.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await IsOnAsync());

        await AssertAsync("00 02 05", "00");
        _folder.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.True(await IsOnAsync());
        _folder.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await IsOnAsync());
    }

    [Theory]
    [InlineData("00 02 04", "00")] // the chassis has a diagnostic interrupt
    [InlineData("00 02 06", "CC")]
    [InlineData("00 02", "C7")]
    [InlineData("00 02 01 00", "C7")]
    public async Task A_control_is_taken_or_refused(string request, string answer) => await AssertAsync(request, answer);

    [Fact]
    public async Task The_restore_policy_is_kept_until_the_file_says_another()
    {
        await AssertAsync("00 06 02", "00 07");
        await AssertAsync(GetStatus, "00 41 00 40");
        await AssertAsync("00 06 03", "00 07"); // only asks
        await AssertAsync(GetStatus, "00 41 00 40");
        _folder.Edit("bmc/chassis.json", "previous", "off");
        await AssertAsync(GetStatus, "00 01 00 40");
    }

    [Fact]
    public async Task The_identify_light_goes_out_by_itself_or_stays()
    {
        await AssertAsync("00 04", "00"); // 15 s
        await AssertAsync(GetStatus, "00 21 00 50");
        _folder.Time.Advance(TimeSpan.FromSeconds(15));
        await AssertAsync(GetStatus, "00 21 00 40");
        await AssertAsync("00 04 00 01", "00");
        _folder.Time.Advance(TimeSpan.FromHours(1));
        await AssertAsync(GetStatus, "00 21 00 60");
        await AssertAsync("00 04 00", "00");
        await AssertAsync(GetStatus, "00 21 00 40");
    }

    [Fact]
    public async Task A_watchdog_counts_acts_and_leaves_its_mark()
    {
        await AssertAsync("06 24 04 02 00 3E 64 00", "00"); // SMS/OS, power down, 10 s
        await AssertAsync(GetWatchdog, "00 04 02 00 00 64 00 64 00");
        await AssertAsync("06 22", "00");
        _folder.Time.Advance(TimeSpan.FromSeconds(4));
        await AssertAsync(GetWatchdog, "00 44 02 00 00 64 00 3C 00");
        await AssertAsync("06 22", "00"); // kept alive
        _folder.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(await IsOnAsync());
        _folder.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(await IsOnAsync());
        await AssertAsync(GetWatchdog, "00 04 02 00 10 64 00 00 00"); // stands, has expired for SMS/OS
        await AssertAsync("04 2D 23", "00 00 C0 04 80"); // the sensor: power down
        await AssertAsync("06 24 04 02 00 10 64 00", "00");
        await AssertAsync(GetWatchdog, "00 04 02 00 00 64 00 64 00");
        await AssertAsync("04 2D 23", "00 00 C0 00 80");
    }

    [Fact]
    public async Task A_watchdog_that_was_never_set_cannot_be_started()
    {
        using var folder = new MachineFolder();
        folder.Edit("bmc/device.json", "\"seconds\": 300", "\"seconds\": 0");
        EmulatedMachine machine = folder.Open();
        Assert.Equal("80", await machine.AskAsync("06 22"));
        Assert.Equal("CC", await machine.AskAsync("06 24 00 01 00 00 64 00"));
        Assert.Equal("C7", await machine.AskAsync("06 24 04"));
    }

    [Fact]
    public async Task DCMI_tells_the_power_with_its_statistics_and_none_while_the_machine_is_off()
    {
        await AssertAsync("2C 01 DC 01", "00 DC 01 05 02 00 01 05");
        for (int i = 0; i < 40; i++)
        {
            _folder.Time.Advance(TimeSpan.FromSeconds(1));
            await _machine.AskAsync(GetStatus);
        }

        string reading = await _machine.AskAsync("2C 02 DC 01 00 00");
        Assert.Equal(Plain("00 DC DC 00 AA 00 0E 01 DC 00"), reading[..20]); // 220, 170, 270, average 220
        Assert.Equal(Plain("40 9C 00 00 40"), reading[^10..]); // 40 s, active
        await AssertAsync("00 02 00", "00");
        reading = await _machine.AskAsync("2C 02 DC 01 00 00");
        Assert.Equal(Plain("00 DC 00 00 AA 00 0E 01"), reading[..16]);
        Assert.EndsWith("00", reading, StringComparison.Ordinal);
        await AssertAsync("2C 02 DD 01 00 00", "C1"); // another group
        await AssertAsync("2C 02 DC 02 00 00", "CC"); // another mode
    }

    [Fact]
    public async Task An_event_from_a_console_and_one_from_the_system_go_to_the_log()
    {
        await AssertAsync("04 02 04 01 30 01 59 5B 5A", "00");
        await AssertAsync("04 02 41 04 02 60 01 52 00 02", "00");
        Assert.Equal(2, await LogAsync());
        Assert.EndsWith("8100040130" + "01595B5A", await _machine.AskAsync("0A 43 00 00 01 00 00 FF"), StringComparison.Ordinal);
        Assert.EndsWith("4100040260" + "01520002", await _machine.AskAsync("0A 43 00 00 02 00 00 FF"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_chassis_shows_in_its_status_and_in_the_intrusion_sensor_and_leaves_the_power_as_it_is()
    {
        var hardware = new LiveHardware(_machine);
        await AssertAsync("00 02 00", "00");
        hardware.Break("Chassis", BreakKind.Intrusion, new BreakOptions());
        await AssertAsync(GetStatus, "00 20 00 41"); // still off
        await AssertAsync("04 2D 22", "00 00 C0 01 80");
        hardware.Clear("Chassis");
        await AssertAsync(GetStatus, "00 20 00 40");
        hardware.Set("Chassis:powerFault", "true");
        await AssertAsync(GetStatus, "00 28 00 40");
        hardware.Clear(null);
        await AssertAsync("00 02 01", "00");
        hardware.Set("Chassis:power", "off");
        Assert.False(await IsOnAsync());
        hardware.Clear(null);
        Assert.True(await IsOnAsync());
        hardware.Set("Intru", "0");
        await AssertAsync(GetStatus, "00 21 00 41"); // the sensor says so, so does the chassis
    }

    [Theory]
    [InlineData("Chassis", BreakKind.Hang)]
    [InlineData("Temp", BreakKind.Intrusion)]
    [InlineData("/sys/class", BreakKind.Intrusion)]
    public void What_cannot_be_broken_in_that_way_is_refused(string name, BreakKind kind) =>
        Assert.Throws<HardwareChangeException>(() => new LiveHardware(_machine).Break(name, kind, new BreakOptions()));

    [Theory]
    [InlineData("Chassis", "off")]
    [InlineData("Chassis:power", "maybe")]
    [InlineData("Chassis:colour", "red")]
    public void A_value_that_the_chassis_cannot_have_is_refused(string name, string value) =>
        Assert.Throws<HardwareChangeException>(() => new LiveHardware(_machine).Set(name, value));

    private async Task AssertAsync(string request, string expected) => Assert.Equal(Plain(expected), await _machine.AskAsync(request));

    private async Task<bool> IsOnAsync() => (Convert.FromHexString(await _machine.AskAsync(GetStatus))[1] & 1) != 0;

    private async Task<int> LogAsync() => Convert.FromHexString(await _machine.AskAsync("0A 40"))[2];
}
