namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>Unit of a sensor (IPMI 2.0 table 43-1, Sensor Units 1–3; unit codes of table 43-15).</summary>
/// <param name="Units1">Analog format, rate, kind of modifier, percentage.</param>
/// <param name="Base">Base unit code.</param>
/// <param name="Modifier">Modifier unit code.</param>
internal readonly record struct SensorUnits(byte Units1, byte Base, byte Modifier)
{
    private static readonly string[] s_names =
    [
        "unspecified", "°C", "°F", "K", "V", "A", "W", "J", "C", "VA", "nit", "lm", "lx", "cd", "kPa", "psi", "N", "CFM", "RPM", "Hz", "µs", "ms",
        "s", "min", "h", "d", "wk", "mil", "in", "ft", "in³", "ft³", "mm", "cm", "m", "cm³", "m³", "l", "fl oz", "rad", "sr", "rev", "cycles",
        "g", "oz", "lb", "ft lb", "oz in", "G", "Gb", "H", "mH", "F", "µF", "Ω", "S", "mol", "Bq", "ppm", "reserved", "dB", "dBA", "dBC", "Gy",
        "Sv", "K color", "bit", "kbit", "Mbit", "Gbit", "byte", "kB", "MB", "GB", "words", "dwords", "qwords", "lines", "hits", "misses",
        "retries", "resets", "overruns", "underruns", "collisions", "packets", "messages", "characters", "errors", "correctable errors",
        "uncorrectable errors", "fatal errors", "grams",
    ];

    private static readonly string[] s_rates = ["", "/µs", "/ms", "/s", "/min", "/h", "/d", "/?"];

    public AnalogFormat Format => (AnalogFormat)(Units1 >> 6);

    /// <summary>Rate: 0 none, 1 per µs, 2 per ms, 3 per s, 4 per minute, 5 per hour, 6 per day.</summary>
    public int Rate => (Units1 >> 3) & 0x07;

    /// <summary>How the modifier applies: 0 not at all, 1 base/modifier, 2 base × modifier.</summary>
    public int ModifierUse => (Units1 >> 1) & 0x03;

    public bool IsPercentage => (Units1 & 0x01) != 0;

    /// <summary>The unit as a symbol: "°C", "V", "RPM", "%", "byte/s".</summary>
    public string Symbol
    {
        get
        {
            string unit = ModifierUse switch
            {
                1 => $"{Name(Base)}/{Name(Modifier)}",
                2 => $"{Name(Base)}·{Name(Modifier)}",
                _ => Base == 0 ? string.Empty : Name(Base),
            };
            return (IsPercentage ? "%" + (unit.Length > 0 ? " " + unit : string.Empty) : unit) + s_rates[Rate];
        }
    }

    private static string Name(byte code) => code < s_names.Length ? s_names[code] : $"unit {code}";
}
