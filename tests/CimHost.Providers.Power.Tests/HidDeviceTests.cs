using CimHost.Providers.Power.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Power.Tests;

/// <summary>UPSs on HID ports: transitions, plugging in and out, devices that do not answer.</summary>
public sealed class HidDeviceTests
{
    private const byte StatusReport = 5;

    private static string EdgeUps => Path.Combine(HidFixture.Repository, "samples", "machines", "edge-box", "hid", "ups.json");

    [Fact]
    public async Task The_UPS_of_the_edge_box_is_on_mains_and_full()
    {
        PowerPackage package = PowerPackage.Over(HidFixture.Read(EdgeUps));
        CimInstance ups = await package.UpsAsync();
        Assert.Equal("hid-f055:0900-LG9-26-00417", ups["DeviceID"]);
        Assert.Equal("Normal", ups["CurrentState"]);
        Assert.Equal((ushort)5, ups["HealthState"]);
        Assert.Equal((ushort)100, ups["EstimatedChargeRemaining"]);
        Assert.Equal(30u, ups["EstimatedRunTime"]);
        Assert.Equal((ushort)2, ups["RemainingCapacityStatus"]);
        Assert.Equal(0u, ups["TimeOnBackup"]);
        Assert.Equal(540_000u, ups["TotalOutputPower"]);
        Assert.Equal(900u, ups["RatedApparentPower"]);
        CimInstance battery = (await package.EnumerateAsync(ClassNames.Battery)).Single();
        Assert.Equal((ushort)3, battery["BatteryStatus"]);
        Assert.Equal((ushort)4, battery["ChargingStatus"]);
        Assert.Equal(12_000ul, battery["DesignVoltage"]);
        Assert.Equal(13_700, (await package.SensorAsync("battery.voltage"))["CurrentReading"]);
        CimInstance input = await package.SensorAsync("input.voltage");
        Assert.Equal(231_000, input["CurrentReading"]);
        Assert.Equal(180_000, input["LowerThresholdNonCritical"]);
        Assert.Equal(270_000, input["UpperThresholdNonCritical"]);
        Assert.Equal(50_000, (await package.SensorAsync("input.frequency"))["CurrentReading"]);
        Assert.Equal(119_000, (await package.SensorAsync("output.power"))["CurrentReading"]);
    }

    // Bits of the status: ACPresent, Charging, Discharging, FullyCharged, BelowRemainingCapacityLimit, RemainingTimeLimitExpired,
    // NeedReplacement, BatteryPresent, Overload, ShutdownImminent, InternalFailure, OverTemperature, CommunicationLost.
    [Theory]
    [InlineData(0x0081, "Normal", 5)]
    [InlineData(0x0083, "Normal", 5)]
    [InlineData(0x0084, "On Battery", 10)]
    [InlineData(0x0094, "On Battery, Low", 25)]
    [InlineData(0x0284, "Shutdown Imminent", 25)]
    [InlineData(0x00C1, "Replace Battery", 10)]
    [InlineData(0x0181, "Overload", 20)]
    [InlineData(0x0184, "Overload", 20)]
    [InlineData(0x0481, "Internal Failure", 25)]
    [InlineData(0x1081, "Communication Lost", 0)]
    public async Task The_status_bits_decide_state_and_health(int status, string state, int health)
    {
        PowerPackage package = PowerPackage.Over(HidFixture.Read(EdgeUps).Set(HidReportType.Feature, StatusReport, (byte)status, (byte)(status >> 8)));
        CimInstance ups = await package.UpsAsync();
        Assert.Equal(state, ups["CurrentState"]);
        Assert.Equal((ushort)health, ups["HealthState"]);
    }

    [Fact]
    public async Task A_mains_failure_and_its_end_are_seen_in_the_next_look()
    {
        ScriptedHidPort port = HidFixture.Read(EdgeUps);
        PowerPackage package = PowerPackage.Over(port);
        Assert.Equal("Normal", (await package.UpsAsync())["CurrentState"]);
        port.Set(HidReportType.Feature, StatusReport, 0x94, 0x00).Set(HidReportType.Feature, 1, 9);
        CimInstance ups = await package.UpsAsync();
        Assert.Equal("On Battery, Low", ups["CurrentState"]);
        Assert.Equal((ushort)3, ups["RemainingCapacityStatus"]);
        Assert.True(ups["TimeOnBackup"].IsNull);
        CimInstance charge = await package.SensorAsync("battery.charge");
        Assert.Equal(9_000, charge["CurrentReading"]);
        Assert.Equal("Lower Critical", charge["CurrentState"]);
        port.Set(HidReportType.Feature, StatusReport, 0x83, 0x00);
        Assert.Equal("Normal", (await package.UpsAsync())["CurrentState"]);
    }

