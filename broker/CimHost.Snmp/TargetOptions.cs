namespace CimHost.Snmp;

/// <summary>Who gets notifications: an entry of <c>Snmp:Targets</c>.</summary>
public sealed class TargetOptions
{
    /// <summary>Name under which the host remembers what it got; of letters, digits, dot, dash and underscore.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>host:port; 162 without a port.</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>Community.</summary>
    public string Community { get; set; } = string.Empty;

    /// <summary>True: an inform, which is sent until it is acknowledged; false: a trap, which may get lost.</summary>
    public bool Inform { get; set; }

    /// <summary>Seconds until an inform that is not acknowledged is sent again.</summary>
    public double TimeoutSeconds { get; set; } = 5;

    /// <summary>Which alerts, as in <c>Alerts:Receivers</c>; empty: all.</summary>
    public string Filter { get; set; } = string.Empty;
}
