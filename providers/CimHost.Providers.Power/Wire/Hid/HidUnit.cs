namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>
/// A unit of a report descriptor: a system and the exponents of its base units in four bits each, and a power of ten (HID 1.11 §6.2.2.7).
/// </summary>
/// <param name="Code">The Unit item; 0: no unit.</param>
/// <param name="Exponent">The Unit Exponent item: power of ten, −8 to 7 as the specification has it, more as some devices write it.</param>
internal readonly record struct HidUnit(uint Code, int Exponent)
{
    private const int SiLinear = 1;
    private const double CentimetreInMetres = 1e-2;
    private const double GramInKilograms = 1e-3;
    private const int LargestExponent = 30;

    /// <summary>Seconds.</summary>
    public const uint Second = 0x1001;

    /// <summary>Kelvin.</summary>
    public const uint Kelvin = 0x10001;

    /// <summary>Degrees Fahrenheit: the temperature of the English system.</summary>
    public const uint Fahrenheit = 0x10003;

    /// <summary>Ampere.</summary>
    public const uint Ampere = 0x100001;

    /// <summary>Ampere seconds.</summary>
    public const uint AmpereSecond = 0x101001;

    /// <summary>Centimetre² gram second⁻³ ampere⁻¹: volts times ten to the power of −7.</summary>
    public const uint Volt = 0xF0D121;

    /// <summary>Centimetre² gram second⁻³: watts, and volt-amperes, times ten to the power of −7.</summary>
    public const uint Watt = 0xD121;

    /// <summary>Second⁻¹.</summary>
    public const uint Hertz = 0xF001;

    /// <summary>
    /// What one of this unit is in the SI (metre, kilogram, second, kelvin, ampere): the power of ten of the exponent and of centimetre and
    /// gram. No unit counts as the SI unit of whatever is measured. Null for another system and for an exponent out of all reason.
    /// </summary>
    public double? ToSi()
    {
        if (Math.Abs(Exponent) > LargestExponent)
        {
            return null;
        }

        double power = Math.Pow(10, Exponent);
        if (Code == 0)
        {
            return power;
        }

        return (Code & 0xF) == SiLinear ? power * Math.Pow(CentimetreInMetres, Nibble(1)) * Math.Pow(GramInKilograms, Nibble(2)) : null;
    }

    /// <summary>Reads the data of a Unit Exponent item: a nibble in two's complement, or, as some devices write it, a signed byte.</summary>
    public static int ReadExponent(HidItem item) => (item.Unsigned & ~0xFu) == 0 ? SignedNibble(item.Unsigned) : item.Signed;

    private static int SignedNibble(uint nibble) => nibble >= 8 ? (int)nibble - 16 : (int)nibble;

    private int Nibble(int index) => SignedNibble((Code >> (4 * index)) & 0xF);
}
