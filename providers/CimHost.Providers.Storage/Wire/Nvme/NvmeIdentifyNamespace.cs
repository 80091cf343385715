using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>Identify Namespace data (NVM Command Set 1.0 §4.1.5.1).</summary>
/// <param name="Blocks">Logical blocks (NSZE).</param>
/// <param name="Capacity">Blocks that may be allocated at once (NCAP).</param>
/// <param name="Used">Blocks that are allocated (NUSE).</param>
/// <param name="BlockSize">Bytes of a logical block.</param>
/// <param name="Nguid">Namespace globally unique identifier in hexadecimal; null when there is none.</param>
/// <param name="Eui64">IEEE extended unique identifier in hexadecimal; null when there is none.</param>
internal sealed record NvmeIdentifyNamespace(ulong Blocks, ulong Capacity, ulong Used, uint BlockSize, string? Nguid, string? Eui64)
{
    public const int Length = 4096;
    private const int MostFormats = 64;

    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out NvmeIdentifyNamespace? identify, [NotNullWhen(false)] out string? reason)
    {
        identify = null;
        if (data.Length < Length)
        {
            reason = $"Identify Namespace data have {data.Length} bytes and not {Length}";
            return false;
        }

        ulong blocks = BinaryPrimitives.ReadUInt64LittleEndian(data);
        int format = (data[26] & 0x0F) | ((data[26] & 0x60) >> 1);
        int shift = format < MostFormats ? data[128 + (4 * format) + 2] : 0;
        reason = blocks != 0 && shift is < 9 or > 24 ? $"the namespace has blocks of 2^{shift} bytes" : null;
        if (reason is not null)
        {
            return false;
        }

        identify = new NvmeIdentifyNamespace(
            blocks,
            BinaryPrimitives.ReadUInt64LittleEndian(data[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(data[16..]),
            blocks == 0 ? 0 : 1u << shift,
            Hexadecimal(data.Slice(104, 16)),
            Hexadecimal(data.Slice(120, 8)));
        return true;
    }

    private static string? Hexadecimal(ReadOnlySpan<byte> id) => id.IndexOfAnyExcept((byte)0) < 0 ? null : Convert.ToHexStringLower(id);
}
