namespace CimHost.Providers.Sensors.Wire;

/// <summary>Values that a driver passes on although nothing was measured.</summary>
internal static class Plausibility
{
    private const long AbsoluteZero = -273_150;

    // The lowest value of an 8-bit register in degrees: what many chips hold while no probe is connected.
    private const long NoProbe = -128_000;

    /// <summary>Why the value is none, as the predicate of a sentence; null when it may be used.</summary>
    /// <param name="type">Kind of channel.</param>
    /// <param name="value">Value in the kernel's unit.</param>
    public static string? Objection(ChannelType type, long value)
    {
        if (type == ChannelType.Temperature && value < AbsoluteZero)
        {
            return $"reports {value} m°C, which is below absolute zero";
        }

        if (type == ChannelType.Temperature && value == NoProbe)
        {
            return "reports -128 °C, the lowest value of its register, as it does when no probe is connected";
        }

        if ((type == ChannelType.Fan || type == ChannelType.Humidity) && value < 0)
        {
            return $"reports {value}, and a {type.Noun} cannot be negative";
        }

        return UnitScale.For(type, value).Apply(value) is null ? $"reports {value}, which is more than a sensor can show" : null;
    }
}
