using System.Globalization;
using CimHost.Providers.Power.Model;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Nut;

/// <summary>The variables of a UPS behind upsd as a reading (names and units: RFC 9271 §5.1, statuses: §5.2).</summary>
internal static class NutVariables
{
    // Names of sensors follow the device's in a DeviceID of at most 64 characters.
    private const int MaxName = 23;

    private static readonly Dictionary<string, (PowerFlags Raised, PowerFlags Known)> s_statuses = new(StringComparer.Ordinal)
    {
        ["OL"] = (PowerFlags.AcPresent, PowerFlags.AcPresent),
        ["OB"] = (PowerFlags.None, PowerFlags.AcPresent),
        ["LB"] = (PowerFlags.BelowRemainingCapacityLimit, PowerFlags.None),
        ["RB"] = (PowerFlags.NeedReplacement, PowerFlags.None),
        ["CHRG"] = (PowerFlags.Charging, PowerFlags.Charging | PowerFlags.Discharging),
        ["DISCHRG"] = (PowerFlags.Discharging, PowerFlags.Charging | PowerFlags.Discharging),
        ["BYPASS"] = (PowerFlags.Bypass, PowerFlags.None),
        ["CAL"] = (PowerFlags.Calibrating, PowerFlags.None),
        ["OFF"] = (PowerFlags.Off, PowerFlags.None),
        ["OVER"] = (PowerFlags.Overload, PowerFlags.None),
        ["TRIM"] = (PowerFlags.Buck, PowerFlags.None),
        ["BOOST"] = (PowerFlags.Boost, PowerFlags.None),
        ["FSD"] = (PowerFlags.ShutdownImminent, PowerFlags.None),
    };

    // What upsd tells only when it holds.
    private const PowerFlags AlwaysKnown = PowerFlags.BelowRemainingCapacityLimit | PowerFlags.NeedReplacement | PowerFlags.Bypass | PowerFlags.Calibrating
        | PowerFlags.Off | PowerFlags.Overload | PowerFlags.Buck | PowerFlags.Boost | PowerFlags.ShutdownImminent;

    private static readonly HashSet<string> s_places = new(StringComparer.Ordinal) { "input", "output", "battery", "ups", "ambient", "outlet", "bypass" };

    private static readonly Dictionary<string, (string Name, PowerQuantity Quantity)> s_measures = new(StringComparer.Ordinal)
    {
        ["voltage"] = ("voltage", PowerQuantity.Voltage),
        ["current"] = ("current", PowerQuantity.Current),
        ["frequency"] = ("frequency", PowerQuantity.Frequency),
        ["power"] = ("apparentpower", PowerQuantity.ApparentPower),
        ["realpower"] = ("power", PowerQuantity.ActivePower),
        ["load"] = ("load", PowerQuantity.Load),
        ["temperature"] = ("temperature", PowerQuantity.Temperature),
        ["humidity"] = ("humidity", PowerQuantity.Humidity),
        ["charge"] = ("charge", PowerQuantity.Charge),
        ["runtime"] = ("runtime", PowerQuantity.Duration),
    };

    /// <summary>Makes a reading of the variables.</summary>
    public static PowerReading Decode(IReadOnlyDictionary<string, string> variables, DateTimeOffset time)
    {
        (PowerFlags known, PowerFlags raised) = Flags(variables.GetValueOrDefault("ups.status"));
        return new PowerReading
        {
            State = ReadingState.Ok,
            Time = time,
            Manufacturer = Text(variables, "device.mfr") ?? Text(variables, "ups.mfr"),
            Model = Text(variables, "device.model") ?? Text(variables, "ups.model"),
            SerialNumber = Text(variables, "device.serial") ?? Text(variables, "ups.serial"),
            FirmwareVersion = Text(variables, "ups.firmware"),
            Known = known,
            Raised = raised,
            Alarm = Text(variables, "ups.alarm"),
            Measurements = Measurements(variables),
            RatedPower = Positive(variables, "ups.realpower.nominal"),
            RatedApparentPower = Positive(variables, "ups.power.nominal"),
            Battery = new BatteryFacts
            {
                DesignVoltage = Positive(variables, "battery.voltage.nominal"),
                Chemistry = Text(variables, "battery.type"),
            },
        };
    }

    /// <summary>The flags of ups.status: those that it tells, and those that are raised. Statuses that are not known are passed over.</summary>
    public static (PowerFlags Known, PowerFlags Raised) Flags(string? status)
    {
        PowerFlags known = PowerFlags.None;
        PowerFlags raised = PowerFlags.None;
        foreach (string word in (status ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (s_statuses.TryGetValue(word, out (PowerFlags Raised, PowerFlags Known) flags))
            {
                raised |= flags.Raised;
                known |= flags.Known | AlwaysKnown;
            }
        }

        return (known, raised & known);
    }

    private static List<Measurement> Measurements(IReadOnlyDictionary<string, string> variables)
    {
        var measurements = new List<Measurement>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string variable, string text) in variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            string[] parts = variable.Split('.');
            if (parts.Length < 2 || !s_places.Contains(parts[0]) || !s_measures.TryGetValue(parts[^1], out (string Name, PowerQuantity Quantity) measure))
            {
                continue;
            }

            string name = NameOf(string.Join('.', parts[..^1]), measure.Name);
            if (name.Length > MaxName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') || !names.Add(name))
            {
                continue;
            }

            Measurement measurement = WithLimits(new Measurement(name, measure.Quantity), variable, variables);
            measurements.Add(TryNumber(text, out double value)
                ? measurement.With(value)
                : measurement.Without(ReadingState.Unavailable, $"{variable} is '{Shown(text)}', which is no number"));
        }

        return measurements;
    }

    // What upsd says of the UPS as a whole is of its output; its temperature is its own.
    private static string NameOf(string place, string measure) => place != "ups" ? $"{place}.{measure}" : measure is "temperature" or "humidity" ? measure : "output." + measure;

    private static Measurement WithLimits(Measurement measurement, string variable, IReadOnlyDictionary<string, string> variables) => measurement with
    {
        Nominal = Positive(variables, variable + ".nominal"),
        LowerNonCritical = variable == "input.voltage" ? Positive(variables, "input.transfer.low") : Positive(variables, variable + ".warning"),
        UpperNonCritical = variable == "input.voltage" ? Positive(variables, "input.transfer.high") : null,
        LowerCritical = variable is "battery.charge" or "battery.runtime" ? Positive(variables, variable + ".low") : null,
    };

    private static string? Text(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static double? Positive(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.TryGetValue(name, out string? text) && TryNumber(text, out double value) && value is > 0 and < 1e9 ? value : null;

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
