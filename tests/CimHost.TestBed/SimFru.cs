using System.Text;

namespace CimHost.TestBed;

/// <summary>The FRU image of the simulated BMC: chassis, board and product areas (Platform Management FRU Information Storage Definition 1.3).</summary>
internal static class SimFru
{
    /// <summary>Bytes of the image.</summary>
    public const int Length = 512;

    public static byte[] Image()
    {
        byte[] chassis = Area([0x17], "CHS-PN-01", "CHS-SN-0001");
        byte[] board = Area([0x19, 0x00, 0x10, 0xA0], "Example Corp", "EX-Board X1", "BRD-SN-0001", "BRD-PN-01", "f1");
        byte[] product = Area([0x19], "Example Corp", "EX-Server 100", "PRD-PN-01", "v1.0", "PRD-SN-0001", "ASSET-7", "f2");
        byte[] header = [1, 0, 1, (byte)(1 + (chassis.Length / 8)), (byte)(1 + ((chassis.Length + board.Length) / 8)), 0, 0, 0];
        header[7] = Checksum(header);
        byte[] image = new byte[Length];
        byte[] used = [.. header, .. chassis, .. board, .. product];
        used.CopyTo(image, 0);
        return image;
    }

    private static byte[] Area(byte[] head, params string[] fields)
    {
        List<byte> body = [1, 0, .. head];
        foreach (string field in fields)
        {
            body.Add((byte)(0xC0 | field.Length));
            body.AddRange(Encoding.ASCII.GetBytes(field));
        }

        body.Add(0xC1);
        while ((body.Count + 1) % 8 != 0)
        {
            body.Add(0);
        }

        body[1] = (byte)((body.Count + 1) / 8);
        body.Add(Checksum(body));
        return [.. body];
    }

    private static byte Checksum(IEnumerable<byte> bytes) => (byte)-bytes.Sum(b => b);
}
