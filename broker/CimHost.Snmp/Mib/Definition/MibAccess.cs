namespace CimHost.Snmp.Mib.Definition;

/// <summary>MAX-ACCESS of an object (RFC 2578 section 7.3).</summary>
internal enum MibAccess
{
    /// <summary>not-accessible: an index that is told by the names of the other columns.</summary>
    NotAccessible,

    /// <summary>accessible-for-notify: only in notifications.</summary>
    AccessibleForNotify,

    /// <summary>read-only.</summary>
    ReadOnly,

    /// <summary>read-write.</summary>
    ReadWrite,
}
