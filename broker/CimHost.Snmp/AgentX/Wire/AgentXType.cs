namespace CimHost.Snmp.AgentX.Wire;

/// <summary>h.type: kind of a PDU (RFC 2741 section 6.1).</summary>
internal enum AgentXType : byte
{
    /// <summary>agentx-Open-PDU.</summary>
    Open = 1,

    /// <summary>agentx-Close-PDU.</summary>
    Close = 2,

    /// <summary>agentx-Register-PDU.</summary>
    Register = 3,

    /// <summary>agentx-Unregister-PDU.</summary>
    Unregister = 4,

    /// <summary>agentx-Get-PDU.</summary>
    Get = 5,

    /// <summary>agentx-GetNext-PDU.</summary>
    GetNext = 6,

    /// <summary>agentx-GetBulk-PDU.</summary>
    GetBulk = 7,

    /// <summary>agentx-TestSet-PDU.</summary>
    TestSet = 8,

    /// <summary>agentx-CommitSet-PDU.</summary>
    CommitSet = 9,

    /// <summary>agentx-UndoSet-PDU.</summary>
    UndoSet = 10,

    /// <summary>agentx-CleanupSet-PDU.</summary>
    CleanupSet = 11,

    /// <summary>agentx-Notify-PDU.</summary>
    Notify = 12,

    /// <summary>agentx-Ping-PDU.</summary>
    Ping = 13,

    /// <summary>agentx-AddAgentCaps-PDU.</summary>
    AddAgentCaps = 16,

    /// <summary>agentx-Response-PDU.</summary>
    Response = 18,
}