    [Fact]
    public async Task A_UPS_that_is_plugged_in_appears_and_one_that_is_unplugged_goes()
    {
        var package = new PowerPackage(new FakeProviderHost());
        Assert.Empty(await package.EnumerateAsync(ClassNames.Ups));
        package.Host.Hardware.SetHidDevices(HidFixture.Read(EdgeUps));
        Assert.Single(await package.EnumerateAsync(ClassNames.Ups));
        Assert.NotEmpty(await package.EnumerateAsync(ClassNames.Sensor));
        package.Host.Hardware.SetHidDevices();
        Assert.Empty(await package.EnumerateAsync(ClassNames.Ups));
        Assert.Empty(await package.EnumerateAsync(ClassNames.Sensor));
        Assert.Empty(await package.EnumerateAsync(ClassNames.AssociatedSensor));
    }

    [Fact]
    public async Task A_UPS_with_a_serial_number_is_the_same_in_another_socket()
    {
        ScriptedHidPort here = HidFixture.Read(EdgeUps);
        PowerPackage package = PowerPackage.Over(here);
        CimValue before = (await package.UpsAsync())["DeviceID"];
        package.Host.Hardware.SetHidDevices(new ScriptedHidPort("hid-3-f055:0900-2-1:1.0", here.Identity, here.ReportDescriptor));
        Assert.Equal(before, (await package.UpsAsync())["DeviceID"]);
    }

    [Fact]
    public async Task A_UPS_that_is_gone_while_it_is_asked_has_no_values_and_no_bad_health()
    {
        ScriptedHidPort port = HidFixture.Read(EdgeUps);
        PowerPackage package = PowerPackage.Over(port);
        await package.UpsAsync();
        port.Unplug();
        CimInstance ups = await package.UpsAsync();
        Assert.Equal("Unavailable", ups["ReadingState"]);
        Assert.Contains("is gone", ups["ReadingReason"].AsString(), StringComparison.Ordinal);
        Assert.Equal((ushort)0, ups["HealthState"]);
        Assert.True(ups["EstimatedChargeRemaining"].IsNull);
        IReadOnlyList<CimInstance> sensors = await package.EnumerateAsync(ClassNames.Sensor);
        Assert.Equal(9, sensors.Count);
        Assert.All(sensors, s => Assert.True(s["CurrentReading"].IsNull && s["HealthState"] == (ushort)0 && s["ReadingState"] == "Unavailable", s["DeviceID"].AsString()));
    }

