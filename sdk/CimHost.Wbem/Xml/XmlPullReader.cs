using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace CimHost.Wbem.Xml;

/// <summary>
/// Reads XML 1.0 in UTF-8 from memory, element by element, for protocols whose messages have no mixed content. It makes no objects but
/// the strings asked for. A document type declaration of any kind is refused, so there are no entities but the five of XML; depth and
/// attributes are bounded.
/// </summary>
public ref struct XmlPullReader
{
    /// <summary>Deepest nesting of elements.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most attributes of one element.</summary>
    public const int MaxAttributes = 32;

    // Characters that XML 1.0 §2.2 does not allow at all.
    private static readonly SearchValues<byte> s_forbidden = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, .. Enumerable.Range(14, 18).Select(i => (byte)i)]);

    private readonly ReadOnlySpan<byte> _xml;
    private int _position;
    private int _depth;
    private bool _isEmpty;
    private int _attributeCount;
    private Names _names;
    private Attributes _attributes;

    /// <summary>Starts at the beginning of a document and reads up to the start tag of its root.</summary>
    /// <exception cref="XmlFormatException">The text is not UTF-8, has characters that XML does not allow, or does not start with an element.</exception>
    public XmlPullReader(ReadOnlySpan<byte> utf8)
    {
        _xml = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (utf8.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || utf8.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            throw Error("the document is in UTF-16; send it in UTF-8", 0);
        }

        if (!Utf8.IsValid(_xml))
        {
            throw Error("the document is not valid UTF-8", FirstInvalid(_xml));
        }

        int forbidden = _xml.IndexOfAny(s_forbidden);
        if (forbidden >= 0)
        {
            throw Error($"the character U+{_xml[forbidden]:X4} is not allowed in XML", forbidden);
        }

        ReadRoot();
    }

    /// <summary>Name of the current element as written, prefix included.</summary>
    public readonly ReadOnlySpan<byte> Name => _xml.Slice(_names[_depth - 1].Start, _names[_depth - 1].Length);

    /// <summary>Number of elements around and including the current one.</summary>
    public readonly int Depth => _depth;

    /// <summary>True when the current element has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    /// <summary>Value of an attribute of the element whose start tag was read last, or null.</summary>
    public readonly string? Attribute(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _attributeCount; i++)
        {
            if (_xml.Slice(_attributes[i].Name.Start, _attributes[i].Name.Length).SequenceEqual(name))
            {
                return Decode(_attributes[i].Value.Start, _attributes[i].Value.Length, isAttribute: true);
            }
        }

        return null;
    }

    /// <summary>Raw bytes of an attribute, or empty: for comparing with a known word without making a string.</summary>
    public readonly ReadOnlySpan<byte> RawAttribute(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _attributeCount; i++)
        {
            if (_xml.Slice(_attributes[i].Name.Start, _attributes[i].Name.Length).SequenceEqual(name))
            {
                return _xml.Slice(_attributes[i].Value.Start, _attributes[i].Value.Length);
            }
        }

        return default;
    }

    /// <summary>Value of an attribute that must be there.</summary>
    public readonly string RequiredAttribute(ReadOnlySpan<byte> name) =>
        Attribute(name) ?? throw Error($"the element {Encoding.UTF8.GetString(Name)} lacks the attribute {Encoding.UTF8.GetString(name)}", _position, isWellFormed: true);

    /// <summary>
    /// Goes to the next child element of the current element, which then is the current one; false when there is none and the end tag was
    /// read. Each child must be read to its end (by this, <see cref="ReadContent"/> or <see cref="Skip"/>) before the next.
    /// </summary>
    public bool NextChild() => NextChild(allowText: false);

    /// <summary>Reads the text of the current element up to its end tag.</summary>
    public string ReadContent()
    {
        if (_isEmpty)
        {
            Close();
            return string.Empty;
        }

        int start = _position;
        int open = _xml[_position..].IndexOf((byte)'<');
        if (open < 0)
        {
            throw Error("the document ends inside an element", _xml.Length);
        }

        _position += open;
        if (StartsWith("</"u8))
        {
            string simple = Decode(start, open, isAttribute: false);
            ReadEndTag();
            return simple;
        }

        return ReadMixedContent(start);
    }

    /// <summary>Passes over the current element with everything in it.</summary>
    public void Skip()
    {
        int depth = _depth;
        while (_depth >= depth)
        {
            NextChild(allowText: true);
        }
    }

    /// <summary>Makes sure that nothing follows the root element.</summary>
    public void Finish()
    {
        SkipMisc();
        if (_position < _xml.Length)
        {
            throw Error("there is something behind the end of the document", _position);
        }
    }

    /// <summary>An error at the current place.</summary>
    public readonly XmlFormatException Unexpected(string expected) =>
        Error($"expected {expected}, found {(_depth > 0 ? "<" + Encoding.UTF8.GetString(Name) + ">" : "the end of the document")}", _depth > 0 ? _names[_depth - 1].Start : _position, isWellFormed: true);

    private bool NextChild(bool allowText)
    {
        if (_isEmpty)
        {
            Close();
            return false;
        }

        while (true)
        {
            SkipText(allowText);
            if (StartsWith("</"u8))
            {
                ReadEndTag();
                return false;
            }

            if (StartsWith("<!--"u8))
            {
                SkipPast("-->"u8, "a comment");
            }
            else if (StartsWith("<![CDATA["u8))
            {
                if (!allowText)
                {
                    throw Error($"text is not expected inside <{Encoding.UTF8.GetString(Name)}>", _position);
                }

                SkipPast("]]>"u8, "a CDATA section");
            }
            else if (StartsWith("<?"u8))
            {
                SkipPast("?>"u8, "a processing instruction");
            }
            else
            {
                ReadStartTag();
                return true;
            }
        }
    }

    private void ReadRoot()
    {
        if (StartsWith("<?xml"u8))
        {
            int start = _position;
            SkipPast("?>"u8, "the XML declaration");
            ReadOnlySpan<byte> declaration = _xml[start.._position];
            int encoding = declaration.IndexOf("encoding"u8);
            if (encoding >= 0 && !IsUtf8(declaration[(encoding + 8)..]))
            {
                throw Error("the XML declaration names an encoding other than UTF-8; send the document in UTF-8", start);
            }
        }

        SkipMisc();
        if (StartsWith("<!"u8))
        {
            throw Error("a document type declaration is not allowed", _position);
        }

        if (!StartsWith("<"u8))
        {
            throw Error(_position >= _xml.Length ? "the document has no element" : "text is not allowed before the first element", _position);
        }

        ReadStartTag();
    }

    private static bool IsUtf8(ReadOnlySpan<byte> declaration)
    {
        int quote = declaration.IndexOfAny((byte)'"', (byte)'\'');
        if (quote < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> value = declaration[(quote + 1)..];
        int end = value.IndexOf(declaration[quote]);
        return end >= 0 && (Ascii.EqualsIgnoreCase(value[..end], "utf-8"u8) || Ascii.EqualsIgnoreCase(value[..end], "utf8"u8) || Ascii.EqualsIgnoreCase(value[..end], "us-ascii"u8));
    }

    private void SkipMisc()
    {
        while (true)
        {
            SkipSpace();
            if (StartsWith("<!--"u8))
            {
                SkipPast("-->"u8, "a comment");
            }
            else if (StartsWith("<?"u8))
            {
                SkipPast("?>"u8, "a processing instruction");
            }
            else
            {
                return;
            }
        }
    }

    private readonly bool StartsWith(ReadOnlySpan<byte> text) => _xml[_position..].StartsWith(text);

    private void SkipSpace()
    {
        while (_position < _xml.Length && _xml[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }
    }

    private void SkipPast(ReadOnlySpan<byte> end, string what)
    {
        int start = _position;
        int found = _xml[_position..].IndexOf(end);
        if (found < 0)
        {
            throw Error($"{what} has no end", start);
        }

        _position += found + end.Length;
    }

    private void SkipText(bool allowText)
    {
        SkipSpace();
        if (_position < _xml.Length && _xml[_position] == (byte)'<')
        {
            return;
        }

        int open = _xml[_position..].IndexOf((byte)'<');
        if (open < 0)
        {
            throw Error("the document ends inside an element", _xml.Length);
        }

        if (!allowText)
        {
            throw Error($"text is not expected inside <{Encoding.UTF8.GetString(Name)}>", _position);
        }

        _position += open;
    }

    private void ReadStartTag()
    {
        int start = ++_position;
        int length = NameLength();
        if (length == 0)
        {
            throw Error("expected a tag name behind '<'", start);
        }

        if (_depth == MaxDepth)
        {
            throw Error($"elements are nested deeper than {MaxDepth}", start);
        }

        _names[_depth++] = new Range(start, length);
        _attributeCount = 0;
        while (true)
        {
            int before = _position;
            SkipSpace();
            byte next = _position < _xml.Length ? _xml[_position] : (byte)0;
            if (next == (byte)'>')
            {
                _position++;
                _isEmpty = false;
                return;
            }

            if (next == (byte)'/' && StartsWith("/>"u8))
            {
                _position += 2;
                _isEmpty = true;
                return;
            }

            if (before == _position || next == 0)
            {
                throw Error(next == 0 ? "the document ends inside a tag" : "expected '>' or an attribute", _position);
            }

            ReadAttribute();
        }
    }

    private void ReadAttribute()
    {
        int start = _position;
        int length = NameLength();
        SkipSpace();
        if (length == 0 || !StartsWith("="u8))
        {
            throw Error("expected an attribute name and '='", start);
        }

        _position++;
        SkipSpace();
        byte quote = _position < _xml.Length ? _xml[_position] : (byte)0;
        if (quote is not ((byte)'"' or (byte)'\''))
        {
            throw Error("expected a value in quotes", _position);
        }

        int end = _xml[(_position + 1)..].IndexOfAny(quote, (byte)'<');
        if (end < 0 || _xml[_position + 1 + end] == (byte)'<')
        {
            throw Error("an attribute value has no end", _position);
        }

        if (_attributeCount == MaxAttributes)
        {
            throw Error($"an element has more than {MaxAttributes} attributes", start);
        }

        for (int i = 0; i < _attributeCount; i++)
        {
            if (_xml.Slice(_attributes[i].Name.Start, _attributes[i].Name.Length).SequenceEqual(_xml.Slice(start, length)))
            {
                throw Error($"the attribute {Encoding.UTF8.GetString(_xml.Slice(start, length))} stands there twice", start);
            }
        }

        _attributes[_attributeCount++] = new AttributeRange(new Range(start, length), new Range(_position + 1, end));
        _position += end + 2;
    }

    private int NameLength()
    {
        int start = _position;
        while (_position < _xml.Length && IsNameByte(_xml[_position]))
        {
            _position++;
        }

        return _position - start > 0 && _xml[start] is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.' ? 0 : _position - start;
    }

    private static bool IsNameByte(byte b) =>
        b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'.' or (byte)'-' or (byte)':' or >= 0x80;

    private void ReadEndTag()
    {
        int start = _position;
        _position += 2;
        int nameStart = _position;
        int length = NameLength();
        SkipSpace();
        if (!StartsWith(">"u8))
        {
            throw Error("an end tag has no '>'", start);
        }

        _position++;
        if (!_xml.Slice(nameStart, length).SequenceEqual(Name))
        {
            throw Error($"</{Encoding.UTF8.GetString(_xml.Slice(nameStart, length))}> closes <{Encoding.UTF8.GetString(Name)}>", start);
        }

        _depth--;
    }

    private void Close()
    {
        _isEmpty = false;
        _depth--;
    }

    private string ReadMixedContent(int start)
    {
        var text = new StringBuilder(Decode(start, _position - start, isAttribute: false));
        while (!StartsWith("</"u8))
        {
            int from = _position;
            if (StartsWith("<![CDATA["u8))
            {
                SkipPast("]]>"u8, "a CDATA section");
                text.Append(Encoding.UTF8.GetString(_xml[(from + 9)..(_position - 3)]));
            }
            else if (StartsWith("<!--"u8))
            {
                SkipPast("-->"u8, "a comment");
            }
            else if (StartsWith("<?"u8))
            {
                SkipPast("?>"u8, "a processing instruction");
            }
            else
            {
                throw Error($"<{Encoding.UTF8.GetString(Name)}> holds text only", from);
            }

            int open = _xml[_position..].IndexOf((byte)'<');
            if (open < 0)
            {
                throw Error("the document ends inside an element", _xml.Length);
            }

            text.Append(Decode(_position, open, isAttribute: false));
            _position += open;
        }

        ReadEndTag();
        return text.ToString();
    }

    private readonly string Decode(int start, int length, bool isAttribute)
    {
        ReadOnlySpan<byte> raw = _xml.Slice(start, length);
        bool plain = raw.IndexOf((byte)'&') < 0 && raw.IndexOf((byte)'\r') < 0 && (!isAttribute || raw.IndexOfAny((byte)'\n', (byte)'\t') < 0);
        if (plain)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var text = new StringBuilder(length);
        while (!raw.IsEmpty)
        {
            int special = isAttribute ? raw.IndexOfAny("&\r\n\t"u8) : raw.IndexOfAny("&\r"u8);
            if (special < 0)
            {
                special = raw.Length;
            }

            text.Append(Encoding.UTF8.GetString(raw[..special]));
            raw = raw[special..];
            if (raw.IsEmpty)
            {
                break;
            }

            if (raw[0] == (byte)'&')
            {
                raw = raw[AppendEntity(text, raw, start + length - raw.Length)..];
            }
            else
            {
                // Line ends are one newline (XML 1.0 §2.11), and white space in attributes is a space (§3.3.3).
                int taken = raw[0] == (byte)'\r' && raw.Length > 1 && raw[1] == (byte)'\n' ? 2 : 1;
                text.Append(isAttribute ? ' ' : '\n');
                raw = raw[taken..];
            }
        }

        return text.ToString();
    }

    private readonly int AppendEntity(StringBuilder text, ReadOnlySpan<byte> raw, int place)
    {
        int end = raw[..Math.Min(raw.Length, 12)].IndexOf((byte)';');
        ReadOnlySpan<byte> name = end < 0 ? default : raw[1..end];
        switch (name)
        {
            case [(byte)'#', .. var code] when TryCharacter(code, out Rune rune):
                text.Append(rune.ToString());
                break;
            case var n when n.SequenceEqual("lt"u8):
                text.Append('<');
                break;
            case var n when n.SequenceEqual("gt"u8):
                text.Append('>');
                break;
            case var n when n.SequenceEqual("amp"u8):
                text.Append('&');
                break;
            case var n when n.SequenceEqual("quot"u8):
                text.Append('"');
                break;
            case var n when n.SequenceEqual("apos"u8):
                text.Append('\'');
                break;
            default:
                throw Error("'&' starts an unknown entity; expected &lt; &gt; &amp; &quot; &apos; or a character number", place);
        }

        return end + 1;
    }

    private static bool TryCharacter(ReadOnlySpan<byte> code, out Rune rune)
    {
        rune = default;
        bool hex = code.Length > 1 && code[0] == (byte)'x';
        uint value = 0;
        foreach (byte b in hex ? code[1..] : code)
        {
            int digit = (char)b is >= '0' and <= '9' ? b - '0' : hex && char.IsAsciiHexDigit((char)b) ? (b | 0x20) - 'a' + 10 : -1;
            if (digit < 0 || value > 0x10FFFF)
            {
                return false;
            }

            value = (value * (hex ? 16u : 10u)) + (uint)digit;
        }

        return code.Length > (hex ? 1 : 0) && (value >= 0x20 || value is 9 or 10 or 13) && value is not (0xFFFE or 0xFFFF) && Rune.TryCreate(value, out rune);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        int position = 0;
        while (position < utf8.Length && Rune.DecodeFromUtf8(utf8[position..], out _, out int consumed) == OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }

    private readonly XmlFormatException Error(string message, int position, bool isWellFormed = false)
    {
        ReadOnlySpan<byte> before = _xml[..Math.Clamp(position, 0, _xml.Length)];
        return new XmlFormatException(message, before.Count((byte)'\n') + 1, before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1, isWellFormed);
    }

    private readonly record struct Range(int Start, int Length);

    private readonly record struct AttributeRange(Range Name, Range Value);

    [InlineArray(MaxDepth)]
    private struct Names
    {
        private Range _first;
    }

    [InlineArray(MaxAttributes)]
    private struct Attributes
    {
        private AttributeRange _first;
    }
}
