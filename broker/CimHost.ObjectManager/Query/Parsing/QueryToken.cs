using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query.Parsing;

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

    /// <summary>CIM_ERR_INVALID_QUERY at this word.</summary>
    public CimException Invalid(string reason) => new(CimStatusCode.InvalidQuery, $"Character {Position} of the query: {reason}");

    /// <summary>CIM_ERR_QUERY_FEATURE_NOT_SUPPORTED at this word.</summary>
    public CimException NotSupported(string reason) => new(CimStatusCode.QueryFeatureNotSupported, $"Character {Position} of the query: {reason}");

    /// <summary>The word as an error message shows it.</summary>
    public override string ToString() => Kind == QueryTokenKind.End ? "the end of the query" : $"'{Text}'";
}
