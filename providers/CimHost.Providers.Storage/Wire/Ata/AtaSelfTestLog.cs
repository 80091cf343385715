using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>The self-test logs: SMART log 06h (ACS-3 A.19) and the extended one (log 07h, ACS-4 §9.10).</summary>
/// <param name="Entries">Results, the newest first.</param>
internal sealed record AtaSelfTestLog(IReadOnlyList<AtaSelfTestEntry> Entries)
{
    private const int Slots = 21;
    private const int ExtendedPerPage = 19;
    private const int MostPages = 64;

    /// <summary>Reads the self-test log.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AtaSelfTestLog? log, [NotNullWhen(false)] out string? reason)
    {
        log = null;
        reason = AtaSector.Check(data, "the self-test log")
            ?? (data[508] > Slots ? $"the self-test log says that entry {data[508]} is the newest, and it has {Slots}" : null);
        if (reason is not null)
        {
            return false;
        }

        var entries = new List<AtaSelfTestEntry>();
        for (int i = 0; i < Slots && data[508] != 0; i++)
        {
            ReadOnlySpan<byte> entry = data.Slice(2 + (24 * ((data[508] - 1 - i + Slots) % Slots)), 24);
            if (entry.IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            uint lba = BinaryPrimitives.ReadUInt32LittleEndian(entry[5..]);
            entries.Add(new AtaSelfTestEntry(entry[0], entry[1], BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]), lba == uint.MaxValue || !Failed(entry[1]) ? null : lba));
        }

        log = new AtaSelfTestLog(entries);
        return true;
    }

    /// <summary>Reads the extended self-test log: all of its pages, 512 bytes each.</summary>
    public static bool TryReadExtended(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AtaSelfTestLog? log, [NotNullWhen(false)] out string? reason)
    {
        log = null;
        int slots = Math.Min(data.Length / AtaSector.Length, MostPages) * ExtendedPerPage;
        reason = AtaSector.Check(data, "the extended self-test log");
        int newest = reason is null ? BinaryPrimitives.ReadUInt16LittleEndian(data[2..]) : 0;
        reason ??= newest > slots ? $"the extended self-test log says that entry {newest} is the newest, and it has {slots}" : null;
        if (reason is not null)
        {
            return false;
        }

        var entries = new List<AtaSelfTestEntry>();
        for (int i = 0; i < slots && newest != 0; i++)
        {
            int slot = (newest - 1 - i + slots) % slots;
            ReadOnlySpan<byte> entry = data.Slice(((slot / ExtendedPerPage) * AtaSector.Length) + 4 + (26 * (slot % ExtendedPerPage)), 26);
            if (entry.IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            ulong lba = BinaryPrimitives.ReadUInt32LittleEndian(entry[5..]) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(entry[9..]) << 32);
            entries.Add(new AtaSelfTestEntry(
                entry[0], entry[1], BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]), lba == 0xFFFF_FFFF_FFFF || !Failed(entry[1]) ? null : lba));
        }

        log = new AtaSelfTestLog(entries);
        return true;
    }

    // Codes 3 to 8 are failures; only they have an address.
    private static bool Failed(byte status) => status >> 4 is >= 3 and <= 8;
}
