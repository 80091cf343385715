using System.Text;

namespace CimHost.Sdk.Cim;

/// <content>Parsing of the text form.</content>
public sealed partial class CimObjectPath
{
    /// <summary>Longest text that is parsed, in characters.</summary>
    public const int MaxTextLength = 64 * 1024;

    private const int MaxKeys = 64;

    /// <summary>
    /// Parses a WBEM URI (DSP0207), with or without scheme, host and namespace: <c>http://host:5988/root/cimv2:CIM_Fan.DeviceID="1"</c>,
    /// <c>root/cimv2:CIM_Fan</c>, <c>CIM_Fan.DeviceID="1"</c>. Numbers become uint64, sint64 or real64; quoted text becomes a string, for
    /// the class's declaration alone can tell a datetime or a reference.
    /// </summary>
    public static bool TryParse(string text, out CimObjectPath? path)
    {
        path = null;
        if (text.Length is 0 or > MaxTextLength)
        {
            return false;
        }

        string? host = null, namespaceName = null;
        ReadOnlySpan<char> rest = text;
        int authority = rest.IndexOf("//");
        if (authority >= 0 && (authority == 0 || rest[..authority] is "http:" or "https:" or "cimxml.wbem:" or "cimxml.wbems:" or "wbem:" or "wbems:"))
        {
            rest = rest[(authority + 2)..];
            int slash = rest.IndexOf('/');
            if (slash <= 0)
            {
                return false;
            }

            host = rest[..slash].ToString();
            rest = rest[(slash + 1)..];
        }

        int nameEnd = rest.IndexOfAny('.', '"', '=');
        int colon = (nameEnd < 0 ? rest : rest[..nameEnd]).LastIndexOf(':');
        if (colon >= 0)
        {
            ReadOnlySpan<char> name = rest[..colon].Trim('/');
            if (name.IndexOf(':') >= 0 || name.IndexOf("//") >= 0)
            {
                return false;
            }

            namespaceName = name.IsEmpty ? null : name.ToString();
            rest = rest[(colon + 1)..];
            nameEnd = nameEnd < 0 ? -1 : nameEnd - colon - 1;
        }

        ReadOnlySpan<char> className = nameEnd < 0 ? rest : rest[..nameEnd];
        if (!IsName(className) || (nameEnd >= 0 && rest[nameEnd] != '.'))
        {
            return false;
        }

        List<CimKeyBinding>? keys = null;
        if (nameEnd >= 0 && !TryParseKeys(rest[(nameEnd + 1)..], out keys))
        {
            return false;
        }

        path = new CimObjectPath(className.ToString(), keys, namespaceName, host);
        return true;
    }

    /// <summary>Parses a WBEM URI; see <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not an object path.</exception>
    public static CimObjectPath Parse(string text) => TryParse(text, out CimObjectPath? path)
        ? path!
        : throw new FormatException($"'{text}' is not an object path; expected [//host/][namespace:]Class[.Key=\"value\",Key2=3].");

    private static bool TryParseKeys(ReadOnlySpan<char> text, out List<CimKeyBinding>? keys)
    {
        keys = [];
        while (true)
        {
            int equal = text.IndexOf('=');
            if (equal <= 0 || !IsName(text[..equal]) || keys.Count == MaxKeys)
            {
                return false;
            }

            string name = text[..equal].ToString();
            text = text[(equal + 1)..];
            if (!TryParseKeyValue(ref text, out CimValue value))
            {
                return false;
            }

            keys.Add(new CimKeyBinding(name, value));
            if (text.IsEmpty)
            {
                return true;
            }

            if (text[0] != ',')
            {
                return false;
            }

            text = text[1..];
        }
    }

    private static bool TryParseKeyValue(ref ReadOnlySpan<char> text, out CimValue value)
    {
        value = default;
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] is '"' or '\'')
        {
            return TryParseQuoted(ref text, out value);
        }

        int comma = text.IndexOf(',');
        ReadOnlySpan<char> word = comma < 0 ? text : text[..comma];
        text = comma < 0 ? default : text[comma..];
        return CimValue.TryParse(CimType.Boolean, word, out value)
            || CimValue.TryParse(CimType.UInt64, word, out value)
            || CimValue.TryParse(CimType.SInt64, word, out value)
            || CimValue.TryParse(CimType.Real64, word, out value);
    }

    private static bool TryParseQuoted(ref ReadOnlySpan<char> text, out CimValue value)
    {
        char quote = text[0];
        var content = new StringBuilder();
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                text = text[(i + 1)..];
                bool isChar = quote == '\'';
                value = !isChar ? content.ToString() : content.Length == 1 ? content[0] : default(CimValue);
                return !isChar || content.Length == 1;
            }

            if (text[i] == '\\' && ++i == text.Length)
            {
                break;
            }

            content.Append(text[i]);
        }

        value = default;
        return false;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        // DSP0004 §A.1: letters, digits, underscore and any character from U+0080 on.
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && c < 0x80)
            {
                return false;
            }
        }

        return true;
    }
}
