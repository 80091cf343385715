using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>
/// Memory errors, power zone, temperature, fan, power meter, battery and mains adapter behind the kernel's own code: CimHost tells of them
/// what the kernel shows in the same guest, and follows when the hardware changes.
/// </summary>
[Collection(GuestDevicesCollection.Name)]
public sealed class GuestPlatformTests(GuestDevices devices)
{
    private const string Errors = "/sys/devices/system/edac/mc/mc0";
    private const string Parameters = "/sys/module/cimhost_hw/parameters";
    private const string Battery = "/sys/class/power_supply/BAT0";
    private const string Zone = "/sys/class/thermal/thermal_zone0";

    [GuestDeviceFact]
    public async Task Errors_of_memory_modules_equal_EDAC_s_and_decide_on_their_health()
    {
        Assert.All(await CompareErrorsAsync(), module => Assert.Equal("5", module["HealthState"]));

        // A hundred corrected ones are the limit of the package's configuration.
        await devices.Guest.RunAsync($"set -e; echo 0 0 3 >{Parameters}/corrected; echo 0 1 100 >{Parameters}/corrected; echo 1 0 1 >{Parameters}/uncorrected");
        Assert.Equal(["5", "10", "20", "5"], (await CompareErrorsAsync()).Select(m => m["HealthState"]));

        // The module of the firmware's table that sits where the kernel counts.
        WbemcliObject module = Assert.Single(await devices.Client.EnumerateAsync("root/cimv2:CimHost_PhysicalMemory"));
        Assert.Equal(("DIMM 0", "5", 3m, 0m), (module["DeviceLocator"], module["HealthState"], module.Number("CorrectedErrors"), module.Number("UncorrectedErrors")));
        await devices.Guest.RunAsync($"echo 0 0 2 >{Parameters}/uncorrected");
        module = Assert.Single(await devices.Client.EnumerateAsync("root/cimv2:CimHost_PhysicalMemory"));
        Assert.Equal(("20", 2m), (module["HealthState"], module.Number("UncorrectedErrors")));
        Assert.Equal(["20", "10", "20", "5"], (await CompareErrorsAsync()).Select(m => m["HealthState"]));

        await devices.Guest.RunAsync($"echo 1 >{Errors}/reset_counters");
        Assert.All(await CompareErrorsAsync(), m => Assert.Equal("5", m["HealthState"]));
    }

