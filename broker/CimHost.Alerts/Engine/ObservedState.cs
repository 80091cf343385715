namespace CimHost.Alerts.Engine;

/// <summary>What could be seen of an element.</summary>
public enum ObservedState
{
    /// <summary>It was read.</summary>
    Known,

    /// <summary>It is not there: nothing of it is bad.</summary>
    Absent,

    /// <summary>Nothing is known now, and that is no fault (asleep, switched off): what was known stays.</summary>
    Unknown,

    /// <summary>It should answer and does not: what was known stays, and the silence is a fault of its own.</summary>
    Unreadable,

    /// <summary>A rule says that there are no alerts of it: what was known is forgotten.</summary>
    Ignored,
}
