namespace CimHost.Snmp;

/// <summary>
/// The host as a subagent of another SNMP agent on this computer (RFC 2741), as Debian's snmpd with <c>master agentx</c>: section
/// <c>Snmp:AgentX</c>. The other agent has the port, the communities, users and targets.
/// </summary>
public sealed class AgentXOptions
{
    /// <summary>Where the master is: unix:/path (of snmpd: unix:/var/agentx/master) or tcp:host:port; empty: the host is no subagent.</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>Subtrees that are registered, in dotted decimal; none: those that the master does not have itself.</summary>
    public List<string> Subtrees { get; set; } = [];

    /// <summary>Priority of the registrations, 1 to 255: of two who register the same subtree the lower number serves it. 127 is what everybody takes.</summary>
    public int Priority { get; set; } = 127;

    /// <summary>Seconds, 1 to 255, within which the host answers the master.</summary>
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>Which alerts the master is told of, as in <c>Alerts:Receivers</c>; empty: all.</summary>
    public string Filter { get; set; } = string.Empty;
}
