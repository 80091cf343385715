using System.Text;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>Reads initializers { "…" "…", "…", … } from C text; comments, blanks and preprocessor lines between them are left out.</summary>
internal ref struct DriveDatabaseScanner(ReadOnlySpan<char> text)
{
    private const int MostFields = 8;
    private const int LongestField = 16 * 1024;
    private ReadOnlySpan<char> _rest = text;

    /// <summary>The texts of the next initializer; false at the end. An initializer that breaks the format is left out.</summary>
    public bool TryReadEntry(out string[] fields)
    {
        while (SkipTo('{'))
        {
            if (ReadFields() is { } found)
            {
                fields = found;
                return true;
            }
        }

        fields = [];
        return false;
    }

    private string[]? ReadFields()
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool any = false;
        while (SkipBlanks())
        {
            char c = _rest[0];
            _rest = _rest[1..];
            switch (c)
            {
                case '"':
                    if (!ReadText(field))
                    {
                        return null;
                    }

                    any = true;
                    break;
                case ',' or '}':
                    if (any)
                    {
                        fields.Add(field.ToString());
                        field.Clear();
                        any = false;
                    }

                    if (c == '}')
                    {
                        return [.. fields];
                    }

                    if (fields.Count > MostFields)
                    {
                        return null;
                    }

                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private bool ReadText(StringBuilder field)
    {
        while (_rest.Length > 0 && field.Length < LongestField)
        {
            char c = _rest[0];
            _rest = _rest[1..];
            if (c is '"' or '\n')
            {
                return c == '"';
            }

            if (c == '\\' && _rest.Length > 0)
            {
                c = _rest[0] switch { 'n' => '\n', 't' => '\t', char other => other };
                _rest = _rest[1..];
            }

            field.Append(c);
        }

        return false;
    }

    private bool SkipTo(char wanted)
    {
        while (SkipBlanks())
        {
            char c = _rest[0];
            _rest = _rest[1..];
            if (c == wanted)
            {
                return true;
            }
        }

        return false;
    }

    // Blanks, comments and lines of the preprocessor. False at the end of the text.
    private bool SkipBlanks()
    {
        while (true)
        {
            _rest = _rest.TrimStart();
            if (_rest.StartsWith("//") || _rest.StartsWith("#"))
            {
                Skip("\n");
            }
            else if (_rest.StartsWith("/*"))
            {
                Skip("*/");
            }
            else
            {
                return _rest.Length > 0;
            }
        }
    }

    private void Skip(string end)
    {
        int at = _rest.IndexOf(end, StringComparison.Ordinal);
        _rest = at < 0 ? [] : _rest[(at + end.Length)..];
    }
}
