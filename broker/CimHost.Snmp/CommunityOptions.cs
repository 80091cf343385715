namespace CimHost.Snmp;

/// <summary>A community: an entry of <c>Snmp:Communities</c>.</summary>
public sealed class CommunityOptions
{
    /// <summary>The community string, 1 to 255 octets. It is a password that is sent in clear: <see cref="Source"/> says from where it is accepted.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>What it allows.</summary>
    public CommunityAccess Access { get; set; } = CommunityAccess.ReadOnly;

    /// <summary>Network from which it is accepted, such as 10.0.0.0/8; empty: this computer alone.</summary>
    public string Source { get; set; } = string.Empty;

    /// <summary>Subtrees that it sees, in dotted decimal; none: everything.</summary>
    public List<string> Subtrees { get; set; } = [];
}
