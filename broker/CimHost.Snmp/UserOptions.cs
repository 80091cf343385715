using CimHost.Snmp.Security;

namespace CimHost.Snmp;

/// <summary>A user of SNMPv3: an entry of <c>Snmp:Users</c>. Keys come from password files, or localised for this engine from <c>cimhost snmp hash</c>.</summary>
public sealed class UserOptions
{
    /// <summary>Its name, 1 to 32 octets.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>How its messages are authenticated.</summary>
    public AuthenticationProtocol Authentication { get; set; }

    /// <summary>File with the password for authentication in its first line; only its owner may read it.</summary>
    public string AuthenticationPasswordFile { get; set; } = string.Empty;

    /// <summary>Instead of a password, the key localised for this engine, in hexadecimal.</summary>
    public string AuthenticationKey { get; set; } = string.Empty;

    /// <summary>How its messages are encrypted.</summary>
    public PrivacyProtocol Privacy { get; set; }

    /// <summary>File with the password for encryption in its first line; only its owner may read it.</summary>
    public string PrivacyPasswordFile { get; set; } = string.Empty;

    /// <summary>Instead of a password, the key localised for this engine, in hexadecimal.</summary>
    public string PrivacyKey { get; set; } = string.Empty;

    /// <summary>What it may do.</summary>
    public CommunityAccess Access { get; set; } = CommunityAccess.ReadOnly;

    /// <summary>Least security level of its requests; not set: the highest that its protocols give.</summary>
    public SecurityLevel Level { get; set; }

    /// <summary>Subtrees that it sees, in dotted decimal; none: everything.</summary>
    public List<string> Subtrees { get; set; } = [];
}
