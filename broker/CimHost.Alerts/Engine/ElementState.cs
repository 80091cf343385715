using System.Numerics;

namespace CimHost.Alerts.Engine;

/// <summary>The state machine of one element: what its readings add up to.</summary>
internal sealed class ElementState
{
    private uint _history;

    /// <summary>Its last observation; null when it was only remembered over a restart.</summary>
    public Observation? Last { get; private set; }

    /// <summary>With what it is read together.</summary>
    public required string Scope { get; init; }

    /// <summary>Its CIM object path.</summary>
    public required string Source { get; init; }

    /// <summary>Its CIM class.</summary>
    public required string SourceClass { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The device that it belongs to.</summary>
    public string Group { get; set; } = string.Empty;

    /// <summary>True for a device, false for a sensor.</summary>
    public bool IsDevice { get; set; }

    /// <summary>How bad it is; <see cref="PerceivedSeverity.Information"/> when nothing is wrong.</summary>
    public PerceivedSeverity Severity { get; set; } = PerceivedSeverity.Information;

    /// <summary>Names of the thresholds that it is beyond.</summary>
    public IReadOnlyList<string> Crossed { get; set; } = [];

    /// <summary>True when it was bad before the first look, and is therefore told to nobody; until it is well or worse.</summary>
    public bool IsBaseline { get; set; }

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>True for a device that was there and is not any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>Readings in a row without an answer.</summary>
    public int Silent { get; private set; }

    /// <summary>True while something is wrong with it.</summary>
    public bool IsBad => Severity > PerceivedSeverity.Information;

    /// <summary>The worst threshold that it is beyond; null when its state comes from its own word.</summary>
    public Limit? Worst => Last?.Limits.Where(l => Crossed.Contains(l.Name)).OrderByDescending(l => l.Severity).FirstOrDefault() is { } limit && limit.Severity >= Last.Severity ? limit : null;

    /// <summary>Takes an observation; true when its severity or its thresholds changed.</summary>
    public bool Take(Observation observation)
    {
        bool isFirst = Last is null && !IsBad;
        Last = observation;
        Name = observation.Name;
        Group = observation.Group;
        IsDevice = observation.IsDevice;
        Silent = observation.State == ObservedState.Unreadable ? Silent + 1 : 0;
        if (observation.State is ObservedState.Unreadable or ObservedState.Unknown)
        {
            return false;
        }

        string[] crossed = observation is { State: ObservedState.Known, Reading: { } reading }
            ? [.. observation.Limits.Where(l => l.IsCrossed(reading, Crossed.Contains(l.Name))).Select(l => l.Name)]
            : [];
        PerceivedSeverity severity = observation.State == ObservedState.Absent
            ? PerceivedSeverity.Information
            : observation.Limits.Where(l => crossed.Contains(l.Name)).Select(l => l.Severity).Append(observation.Severity).Max();

        // n of m: it becomes bad when n of the last m were, and well when it is and fewer than n of the last m were bad.
        uint window = observation.OfReadings >= 32 ? uint.MaxValue : (1u << observation.OfReadings) - 1;
        bool bad = severity > PerceivedSeverity.Information;
        IsGone = false;
        _history = isFirst && bad ? window : ((_history << 1) | (bad ? 1u : 0u)) & window;
        bool isBad = BitOperations.PopCount(_history) >= observation.BadReadings;
        if (isBad ? !bad : bad && !IsBad)
        {
            return false;
        }

        bool changed = severity != Severity || !crossed.SequenceEqual(Crossed);
        IsBaseline &= bad && severity <= Severity;
        Severity = severity;
        Crossed = crossed;
        return changed;
    }
}
