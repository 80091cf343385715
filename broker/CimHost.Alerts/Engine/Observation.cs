namespace CimHost.Alerts.Engine;

/// <summary>What was seen of one element (a sensor, a device) in one reading.</summary>
public sealed record Observation
{
    /// <summary>CIM object path of the element: its identity.</summary>
    public required string Source { get; init; }

    /// <summary>Its CIM class.</summary>
    public required string SourceClass { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Path of the device that it belongs to; its own path when it belongs to none. All that is wrong with a device is one alert.
    /// </summary>
    public required string Group { get; init; }

    /// <summary>
    /// What kind of devices it sums up ("power", "fan"), for the redundancy of a set: while one of them has an alert, it is a consequence of
    /// that. Empty for everything else.
    /// </summary>
    public string Redundancy { get; init; } = string.Empty;

    /// <summary>What kind of device it is, in the same terms ("power", "fan"); empty for others.</summary>
    public string DeviceKind { get; init; } = string.Empty;

    /// <summary>True for a device, whose disappearance is a fault; false for a sensor.</summary>
    public bool IsDevice { get; init; }

    /// <summary>What could be seen.</summary>
    public ObservedState State { get; init; } = ObservedState.Known;

    /// <summary>Why it could not be read, for people.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>How bad it is by its own word; <see cref="PerceivedSeverity.Information"/> when nothing is.</summary>
    public PerceivedSeverity Severity { get; init; } = PerceivedSeverity.Information;

    /// <summary>What it says of itself, for people.</summary>
    public string StateText { get; init; } = string.Empty;

    /// <summary>The reading, in <see cref="Units"/>; null when it has none.</summary>
    public double? Reading { get; init; }

    /// <summary>Units, for people.</summary>
    public string Units { get; init; } = string.Empty;

    /// <summary>Thresholds of the reading.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>How many of the last readings must be bad for an alert: n.</summary>
    public int BadReadings { get; init; } = 1;

    /// <summary>How many readings are looked at for that: m, at least n, at most 32.</summary>
    public int OfReadings { get; init; } = 1;
}
