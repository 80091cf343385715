using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>A self-test that an NVMe controller logged.</summary>
/// <param name="Code">1 short, 2 extended, Eh the vendor's.</param>
/// <param name="Result">0 passed, 1 to 4 aborted, 5 to 7 failed, 8 aborted, 9 aborted by sanitize.</param>
/// <param name="Segment">Segment that failed first; 0 when none is told.</param>
/// <param name="PowerOnHours">When it ended.</param>
/// <param name="Lba">Block at which it failed; null when it did not say.</param>
internal sealed record NvmeSelfTestEntry(byte Code, byte Result, byte Segment, ulong PowerOnHours, ulong? Lba);

/// <summary>Device Self-test log (06h, NVMe Base 2.0 §5.16.1.7).</summary>
/// <param name="Running">Self-test in progress: 0 none, 1 short, 2 extended, Eh the vendor's.</param>
/// <param name="Percent">How much of it is done.</param>
/// <param name="Entries">Results, the newest first.</param>
internal sealed record NvmeSelfTestLog(byte Running, byte Percent, IReadOnlyList<NvmeSelfTestEntry> Entries)
{
    public const int Length = 564;
    private const int EntryLength = 28;
    private const byte Unused = 0x0F;

    /// <summary>Reads the log.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out NvmeSelfTestLog? log, [NotNullWhen(false)] out string? reason)
    {
        log = null;
        reason = data.Length < Length ? $"the self-test log has {data.Length} bytes and not {Length}" : null;
        if (reason is not null)
        {
            return false;
        }

        var entries = new List<NvmeSelfTestEntry>();
        for (int at = 4; at + EntryLength <= Length; at += EntryLength)
        {
            ReadOnlySpan<byte> entry = data.Slice(at, EntryLength);
            byte result = (byte)(entry[0] & 0x0F), code = (byte)(entry[0] >> 4);
            if (result != Unused && code != 0)
            {
                const int HasAddress = 0x02;
                entries.Add(new NvmeSelfTestEntry(
                    code, result, entry[1], BinaryPrimitives.ReadUInt64LittleEndian(entry[4..]),
                    (entry[2] & HasAddress) != 0 ? BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]) : null));
            }
        }

        log = new NvmeSelfTestLog((byte)(data[0] & 0x0F), Math.Min((byte)(data[1] & 0x7F), (byte)100), entries);
        return true;
    }
}
