namespace CimHost.ObjectManager.Query;

/// <summary>Kinds of words in a query.</summary>
internal enum QueryTokenKind
{
    End,
    Name,
    Text,
    Number,
    Symbol,
}

/// <summary>A word of a query.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">The word; for quoted text its content without quotes and escapes.</param>
/// <param name="Position">Where it stands, counted in characters from 1.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text, int Position)
{
    /// <summary>True for this symbol.</summary>
    public bool IsSymbol(string symbol) => Kind == QueryTokenKind.Symbol && Text == symbol;

    /// <summary>True for this keyword, in any case.</summary>
    public bool IsWord(string word) => Kind == QueryTokenKind.Name && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The word as an error message shows it.</summary>
    public override string ToString() => Kind == QueryTokenKind.End ? "the end of the query" : $"'{Text}'";
}
