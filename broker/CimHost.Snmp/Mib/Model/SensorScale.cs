namespace CimHost.Snmp.Mib.Model;

/// <summary>A reading as ENTITY-SENSOR-MIB tells it (RFC 3433): value × 10^-precision in units of a power of a thousand.</summary>
/// <param name="Type">EntitySensorDataType.</param>
/// <param name="Scale">EntitySensorDataScale.</param>
/// <param name="Precision">EntitySensorPrecision.</param>
/// <param name="Value">EntitySensorValue; null when there is none.</param>
internal readonly record struct SensorScale(int Type, int Scale, int Precision, int? Value)
{
    public const int Other = 1;
    public const int VoltsAC = 3;
    public const int VoltsDC = 4;
    public const int Amperes = 5;
    public const int Watts = 6;
    public const int Hertz = 7;
    public const int Celsius = 8;
    public const int PercentRH = 9;
    public const int Rpm = 10;
    public const int CubicMetersPerMinute = 11;

    private const int HumiditySensor = 9;
    private const int UnitsScale = 9;
    private const long Greatest = 1_000_000_000;

    // Order of EntitySensorDataScale from micro; exa and peta stand the wrong way round in the RFC, and are not used here.
    private const int Micro = -6;
    private const int Tera = 12;

    /// <summary>The reading of a sensor.</summary>
    public static SensorScale Of(SensorView sensor)
    {
        int type = TypeOf(sensor);
        int exponent = sensor.Exponent;
        long? reading = sensor.Reading;
        if (sensor.BaseUnits is SensorUnit.DegreesFahrenheit or SensorUnit.Kelvin or SensorUnit.CubicFeetPerMinute && type != Other)
        {
            // Units that the MIB does not know, in thousandths of one that it does.
            reading = reading is { } number ? (long)Math.Round(Convert(sensor.BaseUnits, number * Math.Pow(10, exponent)) * 1000) : null;
            exponent = -3;
        }

        return Fit(type, exponent, reading);
    }

    /// <summary>
    /// Scale and precision for readings in units of 10^exponent. Precision is 0 where it can be: there are managers that do not look at it.
    /// The choice depends on the exponent alone unless the value would not fit, so that scale and precision stay as they are.
    /// </summary>
    public static SensorScale Fit(int type, int exponent, long? reading)
    {
        int power = Math.Clamp((int)Math.Floor(exponent / 3.0) * 3, Micro, Tera);
        for (; power <= Tera; power += 3)
        {
            // The value in units of 10^power has (power - exponent) decimal places, or is to be multiplied.
            int decimals = power - exponent;
            if (decimals > 9)
            {
                break;
            }

            if (Scaled(reading ?? 0, decimals) is { } value)
            {
                return new SensorScale(type, UnitsScale + (power / 3), Math.Max(0, decimals), reading is null ? null : value);
            }
        }

        return new SensorScale(type, UnitsScale, 0, null);
    }

    private static int? Scaled(long reading, int decimals)
    {
        if (decimals >= 0)
        {
            return Math.Abs(reading) <= Greatest ? (int)reading : null;
        }

        Int128 value = reading;
        for (int i = 0; i < -decimals && Int128.Abs(value) <= Greatest; i++)
        {
            value *= 10;
        }

        return Int128.Abs(value) <= Greatest ? (int)value : null;
    }

    private static int TypeOf(SensorView sensor) => sensor.HasRate ? Other : sensor.BaseUnits switch
    {
        SensorUnit.DegreesCelsius or SensorUnit.DegreesFahrenheit or SensorUnit.Kelvin => Celsius,
        SensorUnit.Volts => IsAlternating(sensor) ? VoltsAC : VoltsDC,
        SensorUnit.Amperes => Amperes,
        SensorUnit.Watts => Watts,
        SensorUnit.Hertz => Hertz,
        SensorUnit.Percent when sensor.SensorType == HumiditySensor => PercentRH,
        SensorUnit.RevolutionsPerMinute => Rpm,
        SensorUnit.CubicFeetPerMinute => CubicMetersPerMinute,
        _ => Other,
    };

    // CIM does not tell. The mains begin at 85 V; inside a server there is no more than 60 V, batteries of large UPSs are named as such.
    private static bool IsAlternating(SensorView sensor)
    {
        long? typical = sensor.Instance.Number("NominalReading") ?? sensor.Threshold(3) ?? sensor.Threshold(4) ?? sensor.Reading;
        return !sensor.Name.Contains("battery", StringComparison.OrdinalIgnoreCase) && typical is { } volts && volts * Math.Pow(10, sensor.Exponent) >= 85;
    }

    private static double Convert(int unit, double value) => unit switch
    {
        SensorUnit.DegreesFahrenheit => (value - 32) * 5 / 9,
        SensorUnit.Kelvin => value - 273.15,
        _ => value * 0.028316846592,
    };
}
