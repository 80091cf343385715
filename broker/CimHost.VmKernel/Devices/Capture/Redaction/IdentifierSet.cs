using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>The identifiers that were found in a capture, with what stands for each, and the ways in which each may be written.</summary>
internal sealed class IdentifierSet
{
    private const int Shortest = 4;
    private const int Longest = 256;
    private const int Most = 20_000;

    // What firmware says where nobody filled in a serial number.
    private static readonly string[] s_placeholders =
    [
        "none", "unknown", "not specified", "not available", "not applicable", "n/a", "default string", "default", "empty", "invalid", "undefined", "to be filled by o.e.m.",
        "system serial number", "chassis serial number", "base board serial number", "asset tag", "no asset tag", "serial number", "(none)", "localhost", "no dimm", "01234567", "0123456789", "123456789", "1234567890",
    ];

    private readonly Pseudonyms _pseudonyms = new();
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<uint> _makers = [];
    private readonly PatternSet _patterns = new();

    /// <summary>How many there are.</summary>
    public int Count => _known.Count;

    /// <summary>Replaces them wherever they stand.</summary>
    public PatternSet Patterns => _patterns;

    /// <summary>First four bytes of the world-wide names that were found: others of the same maker begin with them too.</summary>
    public IReadOnlySet<uint> Makers => _makers;

    /// <summary>A serial number, an asset tag, a host name. Texts that say nothing are passed over.</summary>
    public void AddText(string text)
    {
        text = text.Trim(' ', '\0', '\t', '\n', '\r');
        if (text.Length is < Shortest or > Longest || text.Distinct().Count() < 2 || text.Any(char.IsControl) || s_placeholders.Contains(text.ToLowerInvariant()) || !Know("text", text))
        {
            return;
        }

        string other = _pseudonyms.Text(text);
        _texts[text] = other;
        (byte[] from, byte[] to) = (Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other));
        if (from.Length != to.Length)
        {
            return;
        }

        PatternEdge edge = text.Length < 8 ? PatternEdge.Word : text.All(char.IsAsciiDigit) ? PatternEdge.Digit : PatternEdge.Any;
        _patterns.Add(from, to, edge);
        _patterns.Add(Encoding.Unicode.GetBytes(text), Encoding.Unicode.GetBytes(other));
        _patterns.Add(Encoding.BigEndianUnicode.GetBytes(text), Encoding.BigEndianUnicode.GetBytes(other));
        AddHexadecimal(from, to);

