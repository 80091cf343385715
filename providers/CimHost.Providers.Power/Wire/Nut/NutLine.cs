using System.Text;

namespace CimHost.Providers.Power.Wire.Nut;

/// <summary>One line of the UPS management protocol as words (RFC 9271 §4): separated by spaces, with quotes around a word that has some, and a backslash before a quote or a backslash.</summary>
internal static class NutLine
{
    /// <summary>Longest line in bytes, without its line feed.</summary>
    public const int MaxLength = 2048;

    private const int MaxWords = 64;

    /// <summary>Splits a line. On failure <paramref name="problem"/> says in the predicate of a sentence what is wrong with it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out IReadOnlyList<string> words, out string? problem)
    {
        var found = new List<string>();
        words = found;
        if (line.Length > MaxLength)
        {
            problem = $"has more than {MaxLength} bytes";
            return false;
        }

        string text = Encoding.UTF8.GetString(line).TrimEnd('\r');
        for (int at = 0; at < text.Length;)
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
                continue;
            }

            if (found.Count >= MaxWords)
            {
                problem = $"has more than {MaxWords} words";
                return false;
            }

            if (!TryReadWord(text, ref at, out string word))
            {
                problem = "ends inside quotes";
                return false;
            }

            found.Add(word);
        }

        problem = null;
        return true;
    }

    private static bool TryReadWord(string text, ref int at, out string word)
    {
        bool quoted = text[at] == '"';
        at += quoted ? 1 : 0;
        var builder = new StringBuilder();
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (quoted ? c == '"' : c is ' ' or '\t')
            {
                at++;
                word = builder.ToString();
                return true;
            }

            if (c == '\\' && at + 1 < text.Length)
            {
                c = text[++at];
            }

            builder.Append(char.IsControl(c) ? ' ' : c);
        }

        word = builder.ToString();
        return !quoted;
    }
}
