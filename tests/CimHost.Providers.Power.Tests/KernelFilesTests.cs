using CimHost.Providers.Power.Providers;
using CimHost.Providers.Power.Wire.Linux;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Power.Tests;

/// <summary>Batteries, adapters and power zones as the kernel shows them in /sys.</summary>
public sealed class KernelFilesTests
{
    private const string Supplies = "/sys/class/power_supply/";
    private const string Zones = "/sys/class/powercap/";

    private readonly FakeProviderHost _host = new();

    private FakeFileTree Files => _host.Hardware.Files;

    [Fact]
    public async Task A_battery_is_told_in_the_units_of_CIM()
    {
        AddBattery("BAT0", "Discharging");
        CimInstance battery = (await new PowerPackage(_host).EnumerateAsync(ClassNames.Battery)).Single();
        Assert.Equal("power_supply-BAT0", battery["DeviceID"]);
        Assert.Equal((ushort)11, battery["BatteryStatus"]);
        Assert.Equal((ushort)3, battery["ChargingStatus"]);
        Assert.Equal((ushort)63, battery["EstimatedChargeRemaining"]);
        Assert.Equal(50_000u, battery["DesignCapacity"]);
        Assert.Equal(45_000u, battery["FullChargeCapacity"]);
        Assert.Equal(28_350u, battery["RemainingCapacity"]);
        Assert.Equal((byte)90, battery["HealthPercent"]);
        Assert.Equal(11_400ul, battery["DesignVoltage"]);
        Assert.Equal((ushort)6, battery["Chemistry"]);
        Assert.Equal(217u, battery["RechargeCount"]);
        CimInstance[] sensors = [.. await new PowerPackage(_host).EnumerateAsync(ClassNames.Sensor)];
        Assert.Equal(["battery.charge", "battery.power", "battery.voltage"], sensors.Select(s => s["Measure"].AsString()));
        Assert.Equal(["63000", "12345", "11950"], sensors.Select(s => s["CurrentReading"].ToString()));
    }

    [Fact]
    public async Task Capacities_in_ampere_hours_become_watt_hours_by_the_design_voltage()
    {
        Supply("BAT1", ("type", "Battery"), ("status", "Full"), ("voltage_min_design", "7400000"), ("charge_full_design", "5000000"), ("charge_full", "4000000"), ("charge_now", "4000000"));
        CimInstance battery = (await new PowerPackage(_host).EnumerateAsync(ClassNames.Battery)).Single();
        Assert.Equal(37_000u, battery["DesignCapacity"]);
        Assert.Equal(29_600u, battery["FullChargeCapacity"]);
        Assert.Equal((ushort)3, battery["BatteryStatus"]);
        Assert.Equal((ushort)4, battery["ChargingStatus"]);
    }

    [Fact]
    public async Task A_bay_without_a_battery_is_absent_and_never_empty()
    {
        AddBattery("BAT0", "Unknown");
        Files.Add(Supplies + "BAT0/present", "0\n").Add(Supplies + "BAT0/capacity", "0\n");
        CimInstance battery = (await new PowerPackage(_host).EnumerateAsync(ClassNames.Battery)).Single();
        Assert.Equal("Absent", battery["ReadingState"]);
        Assert.True(battery["EstimatedChargeRemaining"].IsNull && battery["RemainingCapacity"].IsNull);
        Assert.Equal((ushort)0, battery["HealthState"]);
        Assert.All(await new PowerPackage(_host).EnumerateAsync(ClassNames.Sensor), s => Assert.Equal("Absent", s["ReadingState"]));
    }

    [Fact]
    public async Task Adapters_are_power_supplies_and_the_battery_of_a_mouse_is_left_out()
    {
        Supply("AC", ("type", "Mains"), ("online", "1"));
        Supply("ucsi-1", ("type", "USB"), ("online", "0"), ("voltage_now", "0"));
        Supply("hid-mouse", ("type", "Battery"), ("scope", "Device"), ("capacity", "40"));
        var package = new PowerPackage(_host);
        IReadOnlyList<CimInstance> adapters = await package.EnumerateAsync(ClassNames.Adapter);
        Assert.Equal(["power_supply-AC", "power_supply-ucsi-1"], adapters.Select(a => a["DeviceID"].AsString()));
        Assert.All(adapters, a => Assert.Equal((ushort)5, a["HealthState"]));
        Assert.Equal("Not Plugged In", adapters[1]["StatusDescriptions"][0]);
        Assert.Empty(await package.EnumerateAsync(ClassNames.Battery));
    }

