using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Sensors.Thermal;

/// <summary>Reads one thermal zone within one time limit.</summary>
internal sealed class ThermalZoneReader(AttributeReader reader, ThermalDevice zone, ReadLimit limit)
{
    private const int MaxTripPoints = 64;

    /// <summary>Temperature, trip points and what follows from them.</summary>
    public async ValueTask<(NumericReading Reading, IReadOnlyList<TripPoint> TripPoints, string? Policy)> ReadAsync()
    {
        bool enabled = await zone.ReadTextAsync(reader, "mode", limit) != "disabled";
        NumericReading reading = await ReadTemperatureAsync(enabled);
        IReadOnlyList<TripPoint> tripPoints = await ReadTripPointsAsync();
        return (reading with { Enabled = enabled, Thresholds = Thresholds(tripPoints) }, tripPoints, await zone.ReadTextAsync(reader, "policy", limit));
    }

    private async ValueTask<NumericReading> ReadTemperatureAsync(bool enabled)
    {
        string path = zone.Folder + "/temp";
        AttributeNumber number = await zone.ReadNumberAsync(reader, "temp", limit);
        if (number.State != ReadingState.Ok)
        {
            // A zone that the kernel does not govern may be readable all the same; only where it is not, being disabled is the reason.
            string reason = enabled ? number.Reason! : $"The thermal zone is disabled: {number.Reason}";
            return Without(number.State == ReadingState.Absent ? ReadingState.Unavailable : number.State, reason, null);
        }

        return Plausibility.Objection(ChannelType.Temperature, number.Value) is { } objection
            ? Without(ReadingState.Unavailable, $"{path} {objection}", number.Value)
            : new NumericReading { Type = ChannelType.Temperature, State = ReadingState.Ok, Time = reader.Time.GetUtcNow(), KernelValue = number.Value };
    }

    private NumericReading Without(ReadingState state, string reason, long? kernelValue) =>
        new() { Type = ChannelType.Temperature, State = state, Reason = reason, Time = reader.Time.GetUtcNow(), KernelValue = kernelValue };

    private async ValueTask<IReadOnlyList<TripPoint>> ReadTripPointsAsync()
    {
        var numbers = new SortedSet<int>();
        foreach (string file in zone.AttributeNames)
        {
            if (TripPointName.TryParse(file, out TripPointName name) && name.Suffix == "temp")
            {
                numbers.Add(name.Number);
            }
        }

        var tripPoints = new List<TripPoint>();
        foreach (int number in numbers.Take(MaxTripPoints))
        {
            string type = await zone.ReadTextAsync(reader, $"trip_point_{number}_type", limit) ?? "unknown";
            long? temperature = (await zone.ReadNumberAsync(reader, $"trip_point_{number}_temp", limit)).ValueOrNull;
            long? hysteresis = (await zone.ReadNumberAsync(reader, $"trip_point_{number}_hyst", limit)).ValueOrNull;

            // A trip point that is not set holds a temperature below absolute zero, or 0 with a driver that cannot say so.
            tripPoints.Add(new TripPoint(number, type, temperature is > 0 and <= int.MaxValue ? temperature : null, hysteresis is >= 0 and <= int.MaxValue ? hysteresis : null));
        }

        return tripPoints;
    }

    // A fan that starts is no fault of the zone, so "active" trip points are no thresholds.
    private static Dictionary<ThresholdLevel, long> Thresholds(IReadOnlyList<TripPoint> tripPoints)
    {
        var thresholds = new Dictionary<ThresholdLevel, long>();
        foreach (TripPoint tripPoint in tripPoints)
        {
            ThresholdLevel? level = tripPoint.Type switch
            {
                "passive" => ThresholdLevel.UpperNonCritical,
                "hot" => ThresholdLevel.UpperCritical,
                "critical" => ThresholdLevel.UpperFatal,
                _ => null,
            };
            if (level is { } l && tripPoint.Temperature is { } temperature)
            {
                thresholds[l] = thresholds.TryGetValue(l, out long lowest) ? Math.Min(lowest, temperature) : temperature;
            }
        }

        return thresholds;
    }
}
