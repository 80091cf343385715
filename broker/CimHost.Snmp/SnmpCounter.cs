namespace CimHost.Snmp;

/// <summary>Counters of the SNMPv2, SNMP-MPD, SNMP-TARGET and SNMP-USER-BASED-SM MIBs, named as there.</summary>
public enum SnmpCounter
{
    /// <summary>Messages that came in.</summary>
    SnmpInPkts,

    /// <summary>Messages that went out.</summary>
    SnmpOutPkts,

    /// <summary>Messages of a version that is not served.</summary>
    SnmpInBadVersions,

    /// <summary>Messages with a community that does not exist.</summary>
    SnmpInBadCommunityNames,

    /// <summary>Messages with a community that does not allow the operation.</summary>
    SnmpInBadCommunityUses,

    /// <summary>Messages that are not what BER and the message formats ask for.</summary>
    SnmpInASNParseErrs,

    /// <summary>Responses that came in with tooBig.</summary>
    SnmpInTooBigs,

    /// <summary>Responses that came in with noSuchName.</summary>
    SnmpInNoSuchNames,

    /// <summary>Responses that came in with badValue.</summary>
    SnmpInBadValues,

    /// <summary>Responses that came in with readOnly.</summary>
    SnmpInReadOnlys,

    /// <summary>Responses that came in with genErr.</summary>
    SnmpInGenErrs,

    /// <summary>Variables that were read with success.</summary>
    SnmpInTotalReqVars,

    /// <summary>Variables that were set with success.</summary>
    SnmpInTotalSetVars,

    /// <summary>GET requests.</summary>
    SnmpInGetRequests,

    /// <summary>GETNEXT requests.</summary>
    SnmpInGetNexts,

    /// <summary>SET requests.</summary>
    SnmpInSetRequests,

    /// <summary>Responses that came in.</summary>
    SnmpInGetResponses,

    /// <summary>Traps that came in.</summary>
    SnmpInTraps,

    /// <summary>Responses with tooBig.</summary>
    SnmpOutTooBigs,

    /// <summary>Responses with noSuchName.</summary>
    SnmpOutNoSuchNames,

    /// <summary>Responses with badValue.</summary>
    SnmpOutBadValues,

    /// <summary>Responses with genErr.</summary>
    SnmpOutGenErrs,

    /// <summary>GET requests that went out.</summary>
    SnmpOutGetRequests,

    /// <summary>GETNEXT requests that went out.</summary>
    SnmpOutGetNexts,

    /// <summary>SET requests that went out.</summary>
    SnmpOutSetRequests,

    /// <summary>Responses that went out.</summary>
    SnmpOutGetResponses,

    /// <summary>Traps that went out.</summary>
    SnmpOutTraps,

    /// <summary>Requests without an answer because not even an empty one would have fitted.</summary>
    SnmpSilentDrops,

    /// <summary>Requests that a proxy could not hand on; this agent is none, so always 0.</summary>
    SnmpProxyDrops,

    /// <summary>Messages of a security model that is not served.</summary>
    SnmpUnknownSecurityModels,

    /// <summary>Messages with invalid or inconsistent parts.</summary>
    SnmpInvalidMsgs,

    /// <summary>Requests for an engine or of a kind that nobody here serves.</summary>
    SnmpUnknownPDUHandlers,

    /// <summary>Requests for a context that is not there at the moment.</summary>
    SnmpUnavailableContexts,

    /// <summary>Requests for a context that does not exist.</summary>
    SnmpUnknownContexts,

    /// <summary>Messages at a security level that their user does not have.</summary>
    UsmStatsUnsupportedSecLevels,

    /// <summary>Messages outside the time window.</summary>
    UsmStatsNotInTimeWindows,

    /// <summary>Messages of a user that does not exist.</summary>
    UsmStatsUnknownUserNames,

    /// <summary>Messages for an engine that is not this one.</summary>
    UsmStatsUnknownEngineIDs,

    /// <summary>Messages whose authentication code is wrong.</summary>
    UsmStatsWrongDigests,

    /// <summary>Messages that could not be decrypted.</summary>
    UsmStatsDecryptionErrors,
}
