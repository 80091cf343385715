namespace CimHost.VmKernel.Devices.Ipmi.Lan.Wire;

/// <summary>RMCP+ and RAKP status codes (IPMI 2.0 table 13-15).</summary>
public enum RakpStatus : byte
{
    /// <summary>No error.</summary>
    Success = 0x00,

    /// <summary>No room for another session.</summary>
    InsufficientResources = 0x01,

    /// <summary>No such session.</summary>
    InvalidSessionId = 0x02,

    /// <summary>Unknown payload type.</summary>
    InvalidPayloadType = 0x03,

    /// <summary>Unknown authentication algorithm.</summary>
    InvalidAuthenticationAlgorithm = 0x04,

    /// <summary>Unknown integrity algorithm.</summary>
    InvalidIntegrityAlgorithm = 0x05,

    /// <summary>No acceptable authentication payload.</summary>
    NoMatchingAuthentication = 0x06,

    /// <summary>No acceptable integrity payload.</summary>
    NoMatchingIntegrity = 0x07,

    /// <summary>The session was not opened.</summary>
    InactiveSessionId = 0x08,

    /// <summary>No such role.</summary>
    InvalidRole = 0x09,

    /// <summary>The user may not have this role.</summary>
    UnauthorizedRole = 0x0A,

    /// <summary>No room for another session with this role.</summary>
    InsufficientResourcesForRole = 0x0B,

    /// <summary>User name too long.</summary>
    InvalidNameLength = 0x0C,

    /// <summary>No such user.</summary>
    UnauthorizedName = 0x0D,

    /// <summary>GUID not accepted.</summary>
    UnauthorizedGuid = 0x0E,

    /// <summary>A key exchange authentication code or integrity check value is wrong.</summary>
    InvalidIntegrityCheck = 0x0F,

    /// <summary>Unknown confidentiality algorithm.</summary>
    InvalidConfidentialityAlgorithm = 0x10,

    /// <summary>The algorithms are no cipher suite that is allowed.</summary>
    NoCipherSuiteMatch = 0x11,

    /// <summary>A parameter makes no sense.</summary>
    IllegalParameter = 0x12,
}

/// <summary>Words for status codes.</summary>
public static class RakpStatusText
{
    /// <summary>The status in words, with its code.</summary>
    public static string Describe(this RakpStatus status)
    {
        string words = status switch
        {
            RakpStatus.Success => "no error",
            RakpStatus.InsufficientResources => "it has no room for another session",
            RakpStatus.InvalidSessionId => "it does not know the session",
            RakpStatus.InvalidPayloadType => "it does not know the payload type",
            RakpStatus.InvalidAuthenticationAlgorithm or RakpStatus.NoMatchingAuthentication => "it does not offer the authentication algorithm",
            RakpStatus.InvalidIntegrityAlgorithm or RakpStatus.NoMatchingIntegrity => "it does not offer the integrity algorithm",
            RakpStatus.InvalidConfidentialityAlgorithm => "it does not offer the encryption algorithm",
            RakpStatus.InactiveSessionId => "the session is not active",
            RakpStatus.InvalidRole => "it does not know the privilege level",
            RakpStatus.UnauthorizedRole => "the user may not have the privilege level",
            RakpStatus.InsufficientResourcesForRole => "it has no room for another session with this privilege level",
            RakpStatus.InvalidNameLength => "the user name is too long for it",
            RakpStatus.UnauthorizedName => "it does not know the user name, or the user may not log in over the network",
            RakpStatus.UnauthorizedGuid => "it does not accept the GUID",
            RakpStatus.InvalidIntegrityCheck => "the password is wrong",
            RakpStatus.NoCipherSuiteMatch => "the cipher suite is not allowed",
            RakpStatus.IllegalParameter => "it found an illegal parameter",
            _ => "it gave a reason of its own",
        };
        return $"{words} (status {(byte)status:X2}h)";
    }

    /// <summary>True when another cipher suite may be accepted.</summary>
    public static bool IsAboutAlgorithms(this RakpStatus status) => status is RakpStatus.InvalidAuthenticationAlgorithm or RakpStatus.InvalidIntegrityAlgorithm
        or RakpStatus.NoMatchingAuthentication or RakpStatus.NoMatchingIntegrity or RakpStatus.InvalidConfidentialityAlgorithm or RakpStatus.NoCipherSuiteMatch;
}
