namespace CimHost.Providers.Ipmi.Wire;

/// <summary>Completion codes that matter here, and their text (IPMI 2.0 table 5-2).</summary>
internal static class CompletionCode
{
    public const byte NodeBusy = 0xC0;
    public const byte InvalidCommand = 0xC1;
    public const byte InvalidCommandForLun = 0xC2;
    public const byte CommandTimedOut = 0xC3;
    public const byte ReservationCancelled = 0xC5;
    public const byte RequestTruncated = 0xC6;
    public const byte RequestLengthInvalid = 0xC7;
    public const byte RequestLengthExceeded = 0xC8;
    public const byte ParameterOutOfRange = 0xC9;
    public const byte CannotReturnBytes = 0xCA;
    public const byte NotPresent = 0xCB;
    public const byte InvalidDataField = 0xCC;
    public const byte IllegalForSensor = 0xCD;
    public const byte NotSupportedInState = 0xD5;
    public const byte Unspecified = 0xFF;

    /// <summary>True for the codes with which controllers refuse a read that is too long.</summary>
    public static bool IsTooManyBytes(byte code) => code is CannotReturnBytes or RequestLengthExceeded or RequestLengthInvalid or ParameterOutOfRange or Unspecified;

    /// <summary>True when the controller does not have the command at all.</summary>
    public static bool IsUnknownCommand(byte code) => code is InvalidCommand or InvalidCommandForLun;

    /// <summary>The code for people: "CBh, not present".</summary>
    public static string Describe(byte code) => $"{code:X2}h, {Text(code)}";

    private static string Text(byte code) => code switch
    {
        0x00 => "success",
        NodeBusy => "the controller is busy",
        InvalidCommand => "unknown command",
        InvalidCommandForLun => "unknown command for this logical unit",
        CommandTimedOut => "the controller's own time limit passed",
        0xC4 => "out of space",
        ReservationCancelled => "reservation lost",
        RequestTruncated => "request data truncated",
        RequestLengthInvalid => "request length invalid",
        RequestLengthExceeded => "request too long",
        ParameterOutOfRange => "parameter out of range",
        CannotReturnBytes => "cannot return that many bytes",
        NotPresent => "requested sensor, data or record not present",
        InvalidDataField => "invalid data in the request",
        IllegalForSensor => "command illegal for this sensor or record",
        0xCE => "no answer could be made",
        0xCF => "duplicated request",
        0xD0 => "SDR repository is being updated",
        0xD1 => "controller firmware is being updated",
        0xD2 => "controller is initialising",
        0xD3 => "destination unavailable",
        0xD4 => "insufficient privilege",
        NotSupportedInState => "not supported in the present state",
        0xD6 => "command disabled",
        Unspecified => "unspecified error",
        >= 0x01 and <= 0x7E => "OEM error",
        >= 0x80 and <= 0xBE => "error of this command",
        _ => "reserved code",
    };
}
