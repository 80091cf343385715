using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>A unit of IPMI as CIM_NumericSensor.BaseUnits has it, with the power of ten between them.</summary>
/// <param name="BaseUnits">Value of BaseUnits; 1 (Other) where CIM has no such unit.</param>
/// <param name="Exponent">IPMI's unit is 10^Exponent of CIM's.</param>
internal readonly record struct CimUnit(ushort BaseUnits, int Exponent)
{
    private const ushort Other = 1;
    private const ushort Percentage = 65;

    // Codes 1–19 are one higher in CIM; from 20 on CIM leaves multiples out.
    private static readonly Dictionary<byte, CimUnit> s_units = new()
    {
        [20] = new(21, -6), [21] = new(21, -3), [22] = new(21, 0), [23] = new(22, 0), [24] = new(23, 0), [25] = new(24, 0), [26] = new(25, 0),
        [27] = new(26, 0), [28] = new(27, 0), [29] = new(28, 0), [30] = new(29, 0), [31] = new(30, 0), [32] = new(31, -3), [33] = new(31, -2),
        [34] = new(31, 0), [35] = new(32, 0), [36] = new(33, 0), [37] = new(34, 0), [38] = new(35, 0), [39] = new(36, 0), [40] = new(37, 0),
        [41] = new(38, 0), [42] = new(39, 0), [43] = new(40, 0), [44] = new(41, 0), [45] = new(42, 0), [46] = new(43, 0), [47] = new(44, 0),
        [48] = new(45, 0), [49] = new(46, 0), [50] = new(47, 0), [51] = new(47, -3), [52] = new(48, 0), [53] = new(48, -6), [54] = new(49, 0),
        [55] = new(50, 0), [56] = new(51, 0), [57] = new(52, 0), [58] = new(53, 0), [60] = new(54, 0), [61] = new(55, 0), [62] = new(56, 0),
        [63] = new(57, 0), [64] = new(58, 0), [65] = new(59, 0), [66] = new(60, 0), [67] = new(60, 3), [68] = new(60, 6), [69] = new(60, 9),
        [70] = new(61, 0), [71] = new(61, 3), [72] = new(61, 6), [73] = new(61, 9), [74] = new(62, 0), [75] = new(63, 0), [76] = new(64, 0),
    };

    public static CimUnit Of(SensorUnits units) => units.IsPercentage ? new(Percentage, 0)
        : units.ModifierUse != 0 ? new(Other, 0)
        : units.Base is >= 1 and <= 19 ? new((ushort)(units.Base + 1), 0)
        : units.Base == 0 ? new(0, 0)
        : s_units.TryGetValue(units.Base, out CimUnit unit) ? unit : new(Other, 0);
}