    [Fact]
    public async Task A_UPS_that_never_answers_delays_no_other_and_times_out()
    {
        ScriptedHidPort hung = HidFixture.Read(EdgeUps);
        var other = new ScriptedHidPort("hid-3-f055:0900-1-3:1.0", hung.Identity with { SerialNumber = "OTHER" }, hung.ReportDescriptor);
        other.Set(HidReportType.Feature, StatusReport, 0x81, 0x00);
        var asked = new SemaphoreSlim(0);
        hung.SetFault(async (_, _, token) =>
        {
            asked.Release();
            await new TaskCompletionSource().Task.WaitAsync(token);
        });
        PowerPackage package = PowerPackage.Over(hung, other);
        await using IAsyncEnumerator<CimInstance> upses = package.Providers[ClassNames.Ups].EnumerateAsync(PowerPackage.Schema.Request(ClassNames.Ups), CancellationToken.None).GetAsyncEnumerator();

        // The clock stands still: the other one arrives although the hung one has neither answered nor timed out.
        Assert.True(await upses.MoveNextAsync());
        Assert.Equal("hid-f055:0900-OTHER", upses.Current["DeviceID"]);
        Assert.Equal("Normal", upses.Current["CurrentState"]);
        ValueTask<bool> last = upses.MoveNextAsync();
        await asked.WaitAsync();
        Assert.False(last.IsCompleted);
        package.Host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await last);
        Assert.Equal("TimedOut", upses.Current["ReadingState"]);
        Assert.Equal((ushort)0, upses.Current["HealthState"]);
        Assert.False(await upses.MoveNextAsync());
        Assert.Single(hung.Requests);
    }

    [Fact]
    public async Task A_report_that_the_device_refuses_costs_its_values_only()
    {
        ScriptedHidPort whole = HidFixture.Read(EdgeUps);
        var port = new ScriptedHidPort(whole.Name, whole.Identity, whole.ReportDescriptor);
        port.Set(HidReportType.Feature, StatusReport, 0x89, 0x00).Set(HidReportType.Feature, 2, 0x30, 0x07);
        PowerPackage package = PowerPackage.Over(port);
        Assert.Equal("Normal", (await package.UpsAsync())["CurrentState"]);
        Assert.Equal(1840, (await package.SensorAsync("battery.runtime"))["CurrentReading"]);
        CimInstance charge = await package.SensorAsync("battery.charge");
        Assert.Equal("Unsupported", charge["ReadingState"]);
        Assert.True(charge["CurrentReading"].IsNull);
        Assert.Equal((ushort)0, charge["HealthState"]);
    }

    [Theory]
    [InlineData(1, new byte[] { 1 }, "too short")]
    [InlineData(1, new byte[] { 1, 101 }, "null value")]
    [InlineData(2, new byte[] { 2, 0xFF, 0xFF }, "null value")]
    public async Task A_report_that_is_too_short_or_holds_a_null_value_gives_no_value(int report, byte[] data, string reason)
    {
        PowerPackage package = PowerPackage.Over(HidFixture.Read(EdgeUps).Set(HidReportType.Feature, data));
        CimInstance sensor = await package.SensorAsync(report == 1 ? "battery.charge" : "battery.runtime");
        Assert.Equal("Unavailable", sensor["ReadingState"]);
        Assert.Contains(reason, sensor["ReadingReason"].AsString(), StringComparison.Ordinal);
        Assert.True(sensor["CurrentReading"].IsNull);
    }

    [Fact]
    public async Task Classes_that_are_read_together_ask_the_device_once()
    {
        ScriptedHidPort port = HidFixture.Read(EdgeUps);
        PowerPackage package = PowerPackage.Over(port);
        await package.EnumerateAsync(ClassNames.Ups);
        int requests = port.Requests.Count;
        await package.EnumerateAsync(ClassNames.Battery);
        await package.EnumerateAsync(ClassNames.Sensor);
        Assert.Equal(11, requests);
        Assert.Equal(requests, port.Requests.Count);
    }

    [Fact]
    public async Task Names_and_associations_ask_no_device()
    {
        ScriptedHidPort port = HidFixture.Read(EdgeUps);
        PowerPackage package = PowerPackage.Over(port);
        Assert.Equal(9, (await package.EnumerateAsync(ClassNames.Sensor, "DeviceID", "SystemName")).Count);
        Assert.Equal(9, (await package.EnumerateAsync(ClassNames.AssociatedSensor)).Count);
        Assert.Single(await package.EnumerateAsync(ClassNames.AssociatedBattery));
        Assert.Equal(11, (await package.EnumerateAsync(ClassNames.SystemDevice)).Count);
        Assert.Empty(port.Requests);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("fast")]
    [InlineData("60001")]
    public void A_wrong_time_limit_names_key_value_and_range(string value)
    {
        var host = new FakeProviderHost();
        host.Configuration["ReadTimeoutMilliseconds"] = value;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new PowerPackage(host));
        Assert.Contains($"ReadTimeoutMilliseconds is '{value}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("10 to 60000", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClassNames.Ups)]
    [InlineData(ClassNames.Battery)]
    [InlineData(ClassNames.Sensor)]
    [InlineData(ClassNames.AssociatedSensor)]
    [InlineData(ClassNames.AssociatedBattery)]
    [InlineData(ClassNames.SystemDevice)]
    public async Task Every_class_keeps_the_provider_contract(string className)
    {
        PowerPackage package = PowerPackage.Over(HidFixture.Read(EdgeUps));
        ICimProvider provider = package.Providers[className];
        await ProviderContract.CheckAsync(provider, PowerPackage.Schema.Request(className));
        Assert.Equal([className], ProviderContract.CheckExport(provider.GetType(), PowerPackage.Schema));
    }
}
