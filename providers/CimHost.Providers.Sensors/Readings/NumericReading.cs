using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Readings;

/// <summary>A sensor's value with its limits and flags, in the kernel's unit. What is null was not there or could not be read.</summary>
internal sealed record NumericReading
{
    /// <summary>Kind of sensor.</summary>
    public required ChannelType Type { get; init; }

    /// <summary>Whether there is a value.</summary>
    public required ReadingState State { get; init; }

    /// <summary>Why there is none; null when there is.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was read; null when it was not asked for.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What the kernel said, also where it is not taken for a value.</summary>
    public long? KernelValue { get; init; }

    /// <summary>Thresholds by level; what is not there has no entry.</summary>
    public IReadOnlyDictionary<ThresholdLevel, long> Thresholds { get; init; } = new Dictionary<ThresholdLevel, long>();

    /// <summary>Levels for which the kernel has a flag of its own: whether it is raised.</summary>
    public IReadOnlyDictionary<ThresholdLevel, bool> LevelAlarms { get; init; } = new Dictionary<ThresholdLevel, bool>();

    /// <summary>Whether any alarm flag is raised; null when there is none to read.</summary>
    public bool? Alarm { get; init; }

    /// <summary>Names of the raised flags: "temp1_max_alarm".</summary>
    public IReadOnlyList<string> ActiveAlarms { get; init; } = [];

    /// <summary>Whether the sensor reports itself faulty; null when it cannot.</summary>
    public bool? Fault { get; init; }

    /// <summary>False when the channel is switched off.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Distance below the upper threshold at which an alarm ends.</summary>
    public long? Hysteresis { get; init; }

    /// <summary>Rated limits of what is measured.</summary>
    public long? RatedMin { get; init; }

    /// <summary>Rated limits of what is measured.</summary>
    public long? RatedMax { get; init; }

    /// <summary>Lowest value since the chip's history was reset.</summary>
    public long? Lowest { get; init; }

    /// <summary>Highest value since the chip's history was reset.</summary>
    public long? Highest { get; init; }

    /// <summary>Power limit in force.</summary>
    public long? Cap { get; init; }

    /// <summary>The value; null without one.</summary>
    public long? Value => State == ReadingState.Ok ? KernelValue : null;

    /// <summary>The scale into which the value and all limits go.</summary>
    public UnitScale Scale => UnitScale.For(Type, [Value, RatedMin, RatedMax, Lowest, Highest, Cap, .. Thresholds.Values.Select(v => (long?)v)]);

    /// <summary>What the reading means.</summary>
    public SensorCondition Condition()
    {
        if (Value is not { } value)
        {
            return SensorCondition.Unknown;
        }

        foreach (ThresholdLevel level in Enum.GetValues<ThresholdLevel>().Reverse())
        {
            // The kernel's own flag decides where there is one: it knows the hysteresis and what happened between two readings.
            if (LevelAlarms.TryGetValue(level, out bool raised) ? raised : IsBeyond(level, value))
            {
                return SensorCondition.Crossed(level);
            }
        }

        return Alarm == true ? SensorCondition.Alarm : SensorCondition.Normal;
    }

    /// <summary>True for thresholds above which a value is bad.</summary>
    public static bool IsUpper(ThresholdLevel level) => (int)level % 2 == 1;

    // A chip whose limits were never set shows zeros, or an upper limit that is not above the lower one: such limits are told, not applied.
    private bool IsBeyond(ThresholdLevel level, long value)
    {
        if (!Thresholds.TryGetValue(level, out long limit))
        {
            return false;
        }

        ThresholdLevel opposite = IsUpper(level) ? level - 1 : level + 1;
        bool contradicted = Thresholds.TryGetValue(opposite, out long other) && (IsUpper(level) ? limit <= other : limit >= other);
        if (contradicted || (IsUpper(level) && limit == 0))
        {
            return false;
        }

        return IsUpper(level) ? value > limit : value < limit;
    }
}
