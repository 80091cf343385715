using System.Text;

namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>
/// Text in the encodings of a type/length byte (IPMI 2.0 §43.15; Platform Management FRU Information Storage Definition §13). SDR and FRU
/// share the packed forms and differ in what type 00b and 11b mean.
/// </summary>
internal static class TextField
{
    private const string BcdPlus = "0123456789 -.:,_";

    /// <summary>BCD plus: two characters a byte, high nibble first.</summary>
    public static string ReadBcdPlus(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(data.Length * 2);
        foreach (byte b in data)
        {
            text.Append(BcdPlus[b >> 4]).Append(BcdPlus[b & 0x0F]);
        }

        return Clean(text.ToString());
    }

    /// <summary>6-bit ASCII: four characters in three bytes, least significant bits first; a rest shorter than a character is dropped.</summary>
    public static string Read6Bit(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder((data.Length * 8 / 6) + 1);
        int bits = 0, held = 0;
        foreach (byte b in data)
        {
            bits |= b << held;
            for (held += 8; held >= 6; held -= 6, bits >>= 6)
            {
                text.Append((char)(0x20 + (bits & 0x3F)));
            }
        }

        return Clean(text.ToString());
    }

    /// <summary>8-bit ASCII with Latin 1.</summary>
    public static string ReadLatin1(ReadOnlySpan<byte> data) => Clean(Encoding.Latin1.GetString(data));

    /// <summary>16-bit Unicode, low byte first; an odd last byte is dropped.</summary>
    public static string ReadUnicode(ReadOnlySpan<byte> data) => Clean(Encoding.Unicode.GetString(data[..(data.Length & ~1)]));

    // Fields are padded with zeros, and control characters inside would break whatever shows the text. Spaces are left to the caller: a
    // shared record may end with the one that parts its name from the number.
    private static string Clean(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        ReadOnlySpan<char> kept = text.AsSpan(0, end < 0 ? text.Length : end);
        if (!kept.ContainsAnyInRange('\0', '\x1F') && !kept.ContainsAnyInRange('\x7F', '\x9F') && !kept.ContainsAnyInRange('\uD800', '\uDFFF') && !kept.ContainsAny('\uFFFE', '\uFFFF'))
        {
            return kept.ToString();
        }

        var clean = new StringBuilder(kept.Length);
        foreach (Rune rune in kept.EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "?" : rune.ToString());
        }

        return clean.ToString();
    }
}
