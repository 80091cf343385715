using System.Globalization;
using CimHost.Providers.Storage.Wire.Scsi;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What the log pages of a SCSI disk mean.</summary>
internal sealed class ScsiInterpretation(DiskIdentity identity, IReadOnlyDictionary<byte, LogPage> pages, uint? grownDefects, ScsiSenseData sense)
{
    private const byte FailurePrediction = 0x5D;
    private const byte Warning = 0x0B;
    private const string Category = "SCSI log";

    // Parameters 0 to 6 of pages 02h, 03h and 05h (SPC-5 table 385).
    private static readonly (string Key, string Name)[] s_counters =
    [
        ("corrected_fast", "errors corrected without substantial delay"),
        ("corrected_delayed", "errors corrected with possible delays"),
        ("retries", "rereads or rewrites"),
        ("corrected", "total errors corrected"),
        ("algorithm", "correction algorithm invocations"),
        ("bytes", "bytes processed"),
        ("uncorrected", "uncorrected errors"),
    ];

    // SPC-5 table 431.
    private static readonly string[] s_results =
    [
        "completed without error", "aborted by a SEND DIAGNOSTIC command", "aborted by another method", "failed: unknown error", "failed: unknown segment",
        "failed: first segment", "failed: second segment", "failed: another segment",
    ];

    public DiskSample ToSample(DateTimeOffset time, IReadOnlyList<string> problems)
    {
        (DiskHealth health, List<string> reasons) = Health();
        IReadOnlyList<ScsiSelfTestEntry> tests = Page(0x10) is { } log ? ScsiLogs.SelfTests(log) : [];
        return new DiskSample
        {
            Time = time,
            PowerMode = sense.IsAsleep ? "Standby" : "Active",
            Health = health,
            HealthReasons = reasons,
            Problems = problems,
            PowerOnHours = Page(0x15) is { } scan && ScsiLogs.BackgroundScan(scan) is { } b ? b.Minutes / 60 : null,
            Sensors = Sensors(),
            Attributes = Attributes(),
            SelfTests = [.. tests.Where(t => t.Result != 0x0F).Select(ToRecord)],
            SelfTestOffers = [new SelfTestOffer(SelfTestKind.Short), new SelfTestOffer(SelfTestKind.Extended)],
            SelfTestPercent = sense.IsSelfTest ? (sense.Progress ?? 0) * 100 / 65_536 : tests is [{ Result: 0x0F }, ..] ? 0 : null,
            Firmware = [new FirmwareImage(0, identity.Firmware, true, true)],
        };
    }

    private LogPage? Page(byte code) => pages.GetValueOrDefault(code);

    private (DiskHealth Health, List<string> Reasons) Health()
    {
        if (Page(0x2F) is not { } page || ScsiLogs.InformationalException(page) is not { } exception)
        {
            return sense.IsFailurePrediction ? (DiskHealth.PredictiveFailure, ["The device foretells its failure."]) : (DiskHealth.Unknown, ["The device tells no informational exceptions."]);
        }

        string code = string.Create(CultureInfo.InvariantCulture, $"{exception.Code:X2}h/{exception.Qualifier:X2}h");
        if (exception.Code == FailurePrediction || sense.IsFailurePrediction)
        {
            return (DiskHealth.PredictiveFailure, [$"The device foretells its failure (informational exception {code})."]);
        }

        if (Page(0x11) is { } media && ScsiLogs.PercentageUsed(media) is >= 100 and { } used)
        {
            return (DiskHealth.Degraded, [$"{used} % of the life is used."]);
        }

        return exception.Code == Warning ? (DiskHealth.Degraded, [$"The device warns (informational exception {code})."]) : (DiskHealth.Ok, []);
    }

    private List<DiskSensor> Sensors()
    {
        var sensors = new List<DiskSensor>();
        int? fromException = Page(0x2F) is { } exceptions ? ScsiLogs.InformationalException(exceptions)?.Temperature : null;
        (int? current, int? reference) = Page(0x0D) is { } page ? ScsiLogs.Temperature(page) : (null, null);
        if (Page(0x0D) is not null || fromException is not null)
        {
            int? celsius = current ?? fromException;
            sensors.Add(new DiskSensor("temperature", DiskSensorKind.Temperature, "Temperature", celsius, celsius is null ? "The device tells no temperature now." : null) { UpperCritical = reference });
        }

        if (Page(0x11) is { } media && ScsiLogs.PercentageUsed(media) is { } used)
        {
            sensors.Add(new DiskSensor("wear", DiskSensorKind.Wear, "Percentage used", used) { UpperNonCritical = 100 });
        }

        return sensors;
    }

