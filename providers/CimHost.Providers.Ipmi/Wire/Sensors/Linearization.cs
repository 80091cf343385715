namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>The function that follows the linear formula (IPMI 2.0 §36.3, table 43-1).</summary>
internal static class Linearization
{
    public const byte Linear = 0;

    /// <summary>First code of sensors whose factors depend on the reading; 71h–7Fh are the maker's own.</summary>
    public const byte NonLinear = 0x70;

    /// <summary>True when the factors must be asked for, for each raw reading.</summary>
    public static bool IsNonLinear(byte code) => code is >= NonLinear and <= 0x7F;

    /// <summary>The function; NaN where it is not defined (logarithm of a negative number, reciprocal of 0).</summary>
    public static double Apply(byte code, double x) => code switch
    {
        Linear => x,
        1 => Math.Log(x),
        2 => Math.Log10(x),
        3 => Math.Log2(x),
        4 => Math.Exp(x),
        5 => Math.Pow(10, x),
        6 => Math.Pow(2, x),
        7 => x == 0 ? double.NaN : 1 / x,
        8 => x * x,
        9 => x * x * x,
        10 => Math.Sqrt(x),
        11 => Math.Cbrt(x),
        >= NonLinear and <= 0x7F => x,
        _ => double.NaN,
    };
}
