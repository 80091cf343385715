namespace CimHost.Sdk.Hardware;

/// <summary>One IPMI request (IPMI 2.0 §5). </summary>
/// <param name="NetFn">Network function of the request, even, 00h–3Eh.</param>
/// <param name="Command">Command code.</param>
/// <param name="Data">Request data after the command byte.</param>
/// <param name="Lun">Responder's logical unit, 0–3.</param>
public readonly record struct IpmiRequest(byte NetFn, byte Command, ReadOnlyMemory<byte> Data = default, byte Lun = 0);
