using System.Globalization;

namespace CimHost.VmKernel.Users.Files;

/// <summary>The rules for single fields of account files.</summary>
internal static class AccountFields
{
    /// <summary>Longest name of a user or group.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Longest description, directory or shell.</summary>
    public const int MaxTextLength = 255;

    // Linux keeps the largest two values of a 32-bit id for itself, and int is what the kernel's calls carry.
    private const int MaxId = int.MaxValue - 1;

    /// <summary>What a name has to be, for messages.</summary>
    public const string NameRule = "1 to 64 ASCII letters, digits, '.', '_' and '-', not only digits, and no '.' or '-' at the beginning";

    /// <summary>
    /// Whether a name is portable (POSIX.1-2017 §3.437 User Name and §3.190 Group Name: the portable filename character set without a
    /// hyphen at the beginning). A name of digits alone would be taken for an id, one that begins with a dot for a hidden file.
    /// </summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name[0] is not ('.' or '-')
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && !name.All(char.IsAsciiDigit);

    /// <summary>Whether a text can stand in a field: no colon, no control character, not too long.</summary>
    public static bool IsText(string text) => text.Length <= MaxTextLength && !text.Any(static c => c == ':' || char.IsControl(c)) && IsWellFormed(text);

    /// <summary>Whether a text is an absolute path or empty.</summary>
    public static bool IsPath(string path) => IsText(path) && (path.Length == 0 || path[0] == '/');

    /// <summary>Reads a user or group id in the one form that it is written in.</summary>
    public static bool TryReadId(string text, out int id) => TryReadNumber(text, out id) && id <= MaxId;

    // A surrogate without its partner has no form in UTF-8.
    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a number from 0 without sign, blanks and leading zeros.</summary>
    public static bool TryReadNumber(string text, out int number)
    {
        // .NET passes over NUL characters at the end of a number.
        number = 0;
        return text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');
    }
}
