using System.Buffers;
using System.Text;

namespace CimHost.Wbem.Xml;

/// <summary>Writes text into XML, escaped. Characters that XML 1.0 cannot carry at all become U+FFFD, so that one bad device name does not make an answer unreadable.</summary>
public static class XmlText
{
    // Everything that may not stand as it is in element text or in an attribute in double quotes.
    private static readonly SearchValues<char> s_special = SearchValues.Create([.. "<>&\"\r\n\t\uFFFE\uFFFF", .. Enumerable.Range(0, 32).Select(i => (char)i), .. Enumerable.Range(0xD800, 0x800).Select(i => (char)i)]);

    /// <summary>Writes bytes as they are.</summary>
    public static void Raw(IBufferWriter<byte> writer, ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(writer.GetSpan(utf8.Length));
        writer.Advance(utf8.Length);
    }

    /// <summary>Writes text escaped for element content and for attributes in double quotes.</summary>
    public static void Escaped(IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        while (true)
        {
            int special = text.IndexOfAny(s_special);
            ReadOnlySpan<char> plain = special < 0 ? text : text[..special];
            if (!plain.IsEmpty)
            {
                Span<byte> span = writer.GetSpan(Encoding.UTF8.GetMaxByteCount(plain.Length));
                writer.Advance(Encoding.UTF8.GetBytes(plain, span));
            }

            if (special < 0)
            {
                return;
            }

            text = text[(special + WriteSpecial(writer, text[special..]))..];
        }
    }

    private static int WriteSpecial(IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        if (char.IsSurrogate(text[0]))
        {
            OperationStatus status = Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
            Span<byte> span = writer.GetSpan(4);
            writer.Advance((status == OperationStatus.Done ? rune : Rune.ReplacementChar).EncodeToUtf8(span));
            return consumed;
        }

        Raw(writer, text[0] switch
        {
            '<' => "&lt;"u8,
            '>' => "&gt;"u8,
            '&' => "&amp;"u8,
            '"' => "&quot;"u8,
            '\r' => "&#13;"u8,
            '\n' => "&#10;"u8,
            '\t' => "&#9;"u8,
            _ => "\uFFFD"u8,
        });
        return 1;
    }
}
