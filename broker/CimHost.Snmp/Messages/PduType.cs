namespace CimHost.Snmp.Messages;

/// <summary>Kind of a PDU, as its BER tag (RFC 3416 section 3; RFC 1157 section 4.1).</summary>
internal enum PduType
{
    /// <summary>GetRequest.</summary>
    Get = 0xA0,

    /// <summary>GetNextRequest.</summary>
    GetNext = 0xA1,

    /// <summary>Response.</summary>
    Response = 0xA2,

    /// <summary>SetRequest.</summary>
    Set = 0xA3,

    /// <summary>Trap of SNMPv1, which has a form of its own.</summary>
    TrapV1 = 0xA4,

    /// <summary>GetBulkRequest; not in SNMPv1.</summary>
    GetBulk = 0xA5,

    /// <summary>InformRequest; not in SNMPv1.</summary>
    Inform = 0xA6,

    /// <summary>SNMPv2-Trap; not in SNMPv1.</summary>
    Trap = 0xA7,

    /// <summary>Report; in SNMPv3 only.</summary>
    Report = 0xA8,
}
