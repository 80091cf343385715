using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>An entry of the Error Information log (01h, NVMe Base 2.0 §5.16.1.2).</summary>
/// <param name="Count">Number of the error over the life of the controller.</param>
/// <param name="Queue">Submission queue.</param>
/// <param name="Command">Command identifier.</param>
/// <param name="Status">Status field without the phase tag: code type in bits 10:8, code in bits 7:0.</param>
/// <param name="Location">Byte (bits 7:0) and bit (bits 10:8) of the parameter that was wrong; FFFFh for none.</param>
/// <param name="Lba">First block that had the error.</param>
/// <param name="Namespace">Namespace.</param>
internal sealed record NvmeErrorEntry(ulong Count, ushort Queue, ushort Command, ushort Status, ushort Location, ulong Lba, uint Namespace);

/// <summary>Reads the Error Information log.</summary>
internal static class NvmeErrorLog
{
    public const int EntryLength = 64;
    private const int MostEntries = 256;

    /// <summary>The entries that are in use, the newest first. Bytes that fill no entry are left out.</summary>
    public static IReadOnlyList<NvmeErrorEntry> Read(ReadOnlySpan<byte> data)
    {
        var entries = new List<NvmeErrorEntry>();
        for (int i = 0; i < MostEntries && data.Length >= EntryLength; i++, data = data[EntryLength..])
        {
            ulong count = BinaryPrimitives.ReadUInt64LittleEndian(data);
            if (count != 0)
            {
                entries.Add(new NvmeErrorEntry(
                    count,
                    BinaryPrimitives.ReadUInt16LittleEndian(data[8..]),
                    BinaryPrimitives.ReadUInt16LittleEndian(data[10..]),
                    (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(data[12..]) >> 1),
                    BinaryPrimitives.ReadUInt16LittleEndian(data[14..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(data[16..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(data[24..])));
            }
        }

        return [.. entries.OrderByDescending(e => e.Count)];
    }
}
