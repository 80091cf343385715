using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>The error logs: summary (SMART log 01h, ACS-3 A.22) and extended comprehensive (log 03h, ACS-4 §9.7).</summary>
/// <param name="Count">Errors since the disk was made.</param>
/// <param name="Entries">Those that are still there, the newest first.</param>
internal sealed record AtaErrorLog(int Count, IReadOnlyList<AtaErrorEntry> Entries)
{
    private const int SummaryEntries = 5;
    private const int ExtendedPerPage = 4;
    private const int MostPages = 64;

    /// <summary>Reads the summary error log.</summary>
    public static bool TryReadSummary(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AtaErrorLog? log, [NotNullWhen(false)] out string? reason)
    {
        log = null;
        reason = AtaSector.Check(data, "the summary error log")
            ?? (data[1] > SummaryEntries ? $"the summary error log says that entry {data[1]} is the newest, and it has {SummaryEntries}" : null);
        if (reason is not null)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(data[452..]);
        var entries = new List<AtaErrorEntry>();
        for (int i = 0; i < SummaryEntries && data[1] != 0; i++)
        {
            ReadOnlySpan<byte> entry = data.Slice(2 + (90 * ((data[1] - 1 - i + SummaryEntries) % SummaryEntries)), 90);
            if (entry.IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            ReadOnlySpan<byte> command = entry.Slice(48, 12), error = entry.Slice(60, 30);
            ulong lba = error[3] | ((ulong)error[4] << 8) | ((ulong)error[5] << 16) | ((ulong)(error[6] & 0x0F) << 24);
            entries.Add(new AtaErrorEntry(
                count - i, BinaryPrimitives.ReadUInt16LittleEndian(error[28..]), (byte)(error[27] & 0x0F), error[1], error[7], error[2], lba, command[7] == 0 ? null : command[7]));
        }

        log = new AtaErrorLog(count, entries);
        return true;
    }

    /// <summary>Reads the extended comprehensive error log: all of its pages, 512 bytes each.</summary>
    public static bool TryReadExtended(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AtaErrorLog? log, [NotNullWhen(false)] out string? reason)
    {
        log = null;
        int pages = Math.Min(data.Length / AtaSector.Length, MostPages), slots = pages * ExtendedPerPage;
        reason = AtaSector.Check(data, "the extended error log");
        int newest = reason is null ? BinaryPrimitives.ReadUInt16LittleEndian(data[2..]) : 0;
        reason ??= newest > slots ? $"the extended error log says that entry {newest} is the newest, and it has {slots}" : null;
        if (reason is not null)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(data[500..]);
        var entries = new List<AtaErrorEntry>();
        for (int i = 0; i < slots && newest != 0; i++)
        {
            int slot = (newest - 1 - i + slots) % slots;
            ReadOnlySpan<byte> entry = data.Slice(((slot / ExtendedPerPage) * AtaSector.Length) + 4 + (124 * (slot % ExtendedPerPage)), 124);
            if (entry.IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            ReadOnlySpan<byte> command = entry.Slice(72, 18), error = entry.Slice(90, 34);
            ulong lba = error[4] | ((ulong)error[6] << 8) | ((ulong)error[8] << 16) | ((ulong)error[5] << 24) | ((ulong)error[7] << 32) | ((ulong)error[9] << 40);
            entries.Add(new AtaErrorEntry(
                count - i, BinaryPrimitives.ReadUInt16LittleEndian(error[32..]), (byte)(error[31] & 0x0F), error[1], error[11],
                BinaryPrimitives.ReadUInt16LittleEndian(error[2..]), lba, command[12] == 0 ? null : command[12]));
        }

        log = new AtaErrorLog(count, entries);
        return true;
    }
}
