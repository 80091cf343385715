using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get FRU Inventory Area Info (IPMI 2.0 §34.1).</summary>
/// <param name="Size">Size of the area in bytes.</param>
/// <param name="ByWords">True when offsets and counts are in 16-bit words.</param>
internal readonly record struct GetFruInventoryAreaInfo(ushort Size, bool ByWords)
{
    public static IpmiRequest Request(byte fruDeviceId, byte lun) => new(NetworkFunction.Storage, 0x10, new[] { fruDeviceId }, lun);

    public static bool TryRead(ReadOnlySpan<byte> data, out GetFruInventoryAreaInfo result)
    {
        result = data.Length < 3 ? default : new GetFruInventoryAreaInfo(BinaryPrimitives.ReadUInt16LittleEndian(data), (data[2] & 0x01) != 0);
        return data.Length >= 3;
    }
}
