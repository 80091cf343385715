namespace CimHost.Providers.Sensors.Wire;

/// <summary>
/// How the kernel's 64-bit values become CIM's sint32 times a power of ten: one exponent for a sensor's reading and all its thresholds.
/// </summary>
/// <param name="UnitModifier">CIM_NumericSensor.UnitModifier.</param>
/// <param name="Divisor">What the kernel's value is divided by.</param>
internal readonly record struct UnitScale(int UnitModifier, long Divisor)
{
    /// <summary>
    /// The kernel's own unit, unless the kind of channel outgrows 32 bits (3 kW in microwatts do): then the smallest multiple of a thousand
    /// into which all values fit.
    /// </summary>
    public static UnitScale For(ChannelType type, params ReadOnlySpan<long?> values)
    {
        long largest = 0;
        foreach (long? value in values)
        {
            largest = value is { } v ? Math.Max(largest, v == long.MinValue ? long.MaxValue : Math.Abs(v)) : largest;
        }

        var scale = new UnitScale(type.UnitModifier, 1);
        while (type.Scales && largest / scale.Divisor >= int.MaxValue)
        {
            scale = new UnitScale(scale.UnitModifier + 3, scale.Divisor * 1000);
        }

        return scale;
    }

    /// <summary>The value in this scale, rounded to the nearest; null when it is null or does not fit 32 bits.</summary>
    public int? Apply(long? value)
    {
        if (value is not { } v)
        {
            return null;
        }

        decimal scaled = Math.Round((decimal)v / Divisor, MidpointRounding.AwayFromZero);
        return scaled is >= int.MinValue and <= int.MaxValue ? (int)scaled : null;
    }
}
