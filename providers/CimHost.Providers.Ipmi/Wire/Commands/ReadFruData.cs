using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Read FRU Data (IPMI 2.0 §34.2). Offset and counts are in bytes or in words, as the area says.</summary>
internal static class ReadFruData
{
    public static IpmiRequest Request(byte fruDeviceId, byte lun, ushort offset, byte count)
    {
        byte[] data = [fruDeviceId, 0, 0, count];
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(1), offset);
        return new IpmiRequest(NetworkFunction.Storage, 0x11, data, lun);
    }

    /// <summary>Reads the returned bytes; false when there are fewer than the count says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, bool byWords, out ReadOnlySpan<byte> content)
    {
        content = default;
        int length = data.IsEmpty ? 0 : data[0] * (byWords ? 2 : 1);
        if (data.Length < 1 + length || length == 0)
        {
            return false;
        }

        content = data.Slice(1, length);
        return true;
    }
}
