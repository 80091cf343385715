namespace CimHost.Snmp.AgentX.Wire;

/// <summary>res.error of what concerns the session itself (RFC 2741 section 6.2.16); below 256 it is an error-status of SNMP.</summary>
internal enum AgentXError : ushort
{
    /// <summary>noAgentXError.</summary>
    None = 0,

    /// <summary>openFailed.</summary>
    OpenFailed = 256,

    /// <summary>notOpen.</summary>
    NotOpen = 257,

    /// <summary>indexWrongType.</summary>
    IndexWrongType = 258,

    /// <summary>indexAlreadyAllocated.</summary>
    IndexAlreadyAllocated = 259,

    /// <summary>indexNoneAvailable.</summary>
    IndexNoneAvailable = 260,

    /// <summary>indexNotAllocated.</summary>
    IndexNotAllocated = 261,

    /// <summary>unsupportedContext.</summary>
    UnsupportedContext = 262,

    /// <summary>duplicateRegistration.</summary>
    DuplicateRegistration = 263,

    /// <summary>unknownRegistration.</summary>
    UnknownRegistration = 264,

    /// <summary>unknownAgentCaps.</summary>
    UnknownAgentCaps = 265,

    /// <summary>parseError.</summary>
    ParseError = 266,

    /// <summary>requestDenied.</summary>
    RequestDenied = 267,

    /// <summary>processingError.</summary>
    ProcessingError = 268,
}
