using System.Text;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query.Parsing;

/// <summary>Cuts a query into words. WQL, CQL and FQL share them.</summary>
internal sealed class QueryLexer
{
    /// <summary>Longest query, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly string[] s_symbols = ["<>", "<=", ">=", "!=", "==", "::", "..", "=", "<", ">", "(", ")", ",", ".", "*", "/", "#", "[", "]", "+", "-"];

    private readonly string _text;
    private int _position;

    public QueryLexer(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"The query has {text.Length} characters; at most {MaxLength} are allowed.");
        }

        _text = text;
        Next();
    }

    /// <summary>The word that is read next.</summary>
    public QueryToken Current { get; private set; }

    /// <summary>Goes on to the next word and returns the one before.</summary>
    public QueryToken Next()
    {
        QueryToken token = Current;
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }

        Current = _position == _text.Length ? new QueryToken(QueryTokenKind.End, string.Empty, _position + 1) : Read();
        return token;
    }

    /// <summary>An error at a word.</summary>
    public static CimException Error(QueryToken token, string expected) =>
        new(CimStatusCode.InvalidQuery, $"Character {token.Position} of the query: expected {expected}, found {token}.");

    /// <summary>Goes over a symbol that has to be here.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void Expect(string symbol)
    {
        QueryToken token = Next();
        if (!token.IsSymbol(symbol))
        {
            throw Error(token, $"'{symbol}'");
        }
    }

    /// <summary>Goes over a keyword that has to be here.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position.</exception>
    public void ExpectWord(string word)
    {
        QueryToken token = Next();
        if (!token.IsWord(word))
        {
            throw Error(token, word);
        }
    }

    private QueryToken Read()
    {
        int start = _position;
        char c = _text[start];
        if (c is '\'' or '"')
        {
            return ReadText(c);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && start + 1 < _text.Length && char.IsAsciiDigit(_text[start + 1])))
        {
            return ReadNumber();
        }

        if (char.IsAsciiLetter(c) || c == '_' || c >= 0x80)
        {
            while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_' || _text[_position] >= 0x80))
            {
                _position++;
            }

            return new QueryToken(QueryTokenKind.Name, _text[start.._position], start + 1);
        }

        foreach (string symbol in s_symbols)
        {
            if (string.CompareOrdinal(_text, start, symbol, 0, symbol.Length) == 0)
            {
                _position += symbol.Length;
                return new QueryToken(QueryTokenKind.Symbol, symbol, start + 1);
            }
        }

        throw new CimException(CimStatusCode.InvalidQuery, $"Character {start + 1} of the query: '{c}' means nothing here.");
    }

    private QueryToken ReadText(char quote)
    {
        int start = _position++;
        var content = new StringBuilder();
        while (_position < _text.Length)
        {
            char c = _text[_position++];
            if (c == quote)
            {
                return new QueryToken(QueryTokenKind.Text, content.ToString(), start + 1);
            }

            // A backslash keeps its meaning for LIKE unless it escapes a quote or itself.
            if (c == '\\' && _position < _text.Length && (_text[_position] == quote || _text[_position] == '\\'))
            {
                c = _text[_position++];
            }

            content.Append(c);
        }

        throw new CimException(CimStatusCode.InvalidQuery, $"Character {start + 1} of the query: the quoted text has no end.");
    }

    private QueryToken ReadNumber()
    {
        int start = _position;
        while (_position < _text.Length)
        {
            char c = _text[_position];
            bool exponentSign = c is '+' or '-' && _text[_position - 1] is 'e' or 'E' && !_text.AsSpan(start).StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            bool isRange = c == '.' && _position + 1 < _text.Length && _text[_position + 1] == '.';
            if (isRange || (!char.IsAsciiLetterOrDigit(c) && c != '.' && !exponentSign))
            {
                break;
            }

            _position++;
        }

        return new QueryToken(QueryTokenKind.Number, _text[start.._position], start + 1);
    }
}
