using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Hwmon;

/// <summary>The alarm of a channel that has no value.</summary>
/// <param name="State">Ok: at least one flag could be read.</param>
/// <param name="Reason">Why none could; null when one could.</param>
/// <param name="ActiveAlarms">Names of the raised flags.</param>
/// <param name="Time">When they were read.</param>
internal sealed record AlarmReading(ReadingState State, string? Reason, IReadOnlyList<string> ActiveAlarms, DateTimeOffset Time)
{
    /// <summary>Whether a flag is raised; null when none could be read.</summary>
    public bool? Alarm => State == ReadingState.Ok ? ActiveAlarms.Count > 0 : null;

    /// <summary>Reads the flags of a channel.</summary>
    public static async ValueTask<AlarmReading> ReadAsync(ChannelReader reader, HwmonChannel channel, TimeProvider time)
    {
        if (await reader.ReadFlagAsync("fault") == true)
        {
            return new AlarmReading(ReadingState.Unavailable, $"The sensor reports a fault ({channel.Path("fault")})", [], time.GetUtcNow());
        }

        IReadOnlyDictionary<string, bool> alarms = await reader.ReadAlarmsAsync();
        if (alarms.Count > 0)
        {
            return new AlarmReading(ReadingState.Ok, null, [.. alarms.Where(a => a.Value).Select(a => $"{channel.Name}_{a.Key}")], time.GetUtcNow());
        }

        Files.AttributeNumber first = await reader.ReadNumberAsync(channel.Alarms.First());
        ReadingState state = first.State is ReadingState.Ok or ReadingState.Absent ? ReadingState.Unavailable : first.State;
        return new AlarmReading(state, first.Reason ?? "The alarm could not be read", [], time.GetUtcNow());
    }
}
