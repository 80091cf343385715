using System.Text;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Wire.Commands;

/// <summary>
/// Get System Info Parameters (IPMI 2.0 §22.14b, table 22-16c). Text parameters come in blocks of 16 bytes; block 0 starts with the
/// encoding and the length.
/// </summary>
internal static class GetSystemInfoParameters
{
    /// <summary>Parameter 1: version of the system firmware (BIOS).</summary>
    public const byte SystemFirmwareVersion = 1;

    private const int BlockLength = 16;

    public static IpmiRequest Request(byte parameter, byte block) => new(NetworkFunction.App, 0x59, new byte[] { 0x00, parameter, block, 0x00 });

    /// <summary>Reads one block: revision, set selector, then up to 16 bytes.</summary>
    public static bool TryReadBlock(ReadOnlySpan<byte> data, byte block, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (data.Length < 3 || data[1] != block)
        {
            return false;
        }

        content = data[2..Math.Min(data.Length, 2 + BlockLength)];
        return true;
    }

    /// <summary>How many blocks the text needs, from the start of block 0; at most 17.</summary>
    public static int BlockCount(ReadOnlySpan<byte> firstBlock) => firstBlock.Length < 2 ? 1 : (2 + firstBlock[1] + BlockLength - 1) / BlockLength;

    /// <summary>The text of the blocks put together; false when they are shorter than the length they tell.</summary>
    public static bool TryReadText(ReadOnlySpan<byte> blocks, out string text)
    {
        text = string.Empty;
        if (blocks.Length < 2 || blocks.Length < 2 + blocks[1])
        {
            return false;
        }

        ReadOnlySpan<byte> content = blocks.Slice(2, blocks[1]);
        Encoding? encoding = (blocks[0] & 0x0F) switch { 0 => Encoding.Latin1, 1 => Encoding.UTF8, 2 => Encoding.Unicode, _ => null };
        text = encoding is null ? string.Empty : encoding.GetString(content).TrimEnd('\0', ' ');
        return encoding is not null;
    }
}
