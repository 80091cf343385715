using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Ipmi;

/// <summary>The few commands that the drivers themselves use, and what the drivers must know of others (IPMI 2.0 appendix G).</summary>
internal static class IpmiCommands
{
    public const byte Chassis = 0x00;
    public const byte SensorEvent = 0x04;
    public const byte App = 0x06;
    public const byte Storage = 0x0A;
    public const byte GroupExtension = 0x2C;

    public const byte GetDeviceId = 0x01;
    public const byte ColdReset = 0x02;
    public const byte WarmReset = 0x03;
    public const byte SendMessage = 0x34;
    public const byte GetChannelAuthenticationCapabilities = 0x38;
    public const byte GetSessionChallenge = 0x39;
    public const byte ActivateSession = 0x3A;
    public const byte SetSessionPrivilegeLevel = 0x3B;
    public const byte CloseSession = 0x3C;
    public const byte GetSessionInfo = 0x3D;
    public const byte MasterWriteRead = 0x52;
    public const byte GetChannelCipherSuites = 0x54;

    public const byte ChassisControl = 0x02;
    public const byte PlatformEvent = 0x02;
    public const byte AddSelEntry = 0x44;

    /// <summary>Completion code: the session's or the user's privilege is too low (table 5-2).</summary>
    public const byte InsufficientPrivilege = 0xD4;

    /// <summary>Completion code: node busy.</summary>
    public const byte NodeBusy = 0xC0;

    /// <summary>Completion code of Send Message: the controller did not take the message (§22.7).</summary>
    public const byte NotAcknowledged = 0x83;

    /// <summary>Completion code: the controller's own time limit passed.</summary>
    public const byte Timeout = 0xC3;

    /// <summary>Completion code: no such command.</summary>
    public const byte InvalidCommand = 0xC1;

    /// <summary>Completion code: request data length invalid.</summary>
    public const byte InvalidLength = 0xC7;

    /// <summary>Completion code: the thing asked for is not there.</summary>
    public const byte NotPresent = 0xCB;

    /// <summary>Completion code: a field of the request is invalid.</summary>
    public const byte InvalidField = 0xCC;

    /// <summary>Completion code: no response could be provided.</summary>
    public const byte CannotRespond = 0xCE;

    /// <summary>Completion code: anything else.</summary>
    public const byte Unspecified = 0xFF;

    /// <summary>
    /// True when carrying the command out a second time does no harm, so that it may be sent again although it is not known whether the first
    /// one arrived. Controls, resets, new events, bus writes and manufacturers' commands are not taken for harmless.
    /// </summary>
    public static bool MayRepeat(in IpmiRequest request) => (request.NetFn, request.Command) switch
    {
        (Chassis, ChassisControl) => false,
        (SensorEvent, PlatformEvent) => false,
        (App, ColdReset or WarmReset or SendMessage or MasterWriteRead) => false,
        (Storage, AddSelEntry) => false,
        ( > GroupExtension, _) => false,
        _ => true,
    };
}
