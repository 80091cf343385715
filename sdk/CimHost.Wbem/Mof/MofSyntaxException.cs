namespace CimHost.Wbem.Mof;

/// <summary>A finding at a place of the text under way; the parser turns it into a diagnostic and goes on.</summary>
internal sealed class MofSyntaxException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}
