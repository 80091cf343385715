using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>The header of READ DEFECT DATA (SBC-4 §5.21, §5.22): how many defects are in the grown list.</summary>
internal static class DefectData
{
    private const byte GrownList = 0x08;

    /// <summary>Number of entries; null when the header is not one of the grown list.</summary>
    /// <param name="data">The data, at least its header of 4 (10) or 8 (12) bytes.</param>
    /// <param name="twelve">READ DEFECT DATA (12).</param>
    public static uint? GrownCount(ReadOnlySpan<byte> data, bool twelve)
    {
        if (data.Length < (twelve ? 8 : 4) || (data[1] & GrownList) == 0)
        {
            return null;
        }

        // Short block addresses have 4 bytes; long block, byte from index and physical sector addresses have 8.
        uint length = twelve ? BinaryPrimitives.ReadUInt32BigEndian(data[4..]) : BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        return (data[1] & 7) switch { 0 => length / 4, 3 or 4 or 5 => length / 8, _ => null };
    }
}
