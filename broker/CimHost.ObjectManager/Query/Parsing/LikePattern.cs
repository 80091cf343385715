using System.Text;
using System.Text.RegularExpressions;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query.Parsing;

/// <summary>
/// Patterns of LIKE, made into regular expressions that run in linear time. WQL: <c>%</c>, <c>_</c>, <c>[a-f]</c>, <c>[^a-f]</c> over the
/// whole text. FQL and CQL (DSP1001 Annex B): a regular expression with <c>. * + ? [ ] ( ) | ^ $ \</c> over the whole text.
/// </summary>
internal static class LikePattern
{
    private const int MaxLength = 1024;

    public static Regex FromWql(QueryToken token)
    {
        var pattern = new StringBuilder("^");
        string text = token.Text;
        for (int i = 0; i < text.Length; i++)
        {
            int close = text[i] == '[' ? text.IndexOf(']', i + 1) : -1;
            if (close > i + 1)
            {
                string set = text[(i + 1)..close];
                pattern.Append('[').Append(set.StartsWith('^') ? "^" : string.Empty).Append(set.TrimStart('^').Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal)).Append(']');
                i = close;
                continue;
            }

            pattern.Append(text[i] switch
            {
                '%' => ".*",
                '_' => ".",
                char c => Regex.Escape(c.ToString()),
            });
        }

        return Make(token, pattern.Append('$').ToString(), RegexOptions.IgnoreCase);
    }

    public static Regex FromDmtf(QueryToken token) => Make(token, "^(?:" + Escape(token.Text) + ")$", RegexOptions.None);

    // Only what DSP1001 defines keeps a meaning; the rest of .NET's syntax is plain text.
    private static string Escape(string text)
    {
        var pattern = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when i + 1 < text.Length:
                    pattern.Append(Regex.Escape(text[++i].ToString()));
                    break;
                case '{' or '}' or '#' or '\\':
                    pattern.Append('\\').Append(text[i]);
                    break;
                case '(' when i + 1 < text.Length && text[i + 1] == '?':
                    pattern.Append('(').Append('\\');
                    break;
                default:
                    pattern.Append(text[i]);
                    break;
            }
        }

        return pattern.ToString();
    }

    private static Regex Make(QueryToken token, string pattern, RegexOptions options)
    {
        if (pattern.Length > MaxLength)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"Character {token.Position} of the query: the pattern is longer than {MaxLength} characters.");
        }

        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new CimException(CimStatusCode.InvalidQuery, $"Character {token.Position} of the query: '{token.Text}' is no pattern.", e);
        }
    }
}
