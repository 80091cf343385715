using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>
/// The power of ten in which a sensor's values are written as integers. It depends on the sensor alone, never on a reading: as many
/// decimals as the sensor's factors give exactly, three (as many as IPMI tools print) behind a curve, fewer only when the integers would
/// not fit into 32 bits.
/// </summary>
internal sealed class NumericScale
{
    private const int CurveDecimals = 3;
    private const int MaxDecimals = 6;

    private readonly int _decimals;

    public NumericScale(BmcSensor sensor)
    {
        FullSensorRecord full = sensor.Full!;
        double largest = Enumerable.Range(0, 256)
            .Select(raw => Math.Abs(Value(full, (byte)raw)))
            .Where(double.IsFinite)
            .DefaultIfEmpty(0)
            .Max();
        int exact = full.Linearization == Linearization.Linear ? ExactDecimals(full.Factors) : CurveDecimals;
        _decimals = Math.Min(exact, MaxDecimals);
        while (largest * Math.Pow(10, _decimals) > int.MaxValue)
        {
            _decimals--;
        }

        Unit = CimUnit.Of(sensor.Units);
        UnitModifier = Unit.Exponent - _decimals;
    }

    public CimUnit Unit { get; }

    /// <summary>CIM_NumericSensor.UnitModifier: the value is the integer × 10^UnitModifier BaseUnits.</summary>
    public int UnitModifier { get; }

    /// <summary>A value as integer; null for none, and for one that does not fit.</summary>
    public int? Scale(double? value) =>
        value is { } known && double.IsFinite(known) && Math.Round(known * Math.Pow(10, _decimals)) is >= int.MinValue and <= int.MaxValue and var scaled ? (int)scaled : null;

    /// <summary>A length (hysteresis, resolution) as integer.</summary>
    public uint? ScaleLength(double? value) => Scale(value) is { } scaled and >= 0 ? (uint)scaled : null;

    /// <summary>A raw reading as integer, with the factors of the record; null for none and for sensors whose factors the record does not tell.</summary>
    public int? ScaleRaw(FullSensorRecord full, byte? raw) =>
        raw is { } known && !Linearization.IsNonLinear(full.Linearization) ? Scale(Value(full, known)) : null;

    private static double Value(FullSensorRecord full, byte raw) =>
        Linearization.Apply(full.Linearization, full.Factors.Linear(SensorFactors.Number(raw, full.Units.Format)));

    // A tolerance is told in halves of a count, and half of an odd number needs a decimal more.
    private static int ExactDecimals(SensorFactors factors) =>
        (factors.Tolerance * factors.M) % 2 == 0 ? factors.Decimals : Math.Max(factors.Decimals, 1 - factors.K2);
}
