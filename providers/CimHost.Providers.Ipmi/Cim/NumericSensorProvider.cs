using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Sensors that give numbers (DSP1009 §7.3).</summary>
[CimProvider("OMC_NumericSensor")]
[method: ImportingConstructor]
internal sealed class NumericSensorProvider(IpmiModels models) : SensorProvider(models)
{
    private const string Normal = "Normal";
    private const string Unknown = "Unknown";

    // CIM counts thresholds from the inside out, IPMI from the bottom up.
    private static readonly (Threshold Threshold, ushort CimValue, string Property)[] s_thresholds =
    [
        (Threshold.LowerNonCritical, 0, "LowerThresholdNonCritical"),
        (Threshold.UpperNonCritical, 1, "UpperThresholdNonCritical"),
        (Threshold.LowerCritical, 2, "LowerThresholdCritical"),
        (Threshold.UpperCritical, 3, "UpperThresholdCritical"),
        (Threshold.LowerNonRecoverable, 4, "LowerThresholdFatal"),
        (Threshold.UpperNonRecoverable, 5, "UpperThresholdFatal"),
    ];

    private static readonly ConditionalWeakTable<BmcSensor, NumericScale> s_scales = [];

    protected override bool ReadsLimits => true;

    protected override bool Serves(BmcSensor sensor) => sensor.Kind == SensorKind.Numeric;

    protected override void Describe(CimInstance instance, BmcSensor sensor)
    {
        FullSensorRecord full = sensor.Full!;
        NumericScale scale = ScaleOf(sensor);
        instance["BaseUnits"] = scale.Unit.BaseUnits;
        instance["UnitModifier"] = scale.UnitModifier;
        instance["RateUnits"] = (ushort)(full.Units.Rate <= 6 ? full.Units.Rate : 0);
        instance["UnitSymbol"] = full.Units.Symbol;
        instance["NominalReading"] = scale.ScaleRaw(full, full.NominalReading);
        instance["NormalMax"] = scale.ScaleRaw(full, full.NormalMaximum);
        instance["NormalMin"] = scale.ScaleRaw(full, full.NormalMinimum);
        int? top = scale.ScaleRaw(full, full.SensorMaximum), bottom = scale.ScaleRaw(full, full.SensorMinimum);
        instance["MaxReadable"] = top > bottom ? top : bottom ?? top;
        instance["MinReadable"] = top > bottom ? bottom : top ?? bottom;
        instance["IsLinear"] = full.Linearization == Linearization.Linear;
        if (full.Linearization == Linearization.Linear)
        {
            instance["Resolution"] = scale.ScaleLength(full.Factors.Span(1));
            instance["Tolerance"] = scale.Scale(full.Factors.Span(full.Factors.Tolerance / 2.0));
        }

        instance["Accuracy"] = (int)Math.Round(full.Factors.AccuracyPercent * 100);
        instance["PossibleStates"] = new[] { Normal, Unknown }.Concat(sensor.StateOffsets.Select(o => sensor.State(o).Text)).ToArray();
        instance["EnabledThresholds"] = Numbers(full.IsThreshold ? full.Masks.EventThresholds : 0);
        instance["SettableThresholds"] = Numbers(full.IsThreshold && full.Capabilities.ThresholdAccess == 2 ? full.Masks.SettableThresholds : 0);
    }

    protected override async ValueTask SetReadingAsync(CimInstance instance, SensorSample sample, SensorSweep sweep, CancellationToken cancellationToken)
    {
        NumericScale scale = ScaleOf(sample.Sensor);
        instance["CurrentReading"] = sample.IsOk ? scale.Scale(sample.Reading.Value) : null;
        instance["CurrentState"] = sample.Severity is null ? Unknown : sample.Asserted.OrderByDescending(a => a.State.Severity).Select(a => a.State.Text).FirstOrDefault(Normal);
        SensorLimits limits = await sweep.LimitsAsync(sample.Sensor).WaitAsync(cancellationToken);
        int supported = 0;
        foreach ((Threshold threshold, _, string property) in s_thresholds)
        {
            double? value = limits.Thresholds[(int)threshold];
            instance[property] = scale.Scale(value);
            supported |= value is null ? 0 : 1 << (int)threshold;
        }

        instance["SupportedThresholds"] = Numbers(supported);
        instance["Hysteresis"] = scale.ScaleLength(limits.Hysteresis);
    }

    private static NumericScale ScaleOf(BmcSensor sensor) => s_scales.GetValue(sensor, static s => new NumericScale(s));

    private static ushort[] Numbers(int mask) => [.. s_thresholds.Where(t => (mask & (1 << (int)t.Threshold)) != 0).Select(t => t.CimValue)];
}
