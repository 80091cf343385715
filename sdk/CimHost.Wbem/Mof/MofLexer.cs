using System.Text;

namespace CimHost.Wbem.Mof;

/// <summary>Cuts MOF into words (DSP0004 Annex A). Names are shared: a schema says the same few thousand names again and again.</summary>
internal sealed class MofLexer
{
    private readonly string _text;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _names = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly StringBuilder _literal = new();
    private int _position;

    public MofLexer(string text)
    {
        _text = text;
        Current = new MofToken(MofTokenKind.Symbol, ";", 0);
    }

    /// <summary>The word that is read next.</summary>
    public MofToken Current { get; private set; }

    /// <summary>Goes on to the next word and returns the one before.</summary>
    public MofToken Next()
    {
        MofToken token = Current;
        SkipSpace();
        Current = Read();
        return token;
    }

    private char Peek(int offset = 0) => _position + offset < _text.Length ? _text[_position + offset] : '\0';

    private void SkipSpace()
    {
        while (_position < _text.Length)
        {
            char c = _text[_position];
            if (c is ' ' or '\t' or '\r' or '\n' or '\f' or '\v')
            {
                _position++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                int end = _text.IndexOf('\n', _position);
                _position = end < 0 ? _text.Length : end + 1;
            }
            else if (c == '/' && Peek(1) == '*')
            {
                int start = _position;
                int end = _text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                _position = end < 0 ? _text.Length : end + 2;
                if (end < 0)
                {
                    throw new MofSyntaxException(start, "the comment has no end; expected '*/'");
                }
            }
            else
            {
                return;
            }
        }
    }

    private MofToken Read()
    {
        int start = _position;
        if (start >= _text.Length)
        {
            return new MofToken(MofTokenKind.End, string.Empty, start);
        }

        char c = _text[start];
        if (IsNameStart(c))
        {
            return new MofToken(MofTokenKind.Name, ReadName(), start);
        }

        if (c == '"')
        {
            return new MofToken(MofTokenKind.Text, ReadString(), start);
        }

        if (char.IsAsciiDigit(c) || c is '+' or '-' || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return ReadNumber();
        }

        _position++;
        switch (c)
        {
            case '{' or '}' or '(' or ')' or '[' or ']' or ';' or ',' or ':' or '=':
                return new MofToken(MofTokenKind.Symbol, Symbol(c), start);
            case '$' when IsNameStart(Peek()):
                return new MofToken(MofTokenKind.Alias, ReadName(), start);
            case '#' when string.Compare(_text, _position, "pragma", 0, 6, StringComparison.OrdinalIgnoreCase) == 0:
                _position += 6;
                return new MofToken(MofTokenKind.Pragma, "#pragma", start);
            case '\'':
                return ReadCharacter(start);
            default:
                throw new MofSyntaxException(start, $"'{c}' means nothing here");
        }
    }

    private static string Symbol(char c) => c switch
    {
        '{' => "{",
        '}' => "}",
        '(' => "(",
        ')' => ")",
        '[' => "[",
        ']' => "]",
        ';' => ";",
        ',' => ",",
        ':' => ":",
        _ => "=",
    };

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80;

    private string ReadName()
    {
        int start = _position++;
        while (_position < _text.Length && (IsNameStart(_text[_position]) || char.IsAsciiDigit(_text[_position])))
        {
            _position++;
        }

        ReadOnlySpan<char> name = _text.AsSpan(start, _position - start);
        if (!_names.TryGetValue(name, out string? shared))
        {
            shared = name.ToString();
            _names[name] = shared;
        }

        return shared;
    }

    private string ReadString()
    {
        int start = _position++;

        // Most strings have no escape and are taken as they stand.
        int plain = _text.AsSpan(_position).IndexOfAny('"', '\\', '\n');
        if (plain >= 0 && _text[_position + plain] == '"')
        {
            string text = _text.Substring(_position, plain);
            _position += plain + 1;
            return text;
        }

        _literal.Clear();
        while (true)
        {
            switch (Peek())
            {
                case '\0' or '\n' when _position >= _text.Length || _text[_position] == '\n':
                    throw new MofSyntaxException(start, "the string has no end on its line; expected '\"'");
                case '"':
                    _position++;
                    return _literal.ToString();
                case '\\':
                    _literal.Append(ReadEscape());
                    break;
                default:
                    _literal.Append(_text[_position++]);
                    break;
            }
        }
    }

    private char ReadEscape()
    {
        int start = _position;
        _position += 2;
        switch (start + 1 < _text.Length ? _text[start + 1] : '\0')
        {
            case 'b': return '\b';
            case 't': return '\t';
            case 'n': return '\n';
            case 'f': return '\f';
            case 'r': return '\r';
            case '"': return '"';
            case '\'': return '\'';
            case '\\': return '\\';
            case 'x' or 'X':
                int value = 0, digits = 0;
                for (; digits < 4 && char.IsAsciiHexDigit(Peek()); digits++)
                {
                    value = (value * 16) + Convert.ToInt32(_text[_position++].ToString(), 16);
                }

                return digits > 0 ? (char)value : throw new MofSyntaxException(start, "expected one to four hexadecimal digits after '\\x'");
            default:
                throw new MofSyntaxException(start, "unknown escape; expected \\b \\t \\n \\f \\r \\\" \\' \\\\ or \\xHHHH");
        }
    }

    private MofToken ReadCharacter(int start)
    {
        if (Peek() is '\0' or '\n' or '\'')
        {
            throw new MofSyntaxException(start, "expected one character between the quotes");
        }

        char value = Peek() == '\\' ? ReadEscape() : _text[_position++];
        if (Peek() != '\'')
        {
            throw new MofSyntaxException(start, "expected one character between the quotes");
        }

        _position++;
        return new MofToken(MofTokenKind.Character, value.ToString(), start);
    }

    private MofToken ReadNumber()
    {
        int start = _position++;
        while (_position < _text.Length)
        {
            char c = _text[_position];
            bool exponentSign = c is '+' or '-' && _text[_position - 1] is 'e' or 'E';
            if (!char.IsAsciiLetterOrDigit(c) && c != '.' && !exponentSign)
            {
                break;
            }

            _position++;
        }

        string text = _text[start.._position];
        bool isHex = text.Contains("0x", StringComparison.OrdinalIgnoreCase);
        bool isReal = !isHex && (text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.OrdinalIgnoreCase));
        return new MofToken(isReal ? MofTokenKind.Real : MofTokenKind.Integer, text, start);
    }
}
