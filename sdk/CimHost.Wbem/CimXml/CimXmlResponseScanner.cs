using System.Buffers;
using System.Text;

namespace CimHost.Wbem.CimXml;

/// <summary>What the scanner found.</summary>
internal enum CimXmlResponseStep
{
    /// <summary>More bytes are needed.</summary>
    NeedMore,

    /// <summary>The start tag of an element around the parts.</summary>
    Enter,

    /// <summary>A whole element: an object of the return value, RETURNVALUE, PARAMVALUE, ERROR or CORRELATOR.</summary>
    Part,

    /// <summary>The message is over.</summary>
    End,
}

/// <summary>
/// Cuts a response message (DSP0201 §5.4.7–§5.4.13) into elements that can be parsed one by one while the rest is still on its way. It
/// looks at markup only; what is inside an element is for the XML reader.
/// </summary>
internal sealed class CimXmlResponseScanner
{
    private static readonly SearchValues<byte> s_nameEnds = SearchValues.Create(" \t\r\n/>"u8);

    private readonly List<string> _open = [];
    private bool _rootSeen;

    // How far the element at the start of the data was looked through, and how many elements were open there.
    private int _partOffset;
    private int _partDepth;

    /// <summary>The elements that are open, outermost first.</summary>
    public IReadOnlyList<string> Open => _open;

    /// <summary>Looks for the next step.</summary>
    /// <param name="data">Everything behind what was consumed before.</param>
    /// <param name="consumed">Bytes that are done with, the element included.</param>
    /// <param name="element">Where the tag or the element is in the data.</param>
    /// <exception cref="CimXmlResponseException">This is no response message.</exception>
    public CimXmlResponseStep Next(ReadOnlySpan<byte> data, out int consumed, out Range element)
    {
        consumed = 0;
        element = default;
        while (true)
        {
            consumed += SpaceLength(data[consumed..]);
            ReadOnlySpan<byte> rest = data[consumed..];
            if (rest.IsEmpty)
            {
                return _rootSeen && _open.Count == 0 ? CimXmlResponseStep.End : CimXmlResponseStep.NeedMore;
            }

            if (rest[0] != (byte)'<')
            {
                if (!_rootSeen && rest.Length < 3 && rest[0] == 0xEF)
                {
                    return CimXmlResponseStep.NeedMore;
                }

                throw new CimXmlResponseException($"Text is not expected {Place()}: '{Shown(rest)}'.");
            }

            int length = MarkupLength(rest, out Markup kind);
            if (length < 0)
            {
                return CimXmlResponseStep.NeedMore;
            }

            switch (kind)
            {
                case Markup.Comment or Markup.Instruction:
                    consumed += length;
                    continue;
                case Markup.CharacterData:
                    throw new CimXmlResponseException($"Text is not expected {Place()}.");
                case Markup.EndTag:
                    Close(rest[..length]);
                    consumed += length;
                    continue;
            }

            string name = TagName(rest[1..]);
            if (IsEnvelope(name))
            {
                Enter(name, kind == Markup.EmptyTag);
                element = consumed..(consumed + length);
                consumed += length;
                return CimXmlResponseStep.Enter;
            }

            CheckPart(name);
            if (!TryFindEnd(rest, out int end))
            {
                return CimXmlResponseStep.NeedMore;
            }

            element = consumed..(consumed + end);
            consumed += end;
            return CimXmlResponseStep.Part;
        }
    }

    /// <summary>Where the scanner is, for messages: "inside &lt;IRETURNVALUE&gt;".</summary>
    public string Place() => _open.Count > 0 ? $"inside <{_open[^1]}>" : _rootSeen ? "behind the message" : "before the message";

    private static bool IsEnvelope(string name) => name is "CIM" or "MESSAGE" or "SIMPLERSP" or "MULTIRSP" or "SIMPLEEXPRSP" or "MULTIEXPRSP"
        or "IMETHODRESPONSE" or "METHODRESPONSE" or "EXPMETHODRESPONSE" or "IRETURNVALUE";

    private void Enter(string name, bool isEmpty)
    {
        string? parent = _open.Count > 0 ? _open[^1] : null;
        bool fits = name switch
        {
            "CIM" => parent is null && !_rootSeen,
            "MESSAGE" => parent is "CIM",
            "SIMPLERSP" => parent is "MESSAGE" or "MULTIRSP",
            "SIMPLEEXPRSP" => parent is "MESSAGE" or "MULTIEXPRSP",
            "MULTIRSP" or "MULTIEXPRSP" => parent is "MESSAGE",
            "IRETURNVALUE" => parent is "IMETHODRESPONSE" or "EXPMETHODRESPONSE",
            _ => parent is "SIMPLERSP" or "SIMPLEEXPRSP",
        };
        if (!fits)
        {
            throw new CimXmlResponseException($"<{name}> is not expected {Place()}.");
        }

        _rootSeen = true;
        if (!isEmpty)
        {
            _open.Add(name);
        }
    }

