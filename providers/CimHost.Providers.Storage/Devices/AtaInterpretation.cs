using System.Globalization;
using CimHost.Providers.Storage.Wire.Ata;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What the content of an ATA disk means.</summary>
internal sealed class AtaInterpretation(DiskIdentity identity, AtaContent content, AttributeNames names)
{
    private const byte PowerOnHoursId = 9;
    private const byte PowerCyclesId = 12;

    // Where smartmontools looks for the temperature, in this order.
    private static readonly byte[] s_temperatureIds = [194, 190, 9, 220];

    // What a self-test ended with (ACS-3 table 138).
    private static readonly string[] s_results =
    [
        "completed without error", "aborted by host", "interrupted by a reset", "could not be completed: fatal or unknown error", "failed: unknown element",
        "failed: electrical element", "failed: servo or seek", "failed: read element", "failed: handling damage suspected",
    ];

    private IReadOnlyList<SmartAttribute> Attributes => content.Smart?.Attributes ?? [];

    public DiskSample ToSample(DateTimeOffset time, string powerMode, IReadOnlyList<string> problems)
    {
        List<DiskAttribute> attributes = [.. Attributes.Select(ToAttribute), .. content.Statistics.Select(ToAttribute)];
        (DiskHealth health, List<string> reasons) = Health(attributes);
        return new DiskSample
        {
            Time = time,
            PowerMode = powerMode,
            Health = health,
            HealthReasons = reasons,
            Problems = problems,
            PowerOnHours = Find(PowerOnHoursId) is { } hours ? RawValue.Hours(hours, names[PowerOnHoursId]) : (ulong?)Statistic(1, 16),
            PowerCycles = Find(PowerCyclesId) is { } cycles ? RawValue.Number(cycles, names[PowerCyclesId]) : (ulong?)Statistic(1, 8),
            Sensors = Sensors(),
            Attributes = attributes,
            SelfTests = [.. (content.SelfTests?.Entries ?? []).Select(ToRecord)],
            Errors = [.. (content.Errors?.Entries ?? []).Select(ToRecord)],
            SelfTestOffers = content.SelfTestOffers(((AtaAccess)identity.Access!).Identify),
            SelfTestPercent = content.Smart is { SelfTestRuns: true } smart ? 100 - (10 * (smart.SelfTestStatus & 0x0F)) : null,
            Firmware = [new FirmwareImage(0, identity.Firmware, true, true)],
        };
    }

    private SmartAttribute? Find(byte id)
    {
        foreach (SmartAttribute attribute in Attributes)
        {
            if (attribute.Id == id)
            {
                return attribute;
            }
        }

        return null;
    }

    private long? Statistic(byte page, int offset) => content.Statistics.FirstOrDefault(s => s.Page == page && s.Offset == offset)?.Value;

    private DiskAttribute ToAttribute(SmartAttribute a)
    {
        AttributeDefinition definition = names[a.Id];
        byte? threshold = content.Thresholds?.ById.TryGetValue(a.Id, out byte limit) == true ? limit : null;
        return new DiskAttribute($"ata.{a.Id}", "SMART attribute", definition.Name, RawValue.Number(a, definition), RawValue.Text(a, definition))
        {
            Id = a.Id,
            Normalized = a.Value,
            Worst = a.Worst,
            Threshold = threshold,
            Flags = a.Flags,
            Failed = Failed(a, threshold),
        };
    }

    // A threshold of 0 never fails; FEh and FFh in place of a value, and 0, are none.
    private static string? Failed(in SmartAttribute a, byte? threshold)
    {
        const byte LeastValue = 1;
        const byte MostValue = 0xFD;
        if (threshold is not { } limit || a.Value is < LeastValue or > MostValue)
        {
            return null;
        }

        return limit == 0 ? "Never" : a.Value <= limit ? "Now" : a.Worst is >= LeastValue and <= MostValue && a.Worst <= limit ? "In The Past" : "Never";
    }

    private static DiskAttribute ToAttribute(DeviceStatistic s) => new(
        $"statistic.{s.Page}.{s.Offset}",
        "Device statistic",
        s.Name,
        s.Value is >= 0 and { } value ? (UInt128)value : null,
        s.Value?.ToString(CultureInfo.InvariantCulture) ?? "not valid");

