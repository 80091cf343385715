namespace CimHost.Snmp.AgentX.Wire;

/// <summary>c.reason: why a session ends (RFC 2741 section 6.2.2).</summary>
internal enum AgentXCloseReason : byte
{
    /// <summary>reasonOther.</summary>
    Other = 1,

    /// <summary>reasonParseError: too many PDUs could not be read.</summary>
    ParseError = 2,

    /// <summary>reasonProtocolError: too many PDUs were wrong.</summary>
    ProtocolError = 3,

    /// <summary>reasonTimeouts: too many requests were not answered in time.</summary>
    Timeouts = 4,

    /// <summary>reasonShutdown: the sender ends.</summary>
    Shutdown = 5,

    /// <summary>reasonByManager: a manager wanted it.</summary>
    ByManager = 6,
}
