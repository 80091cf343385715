using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Clear SEL (IPMI 2.0 §31.9): starts the erasure, or asks how far it is.</summary>
internal static class ClearSel
{
    public static IpmiRequest Start(ushort reservation) => Request(reservation, 0xAA);

    public static IpmiRequest Status(ushort reservation) => Request(reservation, 0x00);

    /// <summary>Reads whether the erasure is complete.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out bool complete)
    {
        complete = data.Length >= 1 && (data[0] & 0x0F) == 1;
        return data.Length >= 1;
    }

    private static IpmiRequest Request(ushort reservation, byte action) =>
        new(NetworkFunction.Storage, 0x47, new[] { (byte)reservation, (byte)(reservation >> 8), (byte)'C', (byte)'L', (byte)'R', action });
}
