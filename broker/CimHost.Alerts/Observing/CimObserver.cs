using System.IO.Enumeration;
using CimHost.Alerts.Engine;
using CimHost.Sdk.Cim;

namespace CimHost.Alerts.Observing;

/// <summary>Makes observations of CIM instances of sensors, devices and log entries.</summary>
internal sealed class CimObserver(AlertOptions options, Func<string, string, bool> isSubclassOf)
{
    // CIM_NumericSensor: names, side and severity of its thresholds.
    private static readonly (string Property, bool IsUpper, PerceivedSeverity Severity)[] s_thresholds =
    [
        ("LowerThresholdNonCritical", false, PerceivedSeverity.Degraded),
        ("UpperThresholdNonCritical", true, PerceivedSeverity.Degraded),
        ("LowerThresholdCritical", false, PerceivedSeverity.Critical),
        ("UpperThresholdCritical", true, PerceivedSeverity.Critical),
        ("LowerThresholdFatal", false, PerceivedSeverity.Fatal),
        ("UpperThresholdFatal", true, PerceivedSeverity.Fatal),
    ];

    private static readonly (string Class, string Kind)[] s_kinds =
        [("CIM_Fan", "fan"), ("CIM_PowerSupply", "power"), ("CIM_DiskDrive", "disk"), ("CIM_Battery", "battery"), ("CIM_Memory", "memory"), ("CIM_Processor", "processor")];

    /// <summary>An observation of a sensor or device.</summary>
    /// <param name="instance">An instance of CIM_LogicalDevice.</param>
    /// <param name="device">The device that a sensor belongs to; null when it belongs to none.</param>
    public Observation Observe(CimInstance instance, CimObjectPath? device)
    {
        string source = instance.Path!.WithNamespace(null).WithHost(null).ToString();
        string name = Text(instance, "ElementName") is { Length: > 0 } element ? element : Text(instance, "Name") is { Length: > 0 } plain ? plain : source;
        AlertRule? rule = options.Rules.Find(r => FileSystemName.MatchesSimpleExpression(r.Pattern, name) || FileSystemName.MatchesSimpleExpression(r.Pattern, source));
        if (rule is { Enabled: false })
        {
            return new Observation { Source = source, SourceClass = instance.ClassName, Name = name, Group = source, State = ObservedState.Ignored };
        }

        bool isSensor = isSubclassOf(instance.ClassName, "CIM_Sensor");
        string kind = KindOf(device?.ClassName ?? instance.ClassName);
        if (kind.Length == 0 && isSensor)
        {
            kind = Number(instance, "SensorType") switch { 2 => "temperature", 5 => "fan", _ => string.Empty };
        }

        (int bad, int of) = ReadingsOf(rule);
        double scale = Math.Pow(10, Number(instance, "UnitModifier") ?? 0);
        double? reading = Scaled(instance, "CurrentReading", scale);
        (ObservedState state, string reason) = StateOf(instance);
        return new Observation
        {
            Source = source,
            SourceClass = instance.ClassName,
            Name = name,
            Group = device?.WithNamespace(null).WithHost(null).ToString() ?? source,
            Redundancy = isSensor && Texts(instance, "PossibleStates").Contains("Fully Redundant") ? RedundancyOf(instance, name) : string.Empty,
            DeviceKind = kind,
            IsDevice = !isSensor && kind.Length > 0 && kind != "processor" && kind != "memory",
            State = state,
            Reason = reason,
            Severity = SeverityOf(instance),
            StateText = isSensor ? Text(instance, "CurrentState") ?? string.Empty : string.Join(", ", Texts(instance, "StatusDescriptions")),
            Reading = reading,
            Units = Units(instance),
            Limits = reading is null ? [] : Limits(instance, scale, rule),
            BadReadings = bad,
            OfReadings = of,
        };
    }

    /// <summary>An observation of a log entry.</summary>
    /// <param name="instance">An instance of CIM_LogEntry.</param>
    public static LogObservation ObserveEntry(CimInstance instance)
    {
        string message = Text(instance, "Message") ?? Text(instance, "RecordData") ?? string.Empty;
        return new LogObservation(
            Text(instance, "InstanceID") ?? instance.Path!.ToString(),
            instance.Path!.WithNamespace(null).WithHost(null).ToString(),
            instance.ClassName,
            Text(instance, "SensorDeviceID") ?? string.Empty,
            Texts(instance, "MessageArguments").FirstOrDefault() ?? Text(instance, "ElementName") ?? "Hardware log",
            message,
            (PerceivedSeverity)Math.Clamp(Number(instance, "PerceivedSeverity") ?? 0, 0, 7),
            !instance.TryGetValue("IsAssertion", out CimValue asserts) || asserts.IsNull || asserts.AsBoolean());
    }