    private List<DiskAttribute> Attributes()
    {
        var attributes = new List<DiskAttribute>();
        foreach ((byte code, string kind) in ((byte, string)[])[(0x02, "write"), (0x03, "read"), (0x05, "verify")])
        {
            for (ushort i = 0; i < s_counters.Length; i++)
            {
                Add($"{kind}.{s_counters[i].Key}", $"{kind} {s_counters[i].Name}", Page(code)?.Number(i));
            }
        }

        Add("non_medium", "non-medium errors", Page(0x06)?.Number(0));
        Add("grown_defects", "elements in the grown defect list", grownDefects);
        if (Page(0x0E) is { } cycles)
        {
            (string? made, ulong? starts, ulong? loads) = ScsiLogs.StartStop(cycles);
            Add("start_stop_cycles", "accumulated start-stop cycles", starts);
            Add("load_unload_cycles", "accumulated load-unload cycles", loads);
            if (made is not null)
            {
                attributes.Add(new DiskAttribute("scsi.manufactured", Category, "manufactured", null, made));
            }
        }

        if (Page(0x15) is { } scan && ScsiLogs.BackgroundScan(scan) is { } background)
        {
            Add("power_on_minutes", "accumulated power on minutes", background.Minutes);
            Add("background_scan_status", "background scan status", background.Status);
            Add("background_scans", "background scans performed", background.Scans);
        }

        foreach (SasPhy phy in Page(0x18) is { } ports ? ScsiLogs.SasPhys(ports) : [])
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"port{phy.Port}.phy{phy.Id}"), name = string.Create(CultureInfo.InvariantCulture, $"port {phy.Port} phy {phy.Id}");
            Add(key + ".invalid_dwords", name + " invalid dwords", phy.InvalidDwords);
            Add(key + ".disparity_errors", name + " running disparity errors", phy.DisparityErrors);
            Add(key + ".loss_of_sync", name + " losses of dword synchronization", phy.LossOfSync);
            Add(key + ".reset_problems", name + " phy reset problems", phy.ResetProblems);
        }

        return attributes;

        void Add(string key, string name, ulong? value)
        {
            if (value is { } number)
            {
                attributes.Add(new DiskAttribute("scsi." + key, Category, name, number, number.ToString(CultureInfo.InvariantCulture)));
            }
        }
    }

    private static DiskRecord ToRecord(ScsiSelfTestEntry e)
    {
        string type = e.Code switch { 0 => "Default", 1 => "Background short", 2 => "Background extended", 5 => "Foreground short", 6 => "Foreground extended", _ => "Unknown" };
        string result = e.Result < s_results.Length ? s_results[e.Result] : "ended with an unknown result";
        string at = e.Lba is { } lba ? string.Create(CultureInfo.InvariantCulture, $" at LBA {lba}") : string.Empty;
        var test = new SelfTestResult(
            e.Code switch { 1 or 5 => SelfTestKind.Short, 2 or 6 => SelfTestKind.Extended, _ => null },
            e.Result switch { 0 => SelfTestEnd.Passed, 1 => SelfTestEnd.Stopped, 2 => SelfTestEnd.Aborted, >= 3 and <= 7 => SelfTestEnd.Failed, _ => SelfTestEnd.Unknown });
        return new DiskRecord(
            string.Create(CultureInfo.InvariantCulture, $"{e.PowerOnHours}.{e.Code:x2}.{e.Result:x2}"),
            $"{type} self-test {result}{at}",
            test.Severity,
            e.PowerOnHours,
            string.Create(
                CultureInfo.InvariantCulture,
                $"code={e.Code}, result={e.Result}, segment={e.Segment}, lba={e.Lba?.ToString(CultureInfo.InvariantCulture) ?? "none"}, sense={e.Key:X}h/{e.AdditionalCode:X2}h/{e.Qualifier:X2}h"),
            test);
    }
}