    [GuestDeviceFact]
    public async Task A_power_zone_s_energy_equals_powercap_s_and_its_power_is_what_came_since_the_last_look()
    {
        const decimal Joules = 50;
        (decimal Energy, decimal? Power, DateTimeOffset Time) before = await LookAsync();
        Assert.Equal(await EnergyAsync(), before.Energy);

        // One look serves for a second, and somebody else's look in between (the host's own, for alerts) shares the energy between two means:
        // then it is done again.
        await Eventually.HoldsAsync(
            async () =>
            {
                before = await LookAsync();
                decimal microjoules = decimal.Parse(await devices.Guest.RunAsync($"cat {Parameters}/energy_uj"), CultureInfo.InvariantCulture) + (Joules * 1_000_000);
                await devices.Guest.RunAsync(string.Create(CultureInfo.InvariantCulture, $"echo {microjoules} >{Parameters}/energy_uj"));
                (decimal Energy, decimal? Power, DateTimeOffset Time) after = await LookAsync();
                decimal seconds = (decimal)(after.Time - before.Time).TotalSeconds;
                return seconds > 0 && after.Energy == await EnergyAsync() && after.Power is { } watts && Math.Abs(watts - (Joules / seconds)) <= 0.001m;
            },
            holds => holds,
            "power to be energy over time",
            TimeSpan.FromMinutes(2), GuestHost.Pause);

        async Task<decimal> EnergyAsync() =>
            Math.Round(decimal.Parse(await devices.Guest.RunAsync("cat /sys/class/powercap/test-power:0/energy_uj"), CultureInfo.InvariantCulture) / 1000) / 1000;

        async Task<(decimal Energy, decimal? Power, DateTimeOffset Time)> LookAsync()
        {
            WbemcliObject[] sensors = [.. (await devices.Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor")).Where(s => s["PowerDeviceID"] == "powercap-test-power:0")];
            WbemcliObject energy = sensors.Single(s => s["Measure"] == "energy");
            WbemcliObject power = sensors.Single(s => s["Measure"] == "power");
            Assert.Equal(energy["ReadingTime"], power["ReadingTime"]);
            return (energy.Number("CurrentReading") / 1000, power.NumberOrNull("CurrentReading") / 1000, DateTimeOffset.ParseExact(energy["ReadingTime"]![..21], "yyyyMMddHHmmss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }
    }

    [GuestDeviceFact]
    public async Task Temperature_fan_power_meter_battery_and_adapter_equal_sysfs_and_follow_a_change()
    {
        // °C, level of the fan, tens of watts, charge in percent, mains.
        await SetAsync(41, 1, 26, 80, 1);
        await CompareAsync(temperature: 41, level: 1, watts: 260, charge: 80, mains: true, state: "Normal");

        await SetAsync(97, 2, 41, 12, 0);
        await CompareAsync(temperature: 97, level: 2, watts: 410, charge: 12, mains: false, state: "Upper Critical");

        await SetAsync(38, 0, 9, 100, 1);
        await CompareAsync(temperature: 38, level: 0, watts: 90, charge: 100, mains: true, state: "Normal");
    }

    // Bytes 70h and up of the CMOS memory (hardware.asl). The kernel's drivers of battery and power meter keep what they read for a second;
    // when that is over, and only then, do the files show the change.
    private Task SetAsync(params int[] values) => devices.Guest.RunAsync($$"""
        offset=$((0x70 - 14))
        for value in {{string.Join(' ', values)}}; do
          printf "\\$(printf %03o $value)" | dd of=/sys/bus/nvmem/devices/cmos_nvram0/nvmem bs=1 seek=$offset conv=notrunc 2>/dev/null || exit 1
          offset=$((offset + 1))
        done
        for turn in $(seq 100); do
          [ "$(cat {{Battery}}/capacity)" = {{values[3]}} ] && [ "$(cat /sys/bus/acpi/devices/ACPI000D:00/power1_average)" = {{values[2]}}0000000 ] && exit 0
          sleep 0.1
        done
        exit 1
        """);

    private async Task CompareAsync(int temperature, int level, int watts, int charge, bool mains, string state)
    {
        // A read that began before the change, the alerts' own for one, is shared with whoever asks before it ends: in this slow machine it may
        // tell what was before.
        await Eventually.HoldsAsync(
            async () => (
                Degrees: (await ZoneAsync())["KernelValue"],
                Level: (await FanAsync())["CurrentLevel"],
                Chips: string.Join(' ', (await ChipsAsync()).Where(c => IsPower(c) || IsZone(c)).Select(c => c["KernelValue"]).Order(StringComparer.Ordinal))),
            seen => seen == ($"{temperature}000", $"{level}", string.Join(' ', new[] { $"{temperature}000", $"{watts}000000" }.Order(StringComparer.Ordinal))),
            $"{temperature} °C, level {level} and {watts} W",
            TimeSpan.FromMinutes(1), GuestHost.Pause);

        WbemcliObject zone = await ZoneAsync();
        Dictionary<string, string> files = await FilesAsync($"{Zone}/temp {Zone}/trip_point_* /sys/class/thermal/cooling_device*/* {Battery}/* /sys/class/power_supply/ADP0/*");
        string Trip(string type) => files[files.Single(f => f.Key.EndsWith("_type", StringComparison.Ordinal) && f.Key.StartsWith(Zone, StringComparison.Ordinal) && f.Value == type).Key.Replace("_type", "_temp", StringComparison.Ordinal)];
        Assert.Equal((files[Zone + "/temp"], temperature * 1000m, state), (zone["KernelValue"], zone.Number("CurrentReading"), zone["CurrentState"]));
        Assert.Equal((Trip("hot"), Trip("critical")), (zone["UpperThresholdCritical"], zone["UpperThresholdFatal"]));

        string fan = files.Single(f => f.Key.StartsWith("/sys/class/thermal/cooling_device", StringComparison.Ordinal) && f.Value == "Fan").Key[..^"type".Length];
        WbemcliObject cooling = await FanAsync();
        Assert.Equal((files[fan + "cur_state"], files[fan + "max_state"], (decimal)level), (cooling["CurrentLevel"], cooling["MaxLevel"], cooling.Number("CurrentLevel")));

        IReadOnlyList<WbemcliObject> chips = await ChipsAsync();
        Dictionary<string, string> channels = await FilesAsync(string.Join(' ', chips.Select(c => c["KernelPath"])));
        Assert.All(chips, c => Assert.Equal(channels[c["KernelPath"]!], c["KernelValue"]));
        Assert.Equal(watts * 1_000_000m, Scaled(chips.Single(IsPower), 6));
        Assert.Equal(temperature * 1000m, Scaled(chips.Single(IsZone), 3));

        // The package of power looks at an interval, so a change is there with its next look.
        WbemcliObject battery = (await Eventually.HoldsAsync(
            () => devices.Client.EnumerateAsync("root/cimv2:CimHost_Battery"),
            b => b.Count == 1 && b[0].NumberOrNull("EstimatedChargeRemaining") == charge,
            $"a charge of {charge} %",
            TimeSpan.FromMinutes(2), GuestHost.Pause))[0];
        decimal Thousandths(string name) => decimal.Parse(files[$"{Battery}/{name}"], CultureInfo.InvariantCulture) / 1000;
        Assert.Equal((files[Battery + "/capacity"], (decimal)charge), (battery["EstimatedChargeRemaining"], battery.Number("EstimatedChargeRemaining")));
        Assert.Equal(
            (Thousandths("energy_now"), Thousandths("energy_full"), Thousandths("energy_full_design"), Thousandths("voltage_min_design")),
            (battery.Number("RemainingCapacity"), battery.Number("FullChargeCapacity"), battery.Number("DesignCapacity"), battery.Number("DesignVoltage")));
        Assert.Equal(
            (files[Battery + "/manufacturer"], files[Battery + "/model_name"], files[Battery + "/serial_number"], files[Battery + "/cycle_count"]),
            (battery["Manufacturer"], battery["Model"], battery["SerialNumber"], battery["RechargeCount"]));
        Assert.Contains(files[Battery + "/status"], battery["ActiveFlags"], StringComparison.Ordinal);
        Dictionary<string, decimal> sensors = (await devices.Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor"))
            .Where(s => s["PowerDeviceID"] == "power_supply-BAT0").ToDictionary(s => s["Measure"]!, s => s.Number("CurrentReading"));
        Assert.Equal((Thousandths("voltage_now"), Thousandths("power_now"), charge * 1000m), (sensors["battery.voltage"], sensors["battery.power"], sensors["battery.charge"]));

        WbemcliObject adapter = Assert.Single(await devices.Client.EnumerateAsync("root/cimv2:CimHost_PowerAdapter"));
        Assert.Equal((files["/sys/class/power_supply/ADP0/online"] == "1", mains), (adapter["ActiveFlags"]?.Contains("ACPresent", StringComparison.Ordinal) == true, mains));
    }

    private async Task<WbemcliObject> ZoneAsync() => Assert.Single(await devices.Client.EnumerateAsync("root/cimv2:CimHost_ThermalZone"));

    private async Task<WbemcliObject> FanAsync() =>
        (await devices.Client.EnumerateAsync("root/cimv2:CimHost_CoolingDevice")).Single(c => c["DeviceID"]!.StartsWith("Fan-", StringComparison.Ordinal));

    private Task<IReadOnlyList<WbemcliObject>> ChipsAsync() => devices.Client.EnumerateAsync("root/cimv2:CimHost_HwmonSensor");

    private static bool IsPower(WbemcliObject chip) => chip["DeviceID"] == "power_meter-acpi-ACPI000D:00/power1";

    private static bool IsZone(WbemcliObject chip) => chip["DeviceID"]!.StartsWith("acpitz-", StringComparison.Ordinal);

    // In the order of the modules' numbers.
    private async Task<WbemcliObject[]> CompareErrorsAsync()
    {
        WbemcliObject[] modules = [.. (await devices.Client.EnumerateAsync("root/cimv2:CimHost_MemoryErrorCounter")).OrderBy(m => m["DeviceID"], StringComparer.Ordinal)];
        Dictionary<string, string> files = await FilesAsync($"{Errors}/dimm*/*");
        Assert.Equal(["mc0/dimm0", "mc0/dimm1", "mc0/dimm2", "mc0/dimm3"], modules.Select(m => m["DeviceID"]));
        foreach (WbemcliObject module in modules)
        {
            string folder = $"/sys/devices/system/edac/mc/{module["DeviceID"]}/";
            Assert.Equal(
                (files[folder + "dimm_ce_count"], files[folder + "dimm_ue_count"], files[folder + "size"]),
                (module["CorrectedErrors"], module["UncorrectedErrors"], module["NumberOfBlocks"]));
            Assert.Equal(
                (files[folder + "dimm_label"], files[folder + "dimm_location"], files[folder + "dimm_mem_type"]),
                (module["Label"], module["Location"], module["MemoryTypeName"]));
        }

        return modules;
    }

    // What the kernel shows: content by path.
    private async Task<Dictionary<string, string>> FilesAsync(string pattern) =>
        (await devices.Guest.RunAsync($$"""for file in {{pattern}}; do [ -f $file ] && content=$(cat $file 2>/dev/null) && echo "$file=$content"; done; true"""))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] == '/')
            .Select(line => line.Split('=', 2)).ToDictionary(f => f[0], f => f[1].Trim(), StringComparer.Ordinal);

    // A reading in the unit of the kernel: 10^-digits of the base unit.
    private static decimal Scaled(WbemcliObject sensor, int digits) => sensor.Number("CurrentReading") * (decimal)Math.Pow(10, (double)sensor.Number("UnitModifier") + digits);
}
