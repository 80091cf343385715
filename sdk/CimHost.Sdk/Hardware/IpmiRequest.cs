namespace CimHost.Sdk.Hardware;

/// <summary>One IPMI request (IPMI 2.0 §5).</summary>
/// <param name="NetFn">Network function of the request, even, 00h–3Eh.</param>
/// <param name="Command">Command code.</param>
/// <param name="Data">Request data after the command byte.</param>
/// <param name="Lun">Responder's logical unit, 0–3.</param>
/// <param name="Target">Slave address of a controller behind the port's own one, to which that one bridges the command (§6.13.2); 0 or 20h: the port's own.</param>
/// <param name="Channel">Channel on which that controller is, 0 for the primary IPMB; of no account for the port's own.</param>
public readonly record struct IpmiRequest(byte NetFn, byte Command, ReadOnlyMemory<byte> Data = default, byte Lun = 0, byte Target = 0, byte Channel = 0)
{
    /// <summary>Slave address of the controller that a port leads to (§5.4).</summary>
    public const byte OwnController = 0x20;

    /// <summary>True when the command is for a controller behind the port's own one.</summary>
    public bool IsBridged => Target is not (0 or OwnController);
}
