namespace CimHost.Snmp;

/// <summary>What a community allows.</summary>
public enum CommunityAccess
{
    /// <summary>Reading.</summary>
    ReadOnly,

    /// <summary>Reading, and setting what can be set.</summary>
    ReadWrite,
}
