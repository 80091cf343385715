using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>READ CAPACITY (16) (SBC-4 §5.20).</summary>
/// <param name="Blocks">Logical blocks.</param>
/// <param name="BlockSize">Bytes of a logical block.</param>
/// <param name="PhysicalBlock">Bytes of a physical block.</param>
internal sealed record ReadCapacity(ulong Blocks, uint BlockSize, uint PhysicalBlock)
{
    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ReadCapacity? capacity, [NotNullWhen(false)] out string? reason)
    {
        capacity = null;
        if (data.Length < 12)
        {
            reason = $"READ CAPACITY data have {data.Length} bytes, at least 12 are needed";
            return false;
        }

        ulong last = BinaryPrimitives.ReadUInt64BigEndian(data);
        uint size = BinaryPrimitives.ReadUInt32BigEndian(data[8..]);
        reason = size is 0 or > 1 << 24 ? $"the unit has blocks of {size} bytes" : last == ulong.MaxValue ? "the unit has more blocks than can be" : null;
        if (reason is not null)
        {
            return false;
        }

        int exponent = data.Length > 13 ? data[13] & 0x0F : 0;
        capacity = new ReadCapacity(last + 1, size, size << Math.Min(exponent, 7));
        return true;
    }
}
