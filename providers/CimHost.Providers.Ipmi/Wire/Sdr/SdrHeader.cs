using System.Buffers.Binary;

namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>The five bytes in front of every record (IPMI 2.0 §43).</summary>
/// <param name="RecordId">Record id; may change when the repository changes.</param>
/// <param name="Version">SDR version, 51h.</param>
/// <param name="RecordType">Kind of record.</param>
/// <param name="BodyLength">Bytes after the header.</param>
internal readonly record struct SdrHeader(ushort RecordId, byte Version, byte RecordType, byte BodyLength)
{
    public const int Length = 5;

    public static bool TryRead(ReadOnlySpan<byte> data, out SdrHeader header)
    {
        header = data.Length < Length ? default : new SdrHeader(BinaryPrimitives.ReadUInt16LittleEndian(data), data[2], data[3], data[4]);
        return data.Length >= Length;
    }
}