    /// <summary>Reads "n of m"; null when it is none.</summary>
    public static (int Bad, int Of)? ParseReadings(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts is [var n, "of", var m] && int.TryParse(n, out int bad) && int.TryParse(m, out int of) && bad >= 1 && bad <= of && of <= 32 ? (bad, of) : null;
    }

    private static (int Bad, int Of) ReadingsOf(AlertRule? rule) => rule is null || rule.Readings.Length == 0 ? (1, 1) : ParseReadings(rule.Readings) ?? (1, 1);

    private string KindOf(string className) => s_kinds.FirstOrDefault(k => isSubclassOf(className, k.Class)).Kind ?? string.Empty;

    private static string RedundancyOf(CimInstance instance, string name) =>
        Number(instance, "SensorType") == 5 || name.Contains("Fan", StringComparison.OrdinalIgnoreCase) || name.Contains("Cooling", StringComparison.OrdinalIgnoreCase) ? "fan" : "power";

    private static List<Limit> Limits(CimInstance instance, double scale, AlertRule? rule)
    {
        double hysteresis = rule?.Hysteresis ?? Scaled(instance, "Hysteresis", scale) ?? 0;
        var limits = new List<Limit>(6);
        foreach ((string property, bool isUpper, PerceivedSeverity severity) in s_thresholds)
        {
            double? own = property switch
            {
                "LowerThresholdNonCritical" => rule?.LowerNonCritical,
                "UpperThresholdNonCritical" => rule?.UpperNonCritical,
                "LowerThresholdCritical" => rule?.LowerCritical,
                "UpperThresholdCritical" => rule?.UpperCritical,
                _ => null,
            };
            if ((own ?? Scaled(instance, property, scale)) is { } value)
            {
                limits.Add(new Limit(property, value, isUpper, severity, hysteresis));
            }
        }

        return limits;
    }

    private static (ObservedState State, string Reason) StateOf(CimInstance instance)
    {
        string reason = Text(instance, "ReadingReason") ?? string.Empty;
        return Text(instance, "ReadingState") switch
        {
            "Absent" => (ObservedState.Absent, reason),
            "TimedOut" => (ObservedState.Unreadable, reason.Length > 0 ? reason : "no answer in time"),
            "Unavailable" or "Asleep" or "Unsupported" => (ObservedState.Unknown, reason),
            _ => Number(instance, "CommunicationStatus") is 3 or 4 ? (ObservedState.Unreadable, reason.Length > 0 ? reason : "communication lost") : (ObservedState.Known, reason),
        };
    }

    private static PerceivedSeverity SeverityOf(CimInstance instance) => Number(instance, "HealthState") switch
    {
        10 => PerceivedSeverity.Degraded,
        15 => PerceivedSeverity.Minor,
        20 => PerceivedSeverity.Major,
        25 => PerceivedSeverity.Critical,
        30 => PerceivedSeverity.Fatal,
        null or 0 => instance.TryGetValue("OperationalStatus", out CimValue status) && status.AsArray<ushort>() is { } values
            ? values.Contains((ushort)6) ? PerceivedSeverity.Critical : values.Contains((ushort)3) || values.Contains((ushort)5) ? PerceivedSeverity.Degraded : PerceivedSeverity.Information
            : PerceivedSeverity.Information,
        _ => PerceivedSeverity.Information,
    };

    private static string Units(CimInstance instance)
    {
        if (Text(instance, "UnitSymbol") is { Length: > 0 } symbol)
        {
            return symbol;
        }

        return Number(instance, "BaseUnits") switch
        {
            2 => "C", 5 => "V", 6 => "A", 7 => "W", 8 => "J", 10 => "VA", 19 => "RPM", 20 => "Hz", 21 => "s", 22 => "min", 23 => "h", 65 => "%", _ => string.Empty,
        };
    }

    private static double? Scaled(CimInstance instance, string property, double scale) =>
        instance.TryGetValue(property, out CimValue value) && value.TryGetDouble(out double number) ? Math.Round(number * scale, 6) : null;

    private static int? Number(CimInstance instance, string property) => instance.TryGetValue(property, out CimValue value) && value.TryGetInt64(out long number) ? (int)number : null;

    private static string? Text(CimInstance instance, string property) => instance.TryGetValue(property, out CimValue value) ? value.AsString() : null;

    private static string[] Texts(CimInstance instance, string property) => instance.TryGetValue(property, out CimValue value) ? value.AsArray<string>() ?? [] : [];
}
