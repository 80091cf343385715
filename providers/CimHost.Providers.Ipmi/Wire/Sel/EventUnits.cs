using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Wire.Sel;

/// <summary>Units in words (IPMI 2.0 table 43-15), as event logs are printed.</summary>
internal static class EventUnits
{
    private static readonly string[] s_names =
    [
        "unspecified", "degrees C", "degrees F", "degrees K", "Volts", "Amps", "Watts", "Joules", "Coulombs", "VA", "Nits", "lumen", "lux",
        "Candela", "kPa", "PSI", "Newton", "CFM", "RPM", "Hz", "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "mil",
        "inches", "feet", "cu in", "cu feet", "mm", "cm", "m", "cu cm", "cu m", "liters", "fluid ounce", "radians", "steradians",
        "revolutions", "cycles", "gravities", "ounce", "pound", "ft-lb", "oz-in", "gauss", "gilberts", "henry", "millihenry", "farad",
        "microfarad", "ohms", "siemens", "mole", "becquerel", "PPM", "reserved", "Decibels", "DbA", "DbC", "gray", "sievert",
        "color temp deg K", "bit", "kilobit", "megabit", "gigabit", "byte", "kilobyte", "megabyte", "gigabyte", "word", "dword", "qword",
        "line", "hit", "miss", "retry", "reset", "overflow", "underrun", "collision", "packets", "messages", "characters", "error",
        "correctable error", "uncorrectable error",
    ];

    /// <summary>The unit in words: "degrees C", "percent", "byte/second".</summary>
    public static string Name(SensorUnits units)
    {
        string unit = units.ModifierUse switch
        {
            1 => $"{Word(units.Base)}/{Word(units.Modifier)}",
            2 => $"{Word(units.Base)} * {Word(units.Modifier)}",
            _ => units.Base == 0 && units.IsPercentage ? "percent" : Word(units.Base),
        };
        return units.IsPercentage && units.Base != 0 ? "% " + unit : unit;
    }

    private static string Word(byte code) => code < s_names.Length ? s_names[code] : $"unit {code}";
}
