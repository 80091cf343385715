namespace CimHost.Wbem.Mof;

/// <summary>How bad a finding of the compiler is.</summary>
public enum MofSeverity
{
    /// <summary>Told, and passed over.</summary>
    Warning,

    /// <summary>The compilation fails.</summary>
    Error,
}

/// <summary>A finding of the compiler.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="File">File as it was named.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Column">Character in the line from 1.</param>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="SourceLine">The line, without its end.</param>
public sealed record MofDiagnostic(MofSeverity Severity, string File, int Line, int Column, string Message, string SourceLine)
{
    private const int MaxShown = 160;

    /// <summary><c>file:line:column: error: message</c>, the line and a caret below the place.</summary>
    public override string ToString()
    {
        string severity = Severity == MofSeverity.Error ? "error" : "warning";

        // A very long line is shown around the place only.
        int start = Column > MaxShown ? Column - (MaxShown / 2) : 0;
        string shown = SourceLine.Length - start > MaxShown ? SourceLine.Substring(start, MaxShown) : SourceLine[Math.Min(start, SourceLine.Length)..];
        string caret = string.Concat(shown.Take(Math.Max(0, Column - 1 - start)).Select(c => c == '\t' ? '\t' : ' ')) + "^";
        return $"{File}:{Line}:{Column}: {severity}: {Message}\n  {shown}\n  {caret}";
    }
}
