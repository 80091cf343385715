using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Reserve SEL (IPMI 2.0 §31.4), needed to clear it.</summary>
internal static class ReserveSel
{
    public static IpmiRequest Request { get; } = new(NetworkFunction.Storage, 0x42);

    public static bool TryRead(ReadOnlySpan<byte> data, out ushort reservation)
    {
        reservation = data.Length < 2 ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(data);
        return data.Length >= 2;
    }
}