    [Fact]
    public async Task An_attribute_that_cannot_be_read_costs_itself_only()
    {
        AddBattery("BAT0", "Discharging");
        Files.AddUnreadable(Supplies + "BAT0/power_now", HardwareFault.Unavailable, "No such device (errno 19)");
        Files.Add(Supplies + "BAT0/voltage_now", "none\n");
        CimInstance[] sensors = [.. await new PowerPackage(_host).EnumerateAsync(ClassNames.Sensor)];
        Assert.Equal(["Ok", "Unavailable", "Unavailable"], sensors.Select(s => s["ReadingState"].AsString()));
        Assert.Contains("errno 19", sensors[1]["ReadingReason"].AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Power_of_a_zone_is_the_energy_between_two_looks_also_over_the_counter_s_end()
    {
        AddZone("intel-rapl:0", "package-0", "262143000000", "262140000000");
        Files.Add(Zones + "intel-rapl/enabled", "1\n");
        var package = new PowerPackage(_host);
        CimInstance first = await package.SensorAsync("power");
        Assert.Equal("Unavailable", first["ReadingState"]);
        Assert.Contains("first", first["ReadingReason"].AsString(), StringComparison.Ordinal);
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        AddZone("intel-rapl:0", "package-0", "262143000000", "262142500000");
        Assert.Equal(1_250, (await package.SensorAsync("power"))["CurrentReading"]);
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        AddZone("intel-rapl:0", "package-0", "262143000000", "99500000");
        CimInstance power = await package.SensorAsync("power");
        Assert.Equal(50_000, power["CurrentReading"]);
        Assert.Equal("powercap-intel-rapl:0/power", power["DeviceID"]);
        Assert.Equal("power (package-0)", power["ElementName"]);
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("Unavailable", (await package.SensorAsync("power"))["ReadingState"]);
    }

    [Fact]
    public async Task A_zone_that_only_root_may_read_says_so()
    {
        AddZone("intel-rapl:0", "package-0", "262143000000", "1");
        Files.AddUnreadable(Zones + "intel-rapl:0/energy_uj", HardwareFault.Unavailable, "Permission denied (errno 13).");
        CimInstance power = await new PowerPackage(_host).SensorAsync("power");
        Assert.Equal("Unavailable", power["ReadingState"]);
        Assert.Equal((ushort)0, power["HealthState"]);
        Assert.Contains("run as root", power["ReadingReason"].AsString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, 3_000_000, 1000, 0, 2.0)]
    [InlineData(9_000_000, 1_000_000, 1000, 10_000_000, 2.0)]
    [InlineData(9_000_000, 1_000_000, 1000, 0, null)]
    [InlineData(20_000_000, 1_000_000, 1000, 10_000_000, null)]
    [InlineData(1_000_000, 3_000_000, 0, 0, null)]
    [InlineData(1_000_000, 3_000_000, 60_001, 0, null)]
    public void Power_is_known_only_where_the_counter_went_round_once_at_most(long before, long after, int milliseconds, long range, double? watts)
    {
        DateTimeOffset then = DateTimeOffset.UnixEpoch;
        var now = new EnergyCounter(after, then.AddMilliseconds(milliseconds));
        Assert.Equal(watts, now.PowerSince(new EnergyCounter(before, then), range, TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(ClassNames.Battery)]
    [InlineData(ClassNames.Adapter)]
    [InlineData(ClassNames.Sensor)]
    [InlineData(ClassNames.AssociatedSensor)]
    [InlineData(ClassNames.SystemDevice)]
    public async Task Every_class_keeps_the_provider_contract(string className)
    {
        AddBattery("BAT0", "Charging");
        Supply("AC", ("type", "Mains"), ("online", "1"));
        AddZone("intel-rapl:0", "package-0", "262143000000", "1");
        var provider = new PowerPackage(_host).Providers[className];
        await ProviderContract.CheckAsync(provider, PowerPackage.Schema.Request(className));
        Assert.Equal([className], ProviderContract.CheckExport(provider.GetType(), PowerPackage.Schema));
    }

    private void AddBattery(string name, string status) => Supply(
        name,
        ("type", "Battery"), ("status", status), ("present", "1"), ("capacity", "63"), ("technology", "Li-ion"), ("cycle_count", "217"), ("voltage_min_design", "11400000"),
        ("voltage_now", "11950000"), ("power_now", "12345000"), ("energy_full_design", "50000000"), ("energy_full", "45000000"), ("energy_now", "28350000"), ("manufacturer", "Example"), ("model_name", "B50"));

    private void AddZone(string zone, string name, string range, string energy)
    {
        Files.Add($"{Zones}{zone}/name", name + "\n").Add($"{Zones}{zone}/max_energy_range_uj", range + "\n").Add($"{Zones}{zone}/energy_uj", energy + "\n");
    }

    private void Supply(string name, params (string Attribute, string Text)[] attributes)
    {
        foreach ((string attribute, string text) in attributes)
        {
            Files.Add($"{Supplies}{name}/{attribute}", text + "\n");
        }
    }
}
