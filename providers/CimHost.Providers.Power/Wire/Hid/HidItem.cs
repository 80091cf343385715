using System.Buffers.Binary;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>Kind of an item (HID 1.11 §6.2.2.2).</summary>
internal enum HidItemType
{
    Main = 0,
    Global = 1,
    Local = 2,
    Reserved = 3,
}

/// <summary>One short item of a report descriptor (HID 1.11 §6.2.2.2).</summary>
/// <param name="Type">Kind.</param>
/// <param name="Tag">What it says, within its kind.</param>
/// <param name="Size">Bytes of data: 0, 1, 2 or 4.</param>
/// <param name="Unsigned">The data as an unsigned number.</param>
internal readonly record struct HidItem(HidItemType Type, int Tag, int Size, uint Unsigned)
{
    private const byte LongItem = 0xFE;

    /// <summary>The data as a signed number of its size.</summary>
    public int Signed => Size switch
    {
        1 => (sbyte)Unsigned,
        2 => (short)Unsigned,
        _ => (int)Unsigned,
    };

    /// <summary>
    /// Takes the next short item off the front, past any long items (§6.2.2.3, none of which is defined). False at the end, or, with a
    /// reason, when the item is longer than what is left.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out HidItem item, out string? problem)
    {
        item = default;
        problem = null;
        while (!bytes.IsEmpty)
        {
            byte prefix = bytes[0];
            if (prefix == LongItem)
            {
                if (bytes.Length < 3 || bytes.Length < 3 + bytes[1])
                {
                    problem = "ends inside a long item";
                    return false;
                }

                bytes = bytes[(3 + bytes[1])..];
                continue;
            }

            int size = (prefix & 3) == 3 ? 4 : prefix & 3;
            if (bytes.Length < 1 + size)
            {
                problem = "ends inside an item";
                return false;
            }

            ReadOnlySpan<byte> data = bytes.Slice(1, size);
            uint value = size switch
            {
                0 => 0u,
                1 => data[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(data),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(data),
            };
            item = new HidItem((HidItemType)((prefix >> 2) & 3), prefix >> 4, size, value);
            bytes = bytes[(1 + size)..];
            return true;
        }

        return false;
    }
}
