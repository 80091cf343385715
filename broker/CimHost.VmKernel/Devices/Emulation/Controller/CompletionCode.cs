namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Completion codes that the controller answers with (IPMI 2.0 §5.2).</summary>
internal static class CompletionCode
{
    public const byte ParameterNotSupported = 0x80;
    public const byte InvalidCommand = 0xC1;
    public const byte InvalidForLun = 0xC2;
    public const byte OutOfSpace = 0xC4;
    public const byte ReservationCancelled = 0xC5;
    public const byte LengthInvalid = 0xC7;
    public const byte OutOfRange = 0xC9;
    public const byte CannotReturnCount = 0xCA;
    public const byte NotPresent = 0xCB;
    public const byte InvalidField = 0xCC;
    public const byte IllegalForSensor = 0xCD;
    public const byte NotInThisState = 0xD5;
}
