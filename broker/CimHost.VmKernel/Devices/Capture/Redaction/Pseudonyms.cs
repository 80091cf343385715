using System.Security.Cryptography;
using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>
/// What stands for an identifier: as long, of the same kinds of characters, and always the same within one capture. It follows from the
/// identifier and a random key that is never stored, so that nobody can try out which identifier it was.
/// </summary>
internal sealed class Pseudonyms
{
    private const int MostTries = 100;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>For a serial number or name: digits for digits, letters for letters.</summary>
    public string Text(string text)
    {
        string other = text;
        for (int attempt = 0; attempt < MostTries && (other == text || !_used.Add(other)); attempt++)
        {
            Stream stream = For("text", Encoding.UTF8.GetBytes(text), attempt);
            other = string.Concat(text.Select(c => Letter(c, stream.Next())));
        }

        return other;
    }

    /// <summary>For a MAC address: the maker's part stays.</summary>
    public byte[] Mac(byte[] address) => Tail("mac", address, 3);

    /// <summary>For a world-wide name, EUI-64 or NGUID: the kind and the maker's part stay.</summary>
    public byte[] Wide(byte[] name) => Tail("wide", name, 4);

    /// <summary>For a UUID in the order of its text: version and variant stay.</summary>
    public byte[] Uuid(byte[] uuid)
    {
        byte[] other = Tail("uuid", uuid, 0);
        (other[6], other[8]) = ((byte)((uuid[6] & 0xF0) | (other[6] & 0x0F)), (byte)((uuid[8] & 0xF0) | (other[8] & 0x0F)));
        return other;
    }

    /// <summary>For an IPv4 address: each number has as many digits.</summary>
    public byte[] V4(byte[] address)
    {
        Stream stream = For("ipv4", address, 0);
        return [.. address.Select(b => (byte)(b == 0 ? 0 : b < 10 ? 1 + (stream.Next() % 9) : b < 100 ? 10 + (stream.Next() % 90) : 100 + (stream.Next() % 100)))];
    }

    /// <summary>For an IPv6 address: the first two bytes and all zeros stay, and with them the length of its text.</summary>
    public byte[] V6(byte[] address)
    {
        Stream stream = For("ipv6", address, 0);
        byte[] other = [.. address];
        for (int i = 2; i < other.Length; i++)
        {
            other[i] = (byte)(Nibble(address[i] >> 4, stream) << 4 | Nibble(address[i] & 15, stream));
        }

        return other;
    }

    private static int Nibble(int nibble, Stream stream) => nibble == 0 ? 0 : 1 + (stream.Next() % 15);

    private static char Letter(char c, byte random) => c switch
    {
        >= '0' and <= '9' => (char)('0' + (random % 10)),
        >= 'A' and <= 'Z' => (char)('A' + (random % 26)),
        >= 'a' and <= 'z' => (char)('a' + (random % 26)),
        _ => c,
    };

    private byte[] Tail(string kind, byte[] bytes, int kept)
    {
        byte[] other = [.. bytes];
        for (int attempt = 0; attempt < MostTries && (other.AsSpan().SequenceEqual(bytes) || !_used.Add(kind + Convert.ToHexString(other))); attempt++)
        {
            Stream stream = For(kind, bytes, attempt);
            for (int i = kept; i < other.Length; i++)
            {
                other[i] = stream.Next();
            }
        }

        return other;
    }

    private Stream For(string kind, byte[] bytes, int attempt) =>
        new(HMACSHA256.HashData(_key, (byte[])[.. Encoding.ASCII.GetBytes(kind), (byte)attempt, .. bytes]));

    /// <summary>Bytes without end that follow from a key.</summary>
    private sealed class Stream(byte[] block)
    {
        private byte[] _block = block;
        private int _at;

        public byte Next()
        {
            if (_at == _block.Length)
            {
                (_block, _at) = (SHA256.HashData(_block), 0);
            }

            return _block[_at++];
        }
    }
}
