using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Hwmon;

/// <summary>Reads the attributes of one channel within one time limit.</summary>
internal sealed class ChannelReader(AttributeReader reader, HwmonChannel channel, ReadLimit limit)
{
    /// <summary>The channel's label; null when it has none.</summary>
    public async ValueTask<string?> ReadLabelAsync() => channel.Attributes.Contains("label")
        ? (await reader.ReadAsync(channel.Path("label"), limit)).AsText()
        : null;

    /// <summary>An attribute as an integer.</summary>
    public async ValueTask<AttributeNumber> ReadNumberAsync(string suffix)
    {
        string path = channel.Path(suffix);
        AttributeContent content = channel.Attributes.Contains(suffix) ? await reader.ReadAsync(path, limit) : AttributeContent.Absent(path);
        return content.AsNumber(path);
    }

    /// <summary>The first of some attributes that holds an integer, or null.</summary>
    public async ValueTask<long?> ReadFirstAsync(params string[] suffixes)
    {
        foreach (string suffix in suffixes)
        {
            if ((await ReadNumberAsync(suffix)).ValueOrNull is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A flag; null when it is not there or cannot be read.</summary>
    public async ValueTask<bool?> ReadFlagAsync(string suffix) => (await ReadNumberAsync(suffix)).ValueOrNull is { } value ? value != 0 : null;

    /// <summary>The channel's alarm flags that could be read, by suffix.</summary>
    public async ValueTask<IReadOnlyDictionary<string, bool>> ReadAlarmsAsync()
    {
        var flags = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (string suffix in channel.Alarms)
        {
            if (await ReadFlagAsync(suffix) is { } flag)
            {
                flags.Add(suffix, flag);
            }
        }

        return flags;
    }

    /// <summary>Value, limits and flags of a channel that measures.</summary>
    public async ValueTask<NumericReading> ReadAsync()
    {
        bool enabled = channel.Type == ChannelType.Pwm || await ReadFlagAsync("enable") != false;
        bool? fault = await ReadFlagAsync("fault");
        NumericReading reading = await ReadValueAsync(enabled, fault);
        IReadOnlyDictionary<string, bool> alarms = await ReadAlarmsAsync();
        Dictionary<ThresholdLevel, long> thresholds = await ReadThresholdsAsync();
        bool isAverage = channel.ValueAttribute == "average";
        return reading with
        {
            Enabled = enabled,
            Fault = fault,
            Alarm = alarms.Count == 0 ? null : alarms.Values.Contains(true),
            ActiveAlarms = [.. alarms.Where(a => a.Value).Select(a => $"{channel.Name}_{a.Key}")],
            LevelAlarms = LevelAlarms(alarms),
            Thresholds = thresholds,
            Hysteresis = await ReadHysteresisAsync(thresholds),
            RatedMin = await ReadFirstAsync("rated_min"),
            RatedMax = await ReadFirstAsync("rated_max"),
            Lowest = await ReadFirstAsync(isAverage ? ["average_lowest"] : ["lowest", "input_lowest"]),
            Highest = await ReadFirstAsync(isAverage ? ["average_highest"] : ["highest", "input_highest"]),
            Cap = await ReadFirstAsync("cap"),
        };
    }

    private async ValueTask<NumericReading> ReadValueAsync(bool enabled, bool? fault)
    {
        string attribute = channel.ValueAttribute!;
        if (!enabled || fault == true)
        {
            string reason = enabled ? "The sensor reports a fault" : "The sensor is disabled";
            return Without(ReadingState.Unavailable, $"{reason} ({channel.Path(enabled ? "fault" : "enable")})", null);
        }

        AttributeNumber number = await ReadNumberAsync(attribute);
        if (number.State != ReadingState.Ok)
        {
            // The file was listed a moment ago: a chip that went away has no value, but is not known to be missing.
            return Without(number.State == ReadingState.Absent ? ReadingState.Unavailable : number.State, number.Reason!, null);
        }

        return Plausibility.Objection(channel.Type, number.Value) is { } objection
            ? Without(ReadingState.Unavailable, $"{channel.Path(attribute)} {objection}", number.Value)
            : new NumericReading { Type = channel.Type, State = ReadingState.Ok, Time = reader.Time.GetUtcNow(), KernelValue = number.Value };
    }

    private NumericReading Without(ReadingState state, string reason, long? kernelValue) =>
        new() { Type = channel.Type, State = state, Reason = reason, Time = reader.Time.GetUtcNow(), KernelValue = kernelValue };

    private async ValueTask<Dictionary<ThresholdLevel, long>> ReadThresholdsAsync()
    {
        var thresholds = new Dictionary<ThresholdLevel, long>();
        foreach ((string attribute, ThresholdLevel level) in channel.Type.Thresholds)
        {
            // A limit that no sensor could show is not one.
            if (!thresholds.ContainsKey(level) && (await ReadNumberAsync(attribute)).ValueOrNull is { } value && UnitScale.For(channel.Type, value).Apply(value) is not null)
            {
                thresholds.Add(level, value);
            }
        }

        return thresholds;
    }

    // The kernel gives the temperature at which the alarm ends, CIM the distance to the threshold.
    private async ValueTask<long?> ReadHysteresisAsync(Dictionary<ThresholdLevel, long> thresholds)
    {
        foreach ((string attribute, ThresholdLevel level) in channel.Type.Thresholds.Where(t => NumericReading.IsUpper(t.Level)))
        {
            if (thresholds.TryGetValue(level, out long limit) && (await ReadNumberAsync(attribute + "_hyst")).ValueOrNull is { } end && end <= limit)
            {
                return limit - end;
            }
        }

        return null;
    }

    private Dictionary<ThresholdLevel, bool> LevelAlarms(IReadOnlyDictionary<string, bool> alarms)
    {
        var levels = new Dictionary<ThresholdLevel, bool>();
        foreach ((string attribute, ThresholdLevel level) in channel.Type.Thresholds)
        {
            if (alarms.TryGetValue(attribute + "_alarm", out bool raised))
            {
                levels[level] = levels.GetValueOrDefault(level) || raised;
            }
        }

        return levels;
    }
}
