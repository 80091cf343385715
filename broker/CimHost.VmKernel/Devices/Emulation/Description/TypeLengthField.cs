using System.Text;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>A type/length byte and the text behind it, as SDR names and FRU fields carry it (IPMI 2.0 §43.15, FRU storage definition §13).</summary>
internal static class TypeLengthField
{
    private const string BcdPlus = "0123456789 -.";

    /// <summary>Reads a text, or { "text": …, "encoding": "latin1" | "sixBit" | "bcdPlus" | "binary" }; the result begins with the type/length byte.</summary>
    public static byte[] Read(MachineNode node, int mostBytes)
    {
        MachineNode textNode = node;
        string encoding = "latin1";
        if (node.Kind == MachineNodeKind.Object)
        {
            encoding = node.Required("encoding").AsText();
            textNode = node.Required("text");
            node.End();
        }

        string text = textNode.AsText();
        (byte type, byte[] data) = encoding switch
        {
            "latin1" when text.All(c => c is >= ' ' and <= '\u00FF') => ((byte)3, Encoding.Latin1.GetBytes(text)),
            "latin1" => throw textNode.Expected("letters of ISO 8859-1"),
            "sixBit" when text.All(c => c is >= ' ' and <= '_') => ((byte)2, SixBit(text)),
            "sixBit" => throw textNode.Expected("upper-case letters, digits and signs from space to _"),
            "bcdPlus" when text.All(c => BcdPlus.Contains(c, StringComparison.Ordinal)) => ((byte)1, Bcd(text)),
            "bcdPlus" => throw textNode.Expected("digits, space, - and . only"),
            "binary" => ((byte)0, textNode.AsBytes(0, 63)),
            _ => throw node.Required("encoding").Expected("latin1, sixBit, bcdPlus or binary"),
        };

        // A one-byte Latin-1 field would be C1h, which ends the list of fields (FRU storage definition §13): write it packed.
        if (type == 3 && data.Length == 1)
        {
            (type, data) = text[0] is >= ' ' and <= '_' ? ((byte)2, SixBit(text)) : throw textNode.Expected("a text of two or more letters, or one upper-case letter or digit");
        }

        return data.Length <= Math.Min(mostBytes, 63)
            ? [(byte)(data.Length == 0 && type == 3 ? 0xC0 : (type << 6) | data.Length), .. data]
            : throw textNode.Wrong($"the text takes {data.Length} bytes; expected at most {Math.Min(mostBytes, 63)}.");
    }

    /// <summary>The text of a field: type in bits 7:6, 1 BCD plus (in which Dh to Fh are reserved), 2 packed 6-bit, 3 text; empty for any other.</summary>
    public static string Decode(byte typeLength, ReadOnlySpan<byte> bytes) => (typeLength >> 6) switch
    {
        1 => Convert.ToHexString(bytes) is var digits && digits.AsSpan().IndexOfAnyInRange('D', 'F') < 0
            ? string.Concat(digits.Select(c => c switch { 'A' => ' ', 'B' => '-', 'C' => '.', _ => c }))
            : string.Empty,
        2 => Unpacked(bytes),
        3 => Encoding.Latin1.GetString(bytes),
        _ => string.Empty,
    };

    // Least significant bits first; the value 0 is a blank.
    private static string Unpacked(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (int bit = 0; bit + 6 <= bytes.Length * 8; bit += 6)
        {
            int value = (bytes[bit / 8] | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] << 8 : 0)) >> (bit % 8) & 0x3F;
            text.Append((char)(' ' + value));
        }

        return text.ToString();
    }

    private static byte[] SixBit(string text)
    {
        var bytes = new byte[((text.Length * 6) + 7) / 8];
        for (int i = 0; i < text.Length; i++)
        {
            int bits = (text[i] - ' ') << (i * 6 % 8);
            bytes[i * 6 / 8] |= (byte)bits;
            if (bits > 0xFF)
            {
                bytes[(i * 6 / 8) + 1] |= (byte)(bits >> 8);
            }
        }

        return bytes;
    }

    private static byte[] Bcd(string text)
    {
        var bytes = new byte[(text.Length + 1) / 2];
        for (int i = 0; i < 2 * bytes.Length; i++)
        {
            // An odd number of digits is filled up with a space, which readers trim.
            int digit = BcdPlus.IndexOf(i < text.Length ? text[i] : ' ', StringComparison.Ordinal);
            bytes[i / 2] |= (byte)(i % 2 == 0 ? digit << 4 : digit);
        }

        return bytes;
    }
}
