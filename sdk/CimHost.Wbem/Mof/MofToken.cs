namespace CimHost.Wbem.Mof;

internal enum MofTokenKind
{
    End,
    Name,
    Alias,
    Text,
    Character,
    Integer,
    Real,
    Symbol,
    Pragma,
}

/// <summary>A word of MOF. The text of a literal is its value; of an integer the digits with sign and base.</summary>
internal readonly record struct MofToken(MofTokenKind Kind, string Text, int Position)
{
    public bool IsSymbol(char symbol) => Kind == MofTokenKind.Symbol && Text[0] == symbol;

    public bool IsWord(string word) => Kind == MofTokenKind.Name && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind switch
    {
        MofTokenKind.End => "the end of the file",
        MofTokenKind.Text => "a string",
        MofTokenKind.Character => $"the character '{Text}'",
        MofTokenKind.Integer or MofTokenKind.Real => $"the number {Text}",
        MofTokenKind.Alias => "$" + Text,
        MofTokenKind.Pragma => "#pragma",
        _ => $"'{Text}'",
    };
}
