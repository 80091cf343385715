namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>
/// Conversion between a sensor's reading byte and its value: y = L[(M·x + B·10^K1)·10^K2] (IPMI 2.0 §36.3).
/// </summary>
/// <param name="M">Multiplier, −512…511, not 0.</param>
/// <param name="B">Offset, −512…511.</param>
/// <param name="BExponent">K1, −8…7.</param>
/// <param name="RExponent">K2, −8…7.</param>
/// <param name="Linearization">Code of L, §43.1 byte 24.</param>
/// <param name="Format">Analog data format: 0 unsigned, 1 ones' complement, 2 twos' complement.</param>
/// <param name="Tolerance">Tolerance in half counts, 0…63.</param>
/// <param name="Accuracy">Accuracy in 1/100 percent before the exponent, 0…1023.</param>
/// <param name="AccuracyExponent">Exponent of ten of the accuracy, 0…3.</param>
internal sealed record SensorFactors(int M, int B, int BExponent, int RExponent, byte Linearization, byte Format, int Tolerance, int Accuracy, int AccuracyExponent)
{
    /// <summary>Smallest x that the format holds.</summary>
    public int Least => Format switch { 1 => -127, 2 => -128, _ => 0 };

    /// <summary>Largest x that the format holds.</summary>
    public int Most => Format == 0 ? 255 : 127;

    /// <summary>Value of one count, without its sign; only where L is linear.</summary>
    public double Step => Math.Abs(M) * Power(RExponent);

    public bool IsLinear => Linearization is 0 or 0x70;

    /// <summary>True when a larger x is a larger value.</summary>
    public bool Rises => ToValue(Most) >= ToValue(Math.Max(Least, Most - 1));

    /// <summary>x of a reading byte.</summary>
    public int FromByte(byte raw) => Format switch
    {
        1 => raw < 0x80 ? raw : -(byte)~raw,
        2 => (sbyte)raw,
        _ => raw,
    };

    /// <summary>Reading byte of x, held to the range of the format.</summary>
    public byte ToByte(int x)
    {
        x = Math.Clamp(x, Least, Most);
        return Format == 1 && x < 0 ? (byte)~(byte)-x : (byte)x;
    }

    /// <summary>Value of x in the unit of the sensor.</summary>
    public double ToValue(int x)
    {
        double y = ((M * (double)x) + (B * Power(BExponent))) * Power(RExponent);
        return Linearization switch
        {
            1 => Math.Log(y),
            2 => Math.Log10(y),
            3 => Math.Log2(y),
            4 => Math.Exp(y),
            5 => Math.Pow(10, y),
            6 => Math.Pow(2, y),
            7 => 1 / y,
            8 => y * y,
            9 => y * y * y,
            10 => Math.Sqrt(y),
            11 => Math.Cbrt(y),
            _ => y,
        };
    }

    /// <summary>The x whose value is nearest, not held to the format's range; NaN where the linearisation has no such value.</summary>
    public double ToCount(double value)
    {
        double y = Linearization switch
        {
            1 => Math.Exp(value),
            2 => Math.Pow(10, value),
            3 => Math.Pow(2, value),
            4 => Math.Log(value),
            5 => Math.Log10(value),
            6 => Math.Log2(value),
            7 => 1 / value,
            8 => Math.Sqrt(value),
            9 => Math.Cbrt(value),
            10 => value * value,
            11 => value * value * value,
            _ => value,
        };
        return Math.Round(((y / Power(RExponent)) - (B * Power(BExponent))) / M, MidpointRounding.AwayFromZero);
    }

    /// <summary>
    /// Makes linear factors that cover a range with one reading byte.
    /// </summary>
    /// <param name="least">Value of the smallest count.</param>
    /// <param name="most">Value that the largest count must reach.</param>
    /// <param name="resolution">Value of one count; null: as fine as the range allows.</param>
    /// <param name="format">Analog data format.</param>
    /// <returns>The factors, or null when no M, B and exponents express the range.</returns>
    public static SensorFactors? FromRange(double least, double most, double? resolution, byte format)
    {
        double step = resolution ?? (format == 0 ? (most - least) / 255 : Math.Max(Math.Abs(least), Math.Abs(most)) / 127);
        for (int i = -8; i <= 7; i++)
        {
            // A given resolution takes the plainest multiplier, a free one the finest.
            int r = resolution is null ? i : -i - 1;
            double exact = step / Power(r);
            double m = resolution is null ? Math.Ceiling(exact - 1e-9) : Math.Round(exact);

            // A resolution that was asked for is kept to nine digits; a free one may grow by the rounding, at most 1 %.
            if (m is < 1 or > 511 || Math.Abs(m - exact) > (resolution is null ? 0.01 : 1e-9) * exact)
            {
                continue;
            }

            if (format != 0)
            {
                return new SensorFactors((int)m, 0, 0, r, 0, format, 0, 0, 0).Covering(least, most);
            }

            for (int k = 7; k >= -8; k--)
            {
                double b = least / Power(r) / Power(k);
                double whole = Math.Round(b);
                if (Math.Abs(whole) <= 511 && Math.Abs(whole - b) <= 1e-6 * Math.Abs(b))
                {
                    return new SensorFactors((int)m, (int)whole, whole == 0 ? 0 : k, r, 0, format, 0, 0, 0).Covering(least, most);
                }
            }
        }

        return null;
    }

    private SensorFactors? Covering(double least, double most)
    {
        double slack = Step / 2;
        return ToValue(Least) <= least + slack && ToValue(Most) >= most - slack ? this : null;
    }

    private static double Power(int exponent) => Math.Pow(10, exponent);
}
