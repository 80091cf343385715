using CimHost.Providers.Ipmi.Wire.Fru;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>FRU inventories. Mutations are sealed with right checksums, or no field would ever be looked at.</summary>
public class FruFuzz
{
    private static readonly byte[] s_seed = Seal(
    [
        1, 0, 1, 4, 8, 0, 0, 0,
        1, 3, 0x17, 0xC4, 0x43, 0x50, 0x2D, 0x31, 0xC4, 0x43, 0x53, 0x2D, 0x31, 0xC1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 4, 0, 0, 0, 0xC0, 0xC5, 0x42, 0x6F, 0x61, 0x72, 0x64, 0x42, 0x12, 0x34, 0x83, 0x29, 0xDC, 0xA6, 0xC2, 0x41, 0x42, 0x02, 0xAB, 0xCD, 0xC1, 0, 0, 0, 0, 0, 0,
        1, 3, 53, 0xC4, 0xE5, 0x65, 0x2C, 0x67, 0xC4, 0x53, 0x31, 0x32, 0x33, 0xC0, 0xC0, 0xC0, 0xC0, 0xC1, 0, 0, 0, 0, 0, 0,
    ]);

    [Fact]
    public void Any_bytes_make_an_inventory_with_its_problems() => Fuzzer.Run([s_seed], static data =>
    {
        Use(FruInventory.Read(data));
        Use(FruInventory.Read(Seal(data)));
    });

    private static void Use(FruInventory fru)
    {
        _ = fru.PowerSupply;
        foreach (FruMultiRecord record in fru.MultiRecords)
        {
            _ = FruDcOutput.TryRead(record.Data, out _);
        }
    }

    private static byte[] Seal(byte[] data)
    {
        byte[] copy = [.. data];
        if (copy.Length < 8)
        {
            return copy;
        }

        Close(copy.AsSpan(0, 8));
        foreach (int offset in new[] { copy[2] * 8, copy[3] * 8, copy[4] * 8 })
        {
            if (offset > 0 && offset + 2 <= copy.Length && copy[offset + 1] > 0 && offset + (copy[offset + 1] * 8) <= copy.Length)
            {
                Close(copy.AsSpan(offset, copy[offset + 1] * 8));
            }
        }

        return copy;
    }

    private static void Close(Span<byte> area)
    {
        byte sum = 0;
        foreach (byte b in area[..^1])
        {
            sum += b;
        }

        area[^1] = (byte)-sum;
    }
}