        // ATA strings (ACS-4 §3.4.9) have the characters of each word swapped; the text may begin in the middle of a word.
        if (from.Length >= 8)
        {
            AddSwapped(from, to);
            AddSwapped([(byte)' ', .. from], [(byte)' ', .. to]);
        }
    }

    /// <summary>A MAC address.</summary>
    public void AddMac(ReadOnlySpan<byte> address)
    {
        if (address.Length != 6 || IsTrivial(address) || !Know("mac", Convert.ToHexString(address)))
        {
            return;
        }

        byte[] from = address.ToArray(), to = _pseudonyms.Mac(from);
        _patterns.Add(from, to);
        AddHexadecimal(from, to);
        AddSeparated(from, to, 1, ":");
        AddSeparated(from, to, 1, "-");
    }

    /// <summary>A world-wide name (NAA, 8 or 16 bytes), an EUI-64 or an NGUID.</summary>
    public void AddWide(ReadOnlySpan<byte> name)
    {
        if (name.Length is not (8 or 16) || IsTrivial(name) || !Know("wide", Convert.ToHexString(name)))
        {
            return;
        }

        byte[] from = name.ToArray(), to = _pseudonyms.Wide(from);
        _makers.Add(Maker(name));
        _patterns.Add(from, to);
        _patterns.Add(Reversed(from), Reversed(to));
        AddSwapped(from, to);
        AddHexadecimal(from, to);
        AddSeparated(from, to, 1, ":");
        AddSeparated(from, to, 1, "-");
        AddSeparated(from, to, 2, "-");
        AddSeparated(from, to, 2, ":");
    }

    /// <summary>A UUID in the order of its text.</summary>
    public void AddUuid(ReadOnlySpan<byte> uuid)
    {
        if (uuid.Length != 16 || IsTrivial(uuid) || !Know("uuid", Convert.ToHexString(uuid)))
        {
            return;
        }

        byte[] from = uuid.ToArray(), to = _pseudonyms.Uuid(from);
        _patterns.Add(from, to);
        _patterns.Add(Reversed(from), Reversed(to));
        _patterns.Add(Mixed(from), Mixed(to));
        AddHexadecimal(from, to);
        (string textFrom, string textTo) = (new Guid(from, bigEndian: true).ToString("D"), new Guid(to, bigEndian: true).ToString("D"));
        AddCases(textFrom, textTo);
    }

    /// <summary>An IPv4 address.</summary>
    public void AddV4(ReadOnlySpan<byte> address)
    {
        if (address.Length != 4 || address[0] is 0 or 127 or 255 || !Know("ipv4", Convert.ToHexString(address)))
        {
            return;
        }

        byte[] from = address.ToArray(), to = _pseudonyms.V4(from);
        _patterns.Add(Encoding.ASCII.GetBytes(string.Join('.', from)), Encoding.ASCII.GetBytes(string.Join('.', to)), PatternEdge.Number);
    }

    /// <summary>An IPv6 address, with the text in which it was found if there is one.</summary>
    public void AddV6(ReadOnlySpan<byte> address)
    {
        if (address.Length != 16 || address[..15].IndexOfAnyExcept((byte)0) < 0 || address[0] == 0xFF || !Know("ipv6", Convert.ToHexString(address)))
        {
            return;
        }

        byte[] from = address.ToArray(), to = _pseudonyms.V6(from);
        _patterns.Add(from, to);
        AddHexadecimal(from, to);
        AddCases(new System.Net.IPAddress(from).ToString(), new System.Net.IPAddress(to).ToString());
    }

    /// <summary>What stands for an IPv4 address in binary, where it is known to be one.</summary>
    public byte[] V4(byte[] address) => address[0] is 0 or 127 or 255 ? address : _pseudonyms.V4(address);

    /// <summary>What stands for a text; the text itself when it is none of the identifiers.</summary>
    public string Text(string text) => _texts.GetValueOrDefault(text, text);

    /// <summary>What a maker's names begin with.</summary>
    public static uint Maker(ReadOnlySpan<byte> name) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(name);

    private static bool IsTrivial(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(bytes[0]) < 0;

    private static byte[] Reversed(byte[] bytes)
    {
        byte[] reversed = [.. bytes];
        Array.Reverse(reversed);
        return reversed;
    }

    // SMBIOS 7.2.1: the first three fields are little endian.
    private static byte[] Mixed(byte[] uuid) => new Guid(uuid, bigEndian: true).ToByteArray();

    private bool Know(string kind, string text) => _known.Count < Most && _known.Add(kind + text);

    private void AddSwapped(byte[] from, byte[] to)
    {
        byte[] first = from.Length % 2 == 0 ? [.. from] : [.. from, (byte)' '];
        byte[] second = to.Length % 2 == 0 ? [.. to] : [.. to, (byte)' '];
        for (int i = 0; i < first.Length; i += 2)
        {
            (first[i], first[i + 1], second[i], second[i + 1]) = (first[i + 1], first[i], second[i + 1], second[i]);
        }

        _patterns.Add(first, second);
    }

    private void AddHexadecimal(byte[] from, byte[] to) => AddCases(Convert.ToHexStringLower(from), Convert.ToHexStringLower(to));

    private void AddSeparated(byte[] from, byte[] to, int size, string separator) => AddCases(
        string.Join(separator, from.Chunk(size).Select(Convert.ToHexStringLower)),
        string.Join(separator, to.Chunk(size).Select(Convert.ToHexStringLower)));

    private void AddCases(string from, string to)
    {
        if (from.Length == to.Length)
        {
            _patterns.Add(Encoding.ASCII.GetBytes(from), Encoding.ASCII.GetBytes(to));
            _patterns.Add(Encoding.ASCII.GetBytes(from.ToUpperInvariant()), Encoding.ASCII.GetBytes(to.ToUpperInvariant()));
        }
    }
}
