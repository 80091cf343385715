using System.Text;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>Bytes of FRU inventories, laid out by hand.</summary>
internal static class FruBytes
{
    /// <summary>A server: chassis, board made 2020-01-01 00:00 UTC, product.</summary>
    public static byte[] Server() => Inventory(
        Area([0x17, .. Text("CP-1"), .. Text("CS-1"), 0xC1]),
        Area([0x00, .. Minutes(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), .. Text("Boardmaker"), .. Text("Board"), .. Text("BS-1"), .. Text("BP-1"), .. Text(""), 0xC1]),
        Area([0x00, .. Text("Maker"), .. Text("Server 9"), .. Text("PP-1"), .. Text("v2"), .. Text("PS-1"), .. Text("Tag 7"), .. Text(""), 0xC1]));

    /// <summary>A power supply of 750 W, 100–240 V, 47–63 Hz, autoswitching, hot swap.</summary>
    public static byte[] PowerSupply()
    {
        byte[] info =
        [
            0xEE, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0x27, 0xC0, 0x5D, 0x00, 0x00, 0x00, 0x00, 47, 63, 20, 0x0C, 0, 0, 0, 0, 0, 0,
        ];
        return Inventory(null, null, Area([0x00, .. Text("PowerCo"), .. Text("PSU 750"), .. Text("P750"), .. Text("v1"), .. Text("SN42"), .. Text(""), .. Text(""), 0xC1]), MultiRecord(0x00, info, last: true));
    }

    public static byte[] Inventory(byte[]? chassis, byte[]? board, byte[]? product, byte[]? multi = null)
    {
        byte[] header = [1, 0, 0, 0, 0, 0, 0, 0];
        List<byte> data = [.. header];
        foreach ((int index, byte[]? area) in new[] { (2, chassis), (3, board), (4, product), (5, multi) })
        {
            if (area is not null)
            {
                data[index] = (byte)(data.Count / 8);
                data.AddRange(area);
                data.AddRange(new byte[(8 - (data.Count % 8)) % 8]);
            }
        }

        data[7] = Checksum(data.Take(7));
        return [.. data];
    }

    /// <summary>An area around its content: version, length in eights, padding, checksum.</summary>
    public static byte[] Area(byte[] content)
    {
        int length = (content.Length + 3 + 7) / 8 * 8;
        byte[] area = new byte[length];
        area[0] = 1;
        area[1] = (byte)(length / 8);
        content.CopyTo(area, 2);
        area[^1] = Checksum(area.Take(length - 1));
        return area;
    }

    public static byte[] MultiRecord(byte type, byte[] data, bool last)
    {
        byte[] header = [type, (byte)(last ? 0x82 : 0x02), (byte)data.Length, Checksum(data), 0];
        header[4] = Checksum(header.Take(4));
        return [.. header, .. data];
    }

    public static byte[] Text(string text) => [(byte)(0xC0 | text.Length), .. Encoding.Latin1.GetBytes(text)];

    private static byte[] Minutes(DateTimeOffset time)
    {
        int minutes = (int)(time - new DateTimeOffset(1996, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes;
        return [(byte)minutes, (byte)(minutes >> 8), (byte)(minutes >> 16)];
    }

    private static byte Checksum(IEnumerable<byte> data) => (byte)-data.Aggregate(0, (sum, b) => sum + b);
}
