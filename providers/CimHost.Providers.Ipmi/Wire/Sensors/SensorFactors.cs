namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>
/// Factors of y = L((M·x + B·10^K1)·10^K2) with tolerance and accuracy (IPMI 2.0 §36.3). Full records and Get Sensor Reading Factors lay
/// them out in the same six bytes.
/// </summary>
/// <param name="M">Multiplier, 10 bits signed.</param>
/// <param name="B">Offset, 10 bits signed.</param>
/// <param name="K1">Exponent of the offset, −8…7.</param>
/// <param name="K2">Exponent of the result, −8…7.</param>
/// <param name="Tolerance">± half raw counts.</param>
/// <param name="AccuracyPercent">± percent; 0 when not told.</param>
internal readonly record struct SensorFactors(int M, int B, int K1, int K2, int Tolerance, double AccuracyPercent)
{
    /// <summary>Reads the six bytes.</summary>
    public static SensorFactors Read(ReadOnlySpan<byte> data)
    {
        int accuracy = (data[3] & 0x3F) | ((data[4] & 0xF0) << 2);
        int accuracyExponent = (data[4] >> 2) & 0x03;
        return new SensorFactors(
            Signed(data[0] | ((data[1] & 0xC0) << 2), 10),
            Signed(data[2] | ((data[3] & 0xC0) << 2), 10),
            Signed(data[5] & 0x0F, 4),
            Signed(data[5] >> 4, 4),
            data[1] & 0x3F,
            accuracy * PowerOfTen(accuracyExponent) / 100.0);
    }

    /// <summary>Value of a raw reading before the linearisation.</summary>
    public double Linear(int x) => ((M * (double)x) + (B * PowerOfTen(K1))) * PowerOfTen(K2);

    /// <summary>Length of a span of raw counts in units of the value; the offset does not matter, the sign neither.</summary>
    public double Span(double counts) => Math.Abs(M * counts * PowerOfTen(K2));

    /// <summary>How many decimals a value needs to be written exactly; 0 when it is always whole.</summary>
    public int Decimals => Math.Max(0, Math.Max(-K2, B == 0 ? int.MinValue : -(K1 + K2)));

    /// <summary>The number that a raw byte stands for.</summary>
    public static int Number(byte raw, AnalogFormat format) => format switch
    {
        AnalogFormat.OnesComplement => (raw & 0x80) != 0 ? raw - 0xFF : raw,
        AnalogFormat.TwosComplement => (sbyte)raw,
        _ => raw,
    };

    // 10^-2 is not exact in binary; dividing by an exact power keeps 23 × 10^-2 the double nearest to 0.23.
    private static double PowerOfTen(int exponent) => exponent >= 0 ? Math.Pow(10, exponent) : 1 / Math.Pow(10, -exponent);

    private static int Signed(int value, int bits) => (value & (1 << (bits - 1))) != 0 ? value - (1 << bits) : value;
}
