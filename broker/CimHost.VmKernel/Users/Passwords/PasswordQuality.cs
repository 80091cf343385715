using System.Globalization;
using System.Text;

namespace CimHost.VmKernel.Users.Passwords;

/// <summary>
/// The rules for new passwords, in the words of pam_passwdqc and of ESXi's Security.PasswordQualityControl. Characters are of four
/// classes: digits, lower-case letters, upper-case letters and all others; an upper-case letter at the beginning and a digit at the end do
/// not count, as that is where everybody puts them.
/// </summary>
/// <remarks>
/// <c>min=N0,N1,N2,N3,N4</c>: shortest password of one class, of two, a passphrase, of three classes, of four; <c>disabled</c> allows none
/// of that kind. <c>max=N</c>: longest. <c>passphrase=N</c>: words of a passphrase, 3 unless said. <c>retry=N</c> is taken and means
/// nothing here: who is refused asks again.
/// </remarks>
public sealed class PasswordQuality
{
    /// <summary>ESXi's rule: seven characters of three classes, or of four.</summary>
    public const string DefaultRule = "retry=3 min=disabled,disabled,disabled,7,7";

    private const int Disabled = int.MaxValue;
    private const int PassphraseKind = 2;
    private const int ShortestNameThatCounts = 3;

    private readonly int[] _min;
    private readonly int _max;
    private readonly int _words;

    private PasswordQuality(int[] min, int max, int words)
    {
        _min = min;
        _max = max;
        _words = words;
    }

    /// <summary>Reads a rule.</summary>
    /// <exception cref="FormatException">A word of it is not known or has no fitting value.</exception>
    public static PasswordQuality Parse(string rule)
    {
        int[]? min = null;
        int max = PasswordHash.MaxPasswordLength;
        int words = 3;
        foreach (string word in rule.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string value = word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
            switch (word.Split('=')[0])
            {
                case "min":
                    min = [.. value.Split(',').Select(v => v == "disabled" ? Disabled : Number(word, v, 1, PasswordHash.MaxPasswordLength))];
                    break;
                case "max":
                    max = Number(word, value, 8, PasswordHash.MaxPasswordLength);
                    break;
                case "passphrase":
                    words = Number(word, value, 2, 20);
                    break;
                case "retry":
                    Number(word, value, 0, 100);
                    break;
                default:
                    throw new FormatException($"'{word}' is no word of a password rule; known are min=, max=, passphrase= and retry=.");
            }
        }

        return min is { Length: 5 }
            ? new PasswordQuality(min, max, words)
            : throw new FormatException("a password rule needs min= with five values such as min=disabled,disabled,disabled,7,7.");
    }

    /// <summary>What a password lacks, as a sentence; null when it is good.</summary>
    /// <param name="password">The new password.</param>
    /// <param name="userName">Whose it is; a password may not hold the name.</param>
    public string? WhatIsMissing(string password, string userName)
    {
        if (password.Any(char.IsControl))
        {
            return "A password has no control characters.";
        }

        if (password.Length > _max)
        {
            return $"The password has {password.Length} characters; at most {_max} are allowed.";
        }

        if (userName.Length >= ShortestNameThatCounts && password.Contains(userName, StringComparison.OrdinalIgnoreCase))
        {
            return "The password holds the user's name.";
        }

        int length = password.EnumerateRunes().Count();
        int classes = Classes(password);
        return IsAllowed(KindOf(classes), length) || (Words(password) >= _words && IsAllowed(PassphraseKind, length)) ? null : Sentence(length, classes);
    }

    private bool IsAllowed(int kind, int length) => kind >= 0 && length >= _min[kind];

    // The third value of min= is for passphrases, so that three and four classes come after it.
    private static int KindOf(int classes) => classes switch
    {
        <= 0 => -1,
        1 => 0,
        2 => 1,
        3 => 3,
        _ => 4,
    };

    private string Sentence(int length, int classes)
    {
        string[] kinds = ["of one class", "of two classes", $"in {_words} or more words", "of three classes", "of four classes"];
        List<string> allowed = [.. kinds.Select((kind, i) => (kind, i)).Where(k => _min[k.i] != Disabled).Select(k => $"{_min[k.i]} characters {k.kind}")];
        return $"The password is too weak: it has {length} characters of {classes} {(classes == 1 ? "class" : "classes")}; needed are "
            + (allowed.Count == 0 ? "none (the rule allows no password)" : "at least " + string.Join(", or ", allowed))
            + ". Classes are digits, lower-case letters, upper-case letters and others; an upper-case letter at the beginning and a digit at the end do not count.";
    }

    private static int Classes(string password)
    {
        var runes = password.EnumerateRunes().ToList();
        bool digit = false, lower = false, upper = false, other = false;
        for (int i = 0; i < runes.Count; i++)
        {
            Rune rune = runes[i];
            bool isDigit = Rune.IsDigit(rune);
            bool isUpper = Rune.IsUpper(rune);
            digit |= isDigit && i != runes.Count - 1;
            upper |= isUpper && i != 0;
            lower |= Rune.IsLower(rune);
            other |= !isDigit && !isUpper && !Rune.IsLower(rune);
        }

        return (digit ? 1 : 0) + (lower ? 1 : 0) + (upper ? 1 : 0) + (other ? 1 : 0);
    }

    private static int Words(string password) => password.Split([' ', '-', '_', '.', ',', ';', ':', '/'], StringSplitOptions.RemoveEmptyEntries).Length;

    private static int Number(string word, string text, int low, int high) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= low && number <= high
            ? number
            : throw new FormatException($"'{word}': expected a number from {low} to {high}{(word.StartsWith("min", StringComparison.Ordinal) ? ", or disabled" : string.Empty)}.");
}
