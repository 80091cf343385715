using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Reserve SDR Repository (IPMI 2.0 §33.11) and Reserve Device SDR Repository (§35.4).</summary>
internal static class ReserveSdr
{
    public static IpmiRequest Repository { get; } = new(NetworkFunction.Storage, 0x22);

    public static IpmiRequest Device { get; } = new(NetworkFunction.SensorEvent, 0x22);

    public static bool TryRead(ReadOnlySpan<byte> data, out ushort reservation)
    {
        reservation = data.Length < 2 ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(data);
        return data.Length >= 2;
    }
}
