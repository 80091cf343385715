namespace CimHost.Wbem.Mof;

/// <content>Values and the small steps.</content>
internal sealed partial class MofParser
{
    private MofValue ReadValue(int depth)
    {
        MofToken token = _lexer.Current;
        switch (token.Kind)
        {
            case MofTokenKind.Text:
                return new MofValue(MofValueKind.Text, ReadStrings(), token.Position);
            case MofTokenKind.Integer:
                _lexer.Next();
                return new MofValue(MofValueKind.Integer, token.Text, token.Position);
            case MofTokenKind.Real:
                _lexer.Next();
                return new MofValue(MofValueKind.Real, token.Text, token.Position);
            case MofTokenKind.Character:
                _lexer.Next();
                return new MofValue(MofValueKind.Character, token.Text, token.Position);
            case MofTokenKind.Alias:
                _lexer.Next();
                return new MofValue(MofValueKind.Alias, token.Text, token.Position);
            case MofTokenKind.Name when token.IsWord("true") || token.IsWord("false"):
                _lexer.Next();
                return new MofValue(MofValueKind.Boolean, token.Text, token.Position);
            case MofTokenKind.Name when token.IsWord("null"):
                _lexer.Next();
                return new MofValue(MofValueKind.Null, token.Text, token.Position);
            case MofTokenKind.Symbol when token.IsSymbol('{'):
                return ReadArrayValue(token, depth);
            default:
                throw Expected("a value");
        }
    }

    private MofValue ReadArrayValue(MofToken open, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new MofSyntaxException(open.Position, $"values are nested deeper than {MaxDepth}");
        }

        _lexer.Next();
        List<MofValue> items = [];
        if (!_lexer.Current.IsSymbol('}'))
        {
            do
            {
                items.Add(ReadValue(depth + 1));
            }
            while (Accept(','));
        }

        Expect('}');
        return new MofValue(MofValueKind.Array, string.Empty, open.Position, items);
    }

    // Strings that follow one another are one string.
    private string ReadStrings()
    {
        string text = _lexer.Next().Text;
        if (_lexer.Current.Kind != MofTokenKind.Text)
        {
            return text;
        }

        var all = new System.Text.StringBuilder(text);
        while (_lexer.Current.Kind == MofTokenKind.Text)
        {
            all.Append(_lexer.Next().Text);
        }

        return all.ToString();
    }

    private string Alias()
    {
        MofToken token = _lexer.Current;
        if (token.Kind != MofTokenKind.Alias)
        {
            throw Expected("an alias such as $Name");
        }

        return _lexer.Next().Text;
    }

    private MofToken Name(string what) => _lexer.Current.Kind == MofTokenKind.Name ? _lexer.Next() : throw Expected(what);

    private bool Accept(char symbol)
    {
        if (!_lexer.Current.IsSymbol(symbol))
        {
            return false;
        }

        _lexer.Next();
        return true;
    }

    private void Expect(char symbol)
    {
        if (!Accept(symbol))
        {
            throw Expected($"'{symbol}'");
        }
    }

    private MofSyntaxException Expected(string what) => new(_lexer.Current.Position, $"expected {what}, found {_lexer.Current}");
}
