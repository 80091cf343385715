using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>A reading as the properties of CIM_NumericSensor.</summary>
internal static class NumericSensorProperties
{
    /// <summary>Sets what is known without reading.</summary>
    public static void SetKind(CimInstance instance, ChannelType type)
    {
        instance["SensorType"] = type.SensorType;
        instance["OtherSensorTypeDescription"] = type.SensorType == 1 ? type.Noun : null;
        instance["BaseUnits"] = type.BaseUnits;
        instance["RateUnits"] = (ushort)0;
    }

    /// <summary>Sets value, scale, limits and state.</summary>
    public static void SetReading(CimInstance instance, NumericReading reading)
    {
        UnitScale scale = reading.Scale;
        instance["UnitModifier"] = scale.UnitModifier;
        instance["CurrentReading"] = scale.Apply(reading.Value);
        instance["KernelValue"] = reading.KernelValue;
        SetReadingState(instance, reading.State, reading.Time, reading.Reason);
        foreach (ThresholdLevel level in Enum.GetValues<ThresholdLevel>())
        {
            instance[PropertyOf(level)] = reading.Thresholds.TryGetValue(level, out long limit) ? scale.Apply(limit) : null;
        }

        ushort[] levels = [.. reading.Thresholds.Keys.Order().Select(l => (ushort)l)];
        instance["SupportedThresholds"] = levels;
        instance["EnabledThresholds"] = levels;
        instance["SettableThresholds"] = Array.Empty<ushort>();
        instance["NormalMin"] = scale.Apply(reading.RatedMin);
        instance["NormalMax"] = scale.Apply(reading.RatedMax);
        instance["Hysteresis"] = scale.Apply(reading.Hysteresis) is { } hysteresis ? (uint)hysteresis : CimValue.Null;
        instance["EnabledState"] = (ushort)(reading.Enabled ? 2 : 3);
        instance["PossibleStates"] = SensorCondition.Possible(reading.Thresholds.Keys.Union(reading.LevelAlarms.Keys), reading.Alarm is not null);
        SensorCondition condition = reading.Condition();
        instance["CurrentState"] = condition.State;
        SetHealth(instance, condition, reading.Reason);
    }

    /// <summary>Sets whether there is a reading.</summary>
    public static void SetReadingState(CimInstance instance, ReadingState state, DateTimeOffset? time, string? reason)
    {
        instance["ReadingState"] = state.ToString();
        instance["ReadingTime"] = time is { } t ? t : default(CimValue);
        instance["ReadingReason"] = reason;
    }

    /// <summary>Sets health and status, with the reason where nothing is known.</summary>
    public static void SetHealth(CimInstance instance, SensorCondition condition, string? reason)
    {
        instance["HealthState"] = condition.HealthState;
        instance["OperationalStatus"] = new[] { condition.OperationalStatus };
        instance["StatusDescriptions"] = new[] { reason ?? condition.State };
    }

    private static string PropertyOf(ThresholdLevel level) => level switch
    {
        ThresholdLevel.LowerNonCritical => "LowerThresholdNonCritical",
        ThresholdLevel.UpperNonCritical => "UpperThresholdNonCritical",
        ThresholdLevel.LowerCritical => "LowerThresholdCritical",
        ThresholdLevel.UpperCritical => "UpperThresholdCritical",
        ThresholdLevel.LowerFatal => "LowerThresholdFatal",
        _ => "UpperThresholdFatal",
    };
}
