namespace CimHost.Alerts.Engine;

/// <summary>A device with all that belongs to it, and what was told of it.</summary>
internal sealed class GroupState(string key)
{
    /// <summary>Its path, or another key for what is no device.</summary>
    public string Key { get; } = key;

    /// <summary>Elements that belong to it and are bad.</summary>
    public Dictionary<string, ElementState> Bad { get; } = new(StringComparer.Ordinal);

    /// <summary>The open alert that was told; null when none is.</summary>
    public Alert? Open { get; set; }

    /// <summary>Names of the bad elements at the time of the last event: what comes later is news.</summary>
    public HashSet<string> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>Until when what joins belongs to the same fault.</summary>
    public DateTimeOffset SettlesAt { get; set; }

    /// <summary>When it began and ended, newest last.</summary>
    public Queue<DateTimeOffset> Changes { get; } = new();

    /// <summary>When it last changed.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>True while it changes too often to be told.</summary>
    public bool IsFlapping { get; set; }

    /// <summary>True when something waits to be told; because of that it is in the queue.</summary>
    public bool IsPending { get; set; }

    /// <summary>Since when it waits: what belongs together is gathered for a moment.</summary>
    public DateTimeOffset PendingSince { get; set; }

    /// <summary>DeviceID of the sensor that a log entry is about; empty for everything else.</summary>
    public string LogDevice { get; init; } = string.Empty;

    /// <summary>Since when something is wrong.</summary>
    public DateTimeOffset BadSince { get; set; }

    /// <summary>True when it was bad since the last event, although it may be well again now.</summary>
    public bool WasBadUntold { get; set; }

    /// <summary>When it was last told, and how often it was repeated since it began.</summary>
    public DateTimeOffset ToldAt { get; set; }

    /// <summary>See <see cref="ToldAt"/>.</summary>
    public int Repeats { get; set; }

    /// <summary>How what was wrong last came to an end, to be said after its name.</summary>
    public string Ending { get; set; } = AlertTexts.Well;

    /// <summary>How bad the worst is.</summary>
    public PerceivedSeverity Severity => Bad.Count == 0 ? PerceivedSeverity.Information : Bad.Values.Max(e => e.Severity);

    /// <summary>The element that says best what is wrong: the worst, and of these a state rather than a reading rather than the device as a whole.</summary>
    public ElementState Main => Bad.Values
        .OrderByDescending(e => e.Severity)
        .ThenBy(e => e.IsDevice ? 2 : e.Worst is null ? 0 : 1)
        .ThenBy(e => e.Source, StringComparer.Ordinal)
        .First();
}
