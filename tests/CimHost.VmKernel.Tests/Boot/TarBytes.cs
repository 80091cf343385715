using System.IO.Compression;
using System.Text;

namespace CimHost.VmKernel.Tests.Boot;

/// <summary>Tar files made block by block, so that they can be as wrong as a test wants.</summary>
internal sealed class TarBytes
{
    private readonly List<byte> _tar = [];

    public TarBytes Add(string name, char type = '0', string content = "", string link = "", string? size = null, int mode = 420)
    {
        byte[] header = new byte[512];
        byte[] data = Encoding.UTF8.GetBytes(content);
        Put(header, 0, name);
        Put(header, 100, Convert.ToString(mode, 8).PadLeft(7, '0'));
        Put(header, 108, "0000000");
        Put(header, 116, "0000000");
        Put(header, 124, size ?? Convert.ToString(data.Length, 8).PadLeft(11, '0'));
        Put(header, 136, "14000000000");
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\000");
        Put(header, 148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        _tar.AddRange(header);
        _tar.AddRange(data);
        _tar.AddRange(new byte[(512 - (data.Length % 512)) % 512]);
        return this;
    }

    public byte[] End(int zeroBlocks = 2)
    {
        _tar.AddRange(new byte[512 * zeroBlocks]);
        return Gzip([.. _tar]);
    }

    public static byte[] Gzip(byte[] data)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return packed.ToArray();
    }

    private static void Put(byte[] header, int at, string text) => Encoding.UTF8.GetBytes(text).CopyTo(header, at);
}
