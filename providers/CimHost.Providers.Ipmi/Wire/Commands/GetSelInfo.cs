using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>Get SEL Info (IPMI 2.0 §31.2).</summary>
/// <param name="Version">SEL version, BCD low digit first (51h is 1.5 and 2.0).</param>
/// <param name="Entries">Records in the log.</param>
/// <param name="FreeSpace">Free bytes; FFFFh stands for that many or more.</param>
/// <param name="LastAddition">Timestamp of the last record that was added; FFFFFFFFh when the controller does not tell.</param>
/// <param name="LastErase">Timestamp of the last deletion; FFFFFFFFh when there was none or the controller does not tell.</param>
/// <param name="Support">Operation support bits; bit 7: events were lost because the log was full.</param>
internal sealed record GetSelInfo(byte Version, ushort Entries, ushort FreeSpace, uint LastAddition, uint LastErase, byte Support)
{
    private const int RecordLength = 16;

    public static IpmiRequest Request { get; } = new(NetworkFunction.Storage, 0x40);

    /// <summary>Events were lost because the log was full.</summary>
    public bool Overflow => (Support & 0x80) != 0;

    /// <summary>Records that still fit; null when the controller says no more than "plenty".</summary>
    public int? FreeEntries => FreeSpace == ushort.MaxValue ? null : FreeSpace / RecordLength;

    /// <summary>How much of the log is used, 0–100; null when its size is not known.</summary>
    public int? PercentUsed => FreeEntries is not { } free ? null : Entries + free == 0 ? 100 : Entries * 100 / (Entries + free);

    public static bool TryRead(ReadOnlySpan<byte> data, out GetSelInfo? result)
    {
        result = data.Length < 14 ? null : new GetSelInfo(
            data[0],
            BinaryPrimitives.ReadUInt16LittleEndian(data[1..]),
            BinaryPrimitives.ReadUInt16LittleEndian(data[3..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[5..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[9..]),
            data[13]);
        return result is not null;
    }
}