    private void CheckPart(string name)
    {
        string? parent = _open.Count > 0 ? _open[^1] : null;
        bool fits = parent switch
        {
            "IRETURNVALUE" => true,
            "IMETHODRESPONSE" or "METHODRESPONSE" or "EXPMETHODRESPONSE" => name is "ERROR" or "RETURNVALUE" or "PARAMVALUE",
            "SIMPLERSP" or "SIMPLEEXPRSP" => name is "CORRELATOR",
            _ => false,
        };
        if (!fits)
        {
            throw new CimXmlResponseException($"<{name}> is not expected {Place()}; this is no CIM-XML response.");
        }
    }

    private void Close(ReadOnlySpan<byte> tag)
    {
        string name = TagName(tag[2..]);
        if (_open.Count == 0 || _open[^1] != name)
        {
            throw new CimXmlResponseException($"</{name}> is not expected {Place()}.");
        }

        _open.RemoveAt(_open.Count - 1);
    }

    // The end of the element at the start of the data; goes on where the last call had to stop.
    private bool TryFindEnd(ReadOnlySpan<byte> data, out int end)
    {
        end = 0;
        while (true)
        {
            int open = data[_partOffset..].IndexOf((byte)'<');
            if (open < 0)
            {
                _partOffset = data.Length;
                return false;
            }

            _partOffset += open;
            int length = MarkupLength(data[_partOffset..], out Markup kind);
            if (length < 0)
            {
                return false;
            }

            _partOffset += length;
            _partDepth += kind switch
            {
                Markup.StartTag => 1,
                Markup.EndTag => -1,
                _ => 0,
            };
            if (_partDepth == 0)
            {
                end = _partOffset;
                _partOffset = 0;
                return true;
            }
        }
    }

    private enum Markup
    {
        StartTag,
        EmptyTag,
        EndTag,
        Comment,
        Instruction,
        CharacterData,
    }

    // Length of the markup that starts at '<', or -1 when its end is not there yet.
    private int MarkupLength(ReadOnlySpan<byte> data, out Markup kind)
    {
        kind = Markup.StartTag;
        if (data.Length < 2)
        {
            return -1;
        }

        switch (data[1])
        {
            case (byte)'/':
                kind = Markup.EndTag;
                return Past(data, ">"u8, 2);
            case (byte)'?':
                kind = Markup.Instruction;
                return Past(data, "?>"u8, 2);
            case (byte)'!':
                return DeclarationLength(data, out kind);
        }

        for (int i = 1; i < data.Length; i++)
        {
            if (data[i] == (byte)'>')
            {
                kind = data[i - 1] == (byte)'/' ? Markup.EmptyTag : Markup.StartTag;
                return i + 1;
            }

            if (data[i] is (byte)'"' or (byte)'\'')
            {
                int close = data[(i + 1)..].IndexOf(data[i]);
                if (close < 0)
                {
                    return -1;
                }

                i += close + 1;
            }
        }

        return -1;
    }

    private int DeclarationLength(ReadOnlySpan<byte> data, out Markup kind)
    {
        kind = Markup.Comment;
        if (StartsLike(data, "<!--"u8))
        {
            return data.Length < 4 ? -1 : Past(data, "-->"u8, 4);
        }

        kind = Markup.CharacterData;
        return !StartsLike(data, "<![CDATA["u8) ? throw new CimXmlResponseException($"A declaration is not allowed {Place()}: '{Shown(data)}'.")
            : data.Length < 9 ? -1
            : Past(data, "]]>"u8, 9);
    }

    private static bool StartsLike(ReadOnlySpan<byte> data, ReadOnlySpan<byte> start) =>
        data[..Math.Min(data.Length, start.Length)].SequenceEqual(start[..Math.Min(data.Length, start.Length)]);

    private static int Past(ReadOnlySpan<byte> data, ReadOnlySpan<byte> end, int from)
    {
        int found = data[from..].IndexOf(end);
        return found < 0 ? -1 : from + found + end.Length;
    }

    private int SpaceLength(ReadOnlySpan<byte> data)
    {
        int length = !_rootSeen && data.StartsWith("\uFEFF"u8) ? 3 : 0;
        int other = data[length..].IndexOfAnyExcept(" \t\r\n"u8);
        return other < 0 ? data.Length : length + other;
    }

    private static string TagName(ReadOnlySpan<byte> data)
    {
        int end = data.IndexOfAny(s_nameEnds);
        return Shown(end < 0 ? data : data[..end]);
    }

    private static string Shown(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        foreach (byte b in data[..Math.Min(data.Length, 60)])
        {
            text.Append(b is >= 0x20 and < 0x7f ? (char)b : '\uFFFD');
        }

        return text.ToString();
    }
}
