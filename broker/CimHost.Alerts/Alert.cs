namespace CimHost.Alerts;

/// <summary>A fault of a device, from the moment it was noticed.</summary>
public sealed record Alert
{
    /// <summary>Number of the alert on this host, from 1; never used twice.</summary>
    public required long Id { get; init; }

    /// <summary>What it is an alert of: the identity of the device and the condition. At most one alert of a key is open.</summary>
    public required string Key { get; init; }

    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>How bad it is now; of a cleared alert, how bad it last was.</summary>
    public required PerceivedSeverity Severity { get; init; }

    /// <summary>CIM object path of the device or sensor, in the form of DSP0207 without namespace; empty when it is not about one.</summary>
    public required string Source { get; init; }

    /// <summary>CIM class of the device or sensor; empty when it is not about one.</summary>
    public string SourceClass { get; init; } = string.Empty;

    /// <summary>Name of the device or sensor, for people.</summary>
    public required string SourceName { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>What can be done about it; empty when nothing is known.</summary>
    public string RecommendedAction { get; init; } = string.Empty;

    /// <summary>The reading, in <see cref="Units"/>; null when it is not about one.</summary>
    public double? Reading { get; init; }

    /// <summary>The threshold that was crossed, in <see cref="Units"/>; null when none was.</summary>
    public double? Threshold { get; init; }

    /// <summary>Name of the threshold (UpperThresholdCritical…) or of the state; empty when there is none.</summary>
    public string Condition { get; init; } = string.Empty;

    /// <summary>Units of reading and threshold, for people ("degrees C"); empty when there are none.</summary>
    public string Units { get; init; } = string.Empty;

    /// <summary>When it was noticed.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When it was over; null while it goes on.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    /// <summary>Who acknowledged it; empty when nobody did.</summary>
    public string AcknowledgedBy { get; init; } = string.Empty;

    /// <summary>When it was acknowledged.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Identity of the event that raised it.</summary>
    public string RaisedEvent { get; init; } = string.Empty;

    /// <summary>Other faults that have this one as their cause and are not told by themselves.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];
}
