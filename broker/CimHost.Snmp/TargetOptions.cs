namespace CimHost.Snmp;

/// <summary>Who gets notifications: an entry of <c>Snmp:Targets</c>.</summary>
public sealed class TargetOptions
{
    /// <summary>Name under which the host remembers what it got; of letters, digits, dot, dash and underscore.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>host:port; 162 without a port; over TCP with <c>tcp:</c> before it.</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>Version of SNMP: 1, 2c or 3.</summary>
    public string Version { get; set; } = "2c";

    /// <summary>Community, with versions 1 and 2c.</summary>
    public string Community { get; set; } = string.Empty;

    /// <summary>Name of one of <c>Snmp:Users</c>, with version 3; the highest security level that it has is used.</summary>
    public string User { get; set; } = string.Empty;

    /// <summary>True: an inform, which is sent until it is acknowledged; false: a trap, which may get lost. SNMPv1 has no informs.</summary>
    public bool Inform { get; set; }

    /// <summary>Seconds until an inform that is not acknowledged is sent again.</summary>
    public double TimeoutSeconds { get; set; } = 5;

    /// <summary>Which alerts, as in <c>Alerts:Receivers</c>; empty: all.</summary>
    public string Filter { get; set; } = string.Empty;
}
