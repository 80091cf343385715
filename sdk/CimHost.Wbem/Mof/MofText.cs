using System.Text;
using System.Text.Unicode;

namespace CimHost.Wbem.Mof;

/// <summary>The text of one source with its places.</summary>
internal sealed class MofText
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private MofText(string name, string text)
    {
        Name = name;
        Text = text;
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>Decodes a source; a byte that is no UTF-8 is told with its place.</summary>
    public static MofText Decode(MofSource source, List<MofDiagnostic> diagnostics)
    {
        ReadOnlySpan<byte> bytes = source.Content.Span;
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        if (Utf8.IsValid(bytes))
        {
            return new MofText(source.Name, s_strict.GetString(bytes));
        }

        char[] valid = new char[bytes.Length];
        Utf8.ToUtf16(bytes, valid, out _, out int bad, replaceInvalidSequences: false);
        var text = new MofText(source.Name, Encoding.UTF8.GetString(bytes));
        diagnostics.Add(text.At(bad, MofSeverity.Error, "the text is not valid UTF-8 here"));
        return new MofText(source.Name, string.Empty);
    }

    /// <summary>True when only space stands before the position in its line.</summary>
    public bool StartsLine(int position)
    {
        int lineStart = position == 0 ? 0 : Text.LastIndexOf('\n', position - 1) + 1;
        return Text.AsSpan(lineStart, position - lineStart).IsWhiteSpace();
    }

    public MofDiagnostic At(int position, MofSeverity severity, string message)
    {
        position = Math.Min(position, Text.Length);
        int lineStart = position == 0 ? 0 : Text.LastIndexOf('\n', position - 1) + 1;
        int lineEnd = Text.IndexOf('\n', position);
        string line = Text[lineStart..(lineEnd < 0 ? Text.Length : lineEnd)].TrimEnd('\r');
        int number = Text.AsSpan(0, lineStart).Count('\n') + 1;
        return new MofDiagnostic(severity, Name, number, position - lineStart + 1, message, line);
    }
}
