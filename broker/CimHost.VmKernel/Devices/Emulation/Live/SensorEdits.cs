using System.Globalization;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>Changes of sensors and of the parts (entities) that they watch.</summary>
internal static class SensorEdits
{
    // Sensor types of IPMI 2.0 table 42-3, event/reading types of table 42-1, entities of table 43-13.
    private const byte Temperature = 0x01, Fan = 0x04, Processor = 0x07, PowerSupply = 0x08, PowerUnit = 0x09, Memory = 0x0C, DriveSlot = 0x0D, Battery = 0x29;
    private const byte StateAsserted = 0x03, PredictiveFailure = 0x04, Presence = 0x08, Redundancy = 0x0B, SensorSpecific = 0x6F;
    private const byte PowerSupplyEntity = 0x0A, FanEntity = 0x1D;

    /// <summary>Names of what <see cref="Set"/> takes.</summary>
    public static IReadOnlyList<string> Settable(SensorDescription s) => [.. s.Factors is null ? new[] { string.Empty, "states" } : [string.Empty], "available", "present"];

    /// <summary>Value or states for people.</summary>
    public static string Shown(SensorDescription s) => !s.Present ? "not present" : !s.Available ? "not available"
        : s.Factors is not null ? s.Value.ToString("0.###", CultureInfo.InvariantCulture)
        : "states " + string.Join(",", Enumerable.Range(0, 15).Where(i => (s.States & (1 << i)) != 0));

    /// <summary>The sensor with another value.</summary>
    public static SensorDescription Set(SensorDescription s, string property, string value)
    {
        switch (property)
        {
            case "" or "value" when s.Factors is { } factors:
                if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
                {
                    throw new HardwareChangeException($"'{value}' is no number; {s.Name} has a value in its unit.");
                }

                (double least, double most) = Range(factors);
                return number >= least && number <= most
                    ? s with { Value = number, Wave = null, Available = true, Present = true }
                    : throw new HardwareChangeException($"{s.Name} can show {Text(least)} to {Text(most)}, not {value}.");
            case "" or "states" when s.Factors is null:
                return s with { States = States(s, value), Available = true, Present = true };
            case "available":
                return s with { Available = Flag(value) };
            case "present":
                return s with { Present = Flag(value) };
            default:
                throw new HardwareChangeException($"{s.Name} has no '{property}' to set; it has {string.Join(", ", Settable(s).Select(p => p.Length == 0 ? "its value" : p))}.");
        }
    }

    /// <summary>The sensor as it tells that its part is out of order; null when it has no way to.</summary>
    public static SensorDescription? Fail(SensorDescription s)
    {
        if (s.Factors is { } factors)
        {
            (double least, double most) = Range(factors);
            return s with { Value = s.Type == Temperature ? most : Math.Clamp(0, least, most), Wave = null, Available = true, Present = true };
        }

        int state = (s.ReadingType, s.Type) switch
        {
            (Redundancy or PredictiveFailure or StateAsserted, _) => 1,
            (SensorSpecific, PowerSupply or DriveSlot or Memory or Battery) => 1,
            (SensorSpecific, Processor) => 0,
            _ => -1,
        };
        if (state < 0 || (s.SupportedStates & (1 << state)) == 0)
        {
            return null;
        }

        return s with { States = (ushort)(s.ReadingType == SensorSpecific ? s.States | (1 << state) : 1 << state), Available = true, Present = true };
    }

    /// <summary>The sensors of a part that is out of order. Its temperatures stay.</summary>
    public static SensorDescription FailPart(SensorDescription s, EntityReference part) => s.Entity != part || s.Type == Temperature ? s : Fail(s) ?? s;

    /// <summary>The sensors when a part is pulled: what watches its presence sees that it is gone, what measures it is not present, redundancy is lost.</summary>
    public static SensorDescription PullPart(SensorDescription s, EntityReference part)
    {
        if (s.Entity == part)
        {
            return (s.ReadingType, s.Type) switch
            {
                (Presence, _) => s with { States = (ushort)(s.SupportedStates & 1) },
                (SensorSpecific, PowerSupply or DriveSlot) => s with { States = 0 },
                _ => s with { Present = false },
            };
        }

        bool lost = s.ReadingType == Redundancy && (s.SupportedStates & 2) != 0
            && ((part.Id == PowerSupplyEntity && s.Type is PowerSupply or PowerUnit) || (part.Id == FanEntity && s.Type == Fan));
        return lost ? s with { States = 2 } : s;
    }

    /// <summary>"powerSupply.1" of an entity.</summary>
    public static string NameOf(EntityReference entity)
    {
        string kind = IpmiNames.Entities.FirstOrDefault(e => e.Value == entity.Id).Key ?? entity.Id.ToString(CultureInfo.InvariantCulture);
        return $"{kind}.{entity.Instance & 0x7F}{((entity.Instance & 0x80) != 0 ? " logical" : string.Empty)}";
    }

    internal static bool Flag(string value) => bool.TryParse(value, out bool flag) ? flag : throw new HardwareChangeException($"'{value}' found; expected true or false.");

    private static ushort States(SensorDescription s, string value)
    {
        int states = 0;
        foreach (string part in value == "none" ? [] : value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int state) || state > 14 || (s.SupportedStates & (1 << state)) == 0)
            {
                string supported = string.Join(",", Enumerable.Range(0, 15).Where(i => (s.SupportedStates & (1 << i)) != 0));
                throw new HardwareChangeException($"'{part}' is no state of {s.Name}; expected numbers of {supported} with commas between, or none.");
            }

            states |= 1 << state;
        }

        return (ushort)states;
    }

    private static (double Least, double Most) Range(SensorFactors factors)
    {
        double a = factors.ToValue(factors.Least), b = factors.ToValue(factors.Most);
        (a, b) = (double.IsFinite(a) ? a : 0, double.IsFinite(b) ? b : 0);
        return (Math.Min(a, b), Math.Max(a, b));
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
