using System.Buffers.Binary;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get SEL Entry (IPMI 2.0 §31.5), for whole records; these need no reservation.</summary>
internal static class GetSelEntry
{
    /// <summary>Record id that names the first record in a request.</summary>
    public const ushort First = 0x0000;

    /// <summary>What stands for the next record after the last one.</summary>
    public const ushort End = 0xFFFF;

    /// <summary>Count that asks for the whole record.</summary>
    public const byte WholeRecord = 0xFF;

    public static IpmiRequest Request(ushort recordId, byte count = WholeRecord)
    {
        byte[] data = new byte[6];
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2), recordId);
        data[5] = count;
        return new IpmiRequest(NetworkFunction.Storage, 0x43, data);
    }

    public static bool TryRead(ReadOnlySpan<byte> data, out ushort next, out SelRecord? record)
    {
        next = End;
        record = null;
        if (data.Length < 2 + SelRecord.Length)
        {
            return false;
        }

        next = BinaryPrimitives.ReadUInt16LittleEndian(data);
        return SelRecord.TryRead(data.Slice(2, SelRecord.Length), out record);
    }
}
