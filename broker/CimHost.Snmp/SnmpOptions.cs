namespace CimHost.Snmp;

/// <summary>Configuration of the SNMP agent: section <c>Snmp</c>.</summary>
public sealed class SnmpOptions
{
    /// <summary>Communities of SNMPv1 and v2c. Without any, nobody gets an answer.</summary>
    public List<CommunityOptions> Communities { get; set; } = [];

    /// <summary>Users of SNMPv3.</summary>
    public List<UserOptions> Users { get; set; } = [];

    /// <summary>The host as a subagent of another agent.</summary>
    public AgentXOptions AgentX { get; set; } = new();

    /// <summary>What tools for ESXi look at.</summary>
    public EsxiOptions Esxi { get; set; } = new();

    /// <summary>sysContact until a manager sets another.</summary>
    public string Contact { get; set; } = string.Empty;

    /// <summary>sysLocation until a manager sets another.</summary>
    public string Location { get; set; } = string.Empty;

    /// <summary>How often the values are read while somebody asks, in seconds.</summary>
    public double IntervalSeconds { get; set; } = 30;
}
