namespace CimHost.Alerts;

/// <summary>What became of an alert.</summary>
public enum AlertEventType
{
    /// <summary>It began.</summary>
    Raised,

    /// <summary>It goes on, with another severity.</summary>
    Changed,

    /// <summary>It goes on; told again by its pacing.</summary>
    Repeated,

    /// <summary>It is over.</summary>
    Cleared,
}
