using System.Globalization;
using CimHost.Providers.Storage.Wire.Nvme;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What the logs of an NVMe controller mean.</summary>
internal sealed class NvmeInterpretation(
    DiskIdentity identity,
    NvmeIdentifyController controller,
    NvmeHealthLog? health,
    IReadOnlyList<NvmeErrorEntry> errors,
    NvmeFirmwareSlots? slots,
    NvmeSelfTestLog? tests,
    IReadOnlyList<(int Id, NvmeEnduranceGroup Group)> groups)
{
    private const int Kelvin = 273;

    private static readonly (byte Bit, string Text)[] s_warnings =
    [
        (0x01, "The spare blocks have fallen below their threshold."),
        (0x02, "The temperature is beyond a threshold."),
        (0x04, "The reliability of the device is degraded."),
        (0x08, "The media are read-only."),
        (0x10, "The backup of volatile memory has failed."),
        (0x20, "The persistent memory region is read-only or unreliable."),
    ];

    // NVMe Base 2.0 figure 211.
    private static readonly string[] s_results =
    [
        "completed without error", "aborted by a command", "aborted by a controller reset", "aborted by the removal of a namespace", "aborted by a format",
        "failed: fatal or unknown error", "failed: unknown segment", "failed: one or more segments", "aborted for unknown reason", "aborted by a sanitize operation",
    ];

    public DiskSample ToSample(DateTimeOffset time, IReadOnlyList<string> problems)
    {
        (DiskHealth verdict, List<string> reasons) = Health();
        return new DiskSample
        {
            Time = time,
            PowerMode = "Active",
            Health = verdict,
            HealthReasons = reasons,
            Problems = problems,
            PowerOnHours = Saturated(health?.PowerOnHours),
            PowerCycles = Saturated(health?.PowerCycles),
            Sensors = Sensors(),
            Attributes = [.. HealthAttributes(), .. GroupAttributes()],
            Errors = [.. errors.Select(ToRecord)],
            SelfTests = [.. (tests?.Entries ?? []).Select(ToRecord)],
            SelfTestOffers = !controller.SupportsSelfTest ? [] : [new SelfTestOffer(SelfTestKind.Short), new SelfTestOffer(SelfTestKind.Extended, Told(controller.ExtendedSelfTestMinutes))],
            SelfTestPercent = tests is { Running: not 0 } ? tests.Percent : null,
            Firmware = Firmware(),
        };
    }

    private static ulong? Saturated(UInt128? value) => value is { } v ? v > ulong.MaxValue ? ulong.MaxValue : (ulong)v : null;

    private (DiskHealth Health, List<string> Reasons) Health()
    {
        if (health is null)
        {
            return (DiskHealth.Unknown, ["The health log could not be read."]);
        }

        List<string> reasons = [.. s_warnings.Where(w => (health.CriticalWarning & w.Bit) != 0).Select(w => w.Text)];
        if (health.CriticalWarning != 0)
        {
            return (DiskHealth.PredictiveFailure, reasons.Count > 0 ? reasons : [$"The critical warning is {health.CriticalWarning:X2}h, with bits that are not defined."]);
        }

        if (tests?.Entries is [{ Result: >= 5 and <= 7 } last, ..])
        {
            return (DiskHealth.PredictiveFailure, [$"The last self-test {s_results[last.Result]}."]);
        }

        return health.PercentageUsed >= 100 ? (DiskHealth.Degraded, [$"{health.PercentageUsed} % of the life is used."]) : (DiskHealth.Ok, reasons);
    }

    private List<DiskSensor> Sensors()
    {
        var sensors = new List<DiskSensor>();
        if (health is null)
        {
            return sensors;
        }

        sensors.Add(Celsius("temperature", "Composite temperature", health.Temperature) with
        {
            UpperNonCritical = controller.WarningTemperature == 0 ? null : controller.WarningTemperature - Kelvin,
            UpperCritical = controller.CriticalTemperature == 0 ? null : controller.CriticalTemperature - Kelvin,
        });
        for (int i = 0; i < health.Sensors.Count; i++)
        {
            if (health.Sensors[i] != 0)
            {
                sensors.Add(Celsius(string.Create(CultureInfo.InvariantCulture, $"temperature{i + 1}"), $"Temperature sensor {i + 1}", health.Sensors[i]));
            }
        }

        sensors.Add(new DiskSensor("spare", DiskSensorKind.Spare, "Available spare", health.AvailableSpare) { LowerCritical = health.SpareThreshold });
        sensors.Add(new DiskSensor("wear", DiskSensorKind.Wear, "Percentage used", health.PercentageUsed) { UpperNonCritical = 100 });
        foreach ((int id, NvmeEnduranceGroup group) in groups)
        {
            sensors.Add(new DiskSensor($"group{id}.spare", DiskSensorKind.Spare, $"Available spare of endurance group {id}", group.AvailableSpare) { LowerCritical = group.SpareThreshold });
            sensors.Add(new DiskSensor($"group{id}.wear", DiskSensorKind.Wear, $"Percentage used of endurance group {id}", group.PercentageUsed) { UpperNonCritical = 100 });
        }

        return sensors;
    }

    // 0 K means that there is no sensor; above 1000 K it cannot be a temperature.
    private static DiskSensor Celsius(string key, string name, ushort kelvin) => kelvin is 0 or > 1_000
        ? new DiskSensor(key, DiskSensorKind.Temperature, name, null, $"The controller tells {kelvin} K, which is no temperature.")
        : new DiskSensor(key, DiskSensorKind.Temperature, name, kelvin - Kelvin);

    private IEnumerable<DiskAttribute> HealthAttributes()
    {
        if (health is null)
        {
            return [];
        }

        return
        [
            One("critical_warning", "Critical Warning", health.CriticalWarning),
            One("temperature", "Composite Temperature (K)", health.Temperature),
            One("available_spare", "Available Spare (%)", health.AvailableSpare),
            One("available_spare_threshold", "Available Spare Threshold (%)", health.SpareThreshold),
            One("percentage_used", "Percentage Used", health.PercentageUsed),
            One("endurance_group_critical_warning", "Endurance Group Critical Warning Summary", health.EnduranceWarning),
            One("data_units_read", "Data Units Read", health.DataUnitsRead),
            One("data_units_written", "Data Units Written", health.DataUnitsWritten),
            One("host_reads", "Host Read Commands", health.HostReads),
            One("host_writes", "Host Write Commands", health.HostWrites),
            One("controller_busy_time", "Controller Busy Time (minutes)", health.BusyMinutes),
            One("power_cycles", "Power Cycles", health.PowerCycles),
            One("power_on_hours", "Power On Hours", health.PowerOnHours),
            One("unsafe_shutdowns", "Unsafe Shutdowns", health.UnsafeShutdowns),
            One("media_errors", "Media and Data Integrity Errors", health.MediaErrors),
            One("num_err_log_entries", "Error Information Log Entries", health.ErrorEntries),
            One("warning_temp_time", "Warning Composite Temperature Time (minutes)", health.WarningMinutes),
            One("critical_comp_time", "Critical Composite Temperature Time (minutes)", health.CriticalMinutes),
            One("thm_temp1_trans_count", "Thermal Management Temperature 1 Transitions", health.ThermalManagement[0]),
            One("thm_temp2_trans_count", "Thermal Management Temperature 2 Transitions", health.ThermalManagement[1]),
            One("thm_temp1_total_time", "Total Time for Thermal Management Temperature 1 (seconds)", health.ThermalManagement[2]),
            One("thm_temp2_total_time", "Total Time for Thermal Management Temperature 2 (seconds)", health.ThermalManagement[3]),
        ];
    }

    private static DiskAttribute One(string key, string name, UInt128 value) => new("nvme." + key, "NVMe health", name, value, value.ToString(CultureInfo.InvariantCulture));

    private IEnumerable<DiskAttribute> GroupAttributes()
    {
        foreach ((int id, NvmeEnduranceGroup g) in groups)
        {
            foreach ((string key, string name, UInt128 value) in ((string, string, UInt128)[])
                [
                    ("critical_warning", "Critical Warning", g.CriticalWarning),
                    ("endurance_estimate", "Endurance Estimate", g.EnduranceEstimate),
                    ("data_units_read", "Data Units Read", g.DataUnitsRead),
                    ("data_units_written", "Data Units Written", g.DataUnitsWritten),
                    ("media_units_written", "Media Units Written", g.MediaUnitsWritten),
                    ("media_errors", "Media and Data Integrity Errors", g.MediaErrors),
                ])
            {
                yield return new DiskAttribute($"nvme.group{id}.{key}", "NVMe endurance group", $"Endurance Group {id} {name}", value, value.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private IReadOnlyList<FirmwareImage> Firmware()
    {
        if (slots is null)
        {
            return [new FirmwareImage(0, identity.Firmware, true, true)];
        }

        int next = slots.Next == 0 ? slots.Active : slots.Next;
        return [.. slots.Revisions.Take(controller.FirmwareSlots).Select((revision, i) => new FirmwareImage(i + 1, revision, slots.Active == i + 1, next == i + 1)).Where(f => f.Version.Length > 0)];
    }

    private static int? Told(int minutes) => minutes == 0 ? null : minutes;

    private static DiskRecord ToRecord(NvmeErrorEntry e)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"Error {e.Count}: status {e.Status:X3}h, command {e.Command} of queue {e.Queue}, LBA {e.Lba}, namespace {e.Namespace}");
        string data = string.Create(
            CultureInfo.InvariantCulture, $"count={e.Count}, sqid={e.Queue}, cmdid={e.Command}, status={e.Status}, location={e.Location}, lba={e.Lba}, nsid={e.Namespace}");
        return new DiskRecord(e.Count.ToString(CultureInfo.InvariantCulture), text, 3, null, data);
    }

    private static DiskRecord ToRecord(NvmeSelfTestEntry e)
    {
        string type = e.Code switch { 1 => "Short", 2 => "Extended", 0x0E => "Vendor", _ => "Unknown" };
        string result = e.Result < s_results.Length ? s_results[e.Result] : "ended with an unknown result";
        string at = e.Lba is { } lba ? string.Create(CultureInfo.InvariantCulture, $" at LBA {lba}") : string.Empty;
        var test = new SelfTestResult(
            e.Code is 1 or 2 ? (SelfTestKind)e.Code : null,
            e.Result switch { 0 => SelfTestEnd.Passed, 1 => SelfTestEnd.Stopped, >= 2 and <= 4 or 8 or 9 => SelfTestEnd.Aborted, >= 5 and <= 7 => SelfTestEnd.Failed, _ => SelfTestEnd.Unknown });
        return new DiskRecord(
            string.Create(CultureInfo.InvariantCulture, $"{e.PowerOnHours}.{e.Code:x2}.{e.Result:x2}"),
            $"{type} self-test {result}{at}",
            test.Severity,
            e.PowerOnHours,
            string.Create(CultureInfo.InvariantCulture, $"code={e.Code}, result={e.Result}, segment={e.Segment}, lba={e.Lba?.ToString(CultureInfo.InvariantCulture) ?? "none"}"),
            test);
    }
}
