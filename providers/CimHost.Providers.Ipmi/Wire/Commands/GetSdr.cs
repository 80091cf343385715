using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get SDR (IPMI 2.0 §33.12) and Get Device SDR (§35.3): a part of a record and the id of the next one.</summary>
internal static class GetSdr
{
    /// <summary>Record id that names the first record in a request, and as "next" after the last one.</summary>
    public const ushort FirstRecord = 0x0000;

    public const ushort LastRecord = 0xFFFF;

    /// <summary>Count that asks for the whole record.</summary>
    public const byte WholeRecord = 0xFF;

    public static IpmiRequest Request(bool device, ushort reservation, ushort recordId, byte offset, byte count)
    {
        byte[] data = new byte[6];
        BinaryPrimitives.WriteUInt16LittleEndian(data, reservation);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2), recordId);
        data[4] = offset;
        data[5] = count;
        return device ? new IpmiRequest(NetworkFunction.SensorEvent, 0x21, data) : new IpmiRequest(NetworkFunction.Storage, 0x23, data);
    }

    public static bool TryRead(ReadOnlySpan<byte> data, out ushort nextRecord, out ReadOnlySpan<byte> part)
    {
        nextRecord = 0;
        part = default;
        if (data.Length < 2)
        {
            return false;
        }

        nextRecord = BinaryPrimitives.ReadUInt16LittleEndian(data);
        part = data[2..];
        return true;
    }
}
