namespace CimHost.Alerts;

/// <summary>What an alert is about.</summary>
public enum AlertKind
{
    /// <summary>A reading crossed a threshold.</summary>
    Threshold,

    /// <summary>A device says that its state is not good.</summary>
    State,

    /// <summary>A device cannot be read.</summary>
    Communication,

    /// <summary>An entry of a hardware log.</summary>
    Log,

    /// <summary>What was suppressed in a storm.</summary>
    Summary,

    /// <summary>Sent on request, to try the way to its receivers.</summary>
    Test,
}
