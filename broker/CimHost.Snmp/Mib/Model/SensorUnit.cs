namespace CimHost.Snmp.Mib.Model;

/// <summary>Units of CIM_NumericSensor.BaseUnits as people write them.</summary>
internal static class SensorUnit
{
    public const int DegreesCelsius = 2;
    public const int DegreesFahrenheit = 3;
    public const int Kelvin = 4;
    public const int Volts = 5;
    public const int Amperes = 6;
    public const int Watts = 7;
    public const int CubicFeetPerMinute = 18;
    public const int RevolutionsPerMinute = 19;
    public const int Hertz = 20;
    public const int Percent = 65;

    // By number, from the class's ValueMap; empty where there is none.
    private static readonly string[] s_names =
    [
        "", "", "degrees C", "degrees F", "K", "V", "A", "W", "J", "C", "VA", "nit", "lm", "lx", "cd", "kPa", "psi", "N", "CFM", "RPM", "Hz", "s", "min", "h", "d", "weeks",
        "mil", "in", "ft", "cu in", "cu ft", "m", "cu cm", "cu m", "l", "fl oz", "rad", "sr", "revolutions", "cycles", "g", "oz", "lb", "ft-lb", "oz-in", "gauss",
        "gilberts", "H", "F", "ohm", "S", "mol", "Bq", "ppm", "dB", "dBA", "dBC", "Gy", "Sv", "K", "bits", "bytes", "words", "dwords", "qwords", "%", "Pa",
    ];

    private static readonly string[] s_rates = ["", "/us", "/ms", "/s", "/min", "/h", "/d", "/week", "/month", "/year"];

    /// <summary>Text of a unit, rate included.</summary>
    public static string Name(long? baseUnits, long? rateUnits) =>
        (baseUnits is >= 0 and { } unit && unit < s_names.Length ? s_names[unit] : string.Empty)
        + (rateUnits is >= 0 and { } rate && rate < s_rates.Length ? s_rates[rate] : string.Empty);
}