    private (DiskHealth Health, List<string> Reasons) Health(List<DiskAttribute> attributes)
    {
        var reasons = new List<string>();
        DiskHealth health = content.Passed switch { true => DiskHealth.Ok, false => DiskHealth.PredictiveFailure, null => DiskHealth.Unknown };
        if (content.Passed == false)
        {
            reasons.Add("The disk says that it is about to fail (SMART RETURN STATUS).");
        }

        foreach (DiskAttribute a in attributes.Where(a => a.Failed == "Now"))
        {
            bool prefailure = (a.Flags & 1) != 0;
            health = Worse(health, prefailure ? DiskHealth.PredictiveFailure : DiskHealth.Degraded);
            reasons.Add($"{a.Name} is {a.Normalized}, at or below its threshold {a.Threshold}: {(prefailure ? "the disk is about to fail" : "its design life is over")}.");
        }

        if (content.SelfTests?.Entries is [{ } last, ..] && last.Status >> 4 is >= 3 and <= 8)
        {
            health = Worse(health, DiskHealth.PredictiveFailure);
            reasons.Add($"The last self-test {s_results[last.Status >> 4]}.");
        }

        if (content.Passed is null && attributes.Count > 0 && health == DiskHealth.Unknown)
        {
            health = DiskHealth.Ok;
            reasons.Add("The disk's own verdict cannot be read; no attribute has failed.");
        }

        return (health, reasons);
    }

    private static DiskHealth Worse(DiskHealth a, DiskHealth b) => a > b ? a : b;

    private List<DiskSensor> Sensors()
    {
        var sensors = new List<DiskSensor>();
        int? celsius = s_temperatureIds.Select(Celsius).FirstOrDefault(c => c is not null) ?? content.Sct?.Current ?? (int?)Statistic(5, 8);
        bool known = celsius is not null || Attributes.Any(a => s_temperatureIds.Contains(a.Id) && a.Id is 190 or 194) || content.Sct is not null;
        if (known)
        {
            sensors.Add(new DiskSensor("temperature", DiskSensorKind.Temperature, "Temperature", celsius, celsius is null ? "The disk tells no temperature that can be." : null)
            {
                UpperNonCritical = content.Sct?.MaximumOperating ?? (int?)Statistic(5, 88),
            });
        }

        if (Statistic(7, 8) is { } used)
        {
            sensors.Add(new DiskSensor("wear", DiskSensorKind.Wear, "Percentage used", (int)used) { UpperNonCritical = 100 });
        }

        return sensors;
    }

    private int? Celsius(byte id)
    {
        AttributeDefinition definition = names[id];
        return Find(id) is { } attribute ? RawValue.Celsius(attribute, definition) : null;
    }

    private static DiskRecord ToRecord(AtaErrorEntry e)
    {
        string address = e.Lba != 0 ? string.Create(CultureInfo.InvariantCulture, $" at LBA {e.Lba}") : string.Empty;
        string text = string.Create(CultureInfo.InvariantCulture, $"Error {e.Number}: {(e.ErrorText.Length > 0 ? e.ErrorText : "no error bit")}{address}, command {e.Command ?? 0:X2}h, after {e.LifetimeHours} power-on hours");
        string data = string.Create(
            CultureInfo.InvariantCulture, $"number={e.Number}, error={e.Error}, status={e.Status}, count={e.Count}, lba={e.Lba}, command={e.Command ?? 0}, state={e.State}");
        return new DiskRecord(e.Number.ToString(CultureInfo.InvariantCulture), text, 3, e.LifetimeHours, data);
    }

    private static DiskRecord ToRecord(AtaSelfTestEntry e)
    {
        string type = (e.Type & 0x7F) switch { 0 => "Offline", 1 => "Short", 2 => "Extended", 3 => "Conveyance", 4 => "Selective", _ => "Vendor" };
        string captive = (e.Type & 0x80) != 0 ? " captive" : string.Empty;
        int code = e.Status >> 4;
        string result = code < s_results.Length ? s_results[code] : code == 15 ? "in progress" : "ended with an unknown result";
        string at = e.Lba is { } lba ? string.Create(CultureInfo.InvariantCulture, $" at LBA {lba}") : string.Empty;
        var test = new SelfTestResult(
            (e.Type & 0x7F) is >= 1 and <= 3 and int kind ? (SelfTestKind)kind : null,
            code switch { 0 => SelfTestEnd.Passed, 1 => SelfTestEnd.Stopped, 2 => SelfTestEnd.Aborted, >= 3 and <= 8 => SelfTestEnd.Failed, _ => SelfTestEnd.Unknown });
        return new DiskRecord(
            string.Create(CultureInfo.InvariantCulture, $"{e.LifetimeHours}.{e.Type:x2}.{e.Status:x2}"),
            $"{type}{captive} self-test {result}{at}",
            test.Severity,
            e.LifetimeHours,
            string.Create(CultureInfo.InvariantCulture, $"type={e.Type}, status={e.Status}, lba={e.Lba?.ToString(CultureInfo.InvariantCulture) ?? "none"}"),
            test);
    }
}
