using System.Globalization;
using System.Text;

namespace CimHost.Providers.Sensors.Wire;

/// <summary>The content of a sysfs attribute: one value as text with a line feed behind it (Documentation/filesystems/sysfs.rst).</summary>
internal static class SysfsText
{
    private const int MaxText = 256;
    private const int MaxShown = 40;

    /// <summary>
    /// Reads a decimal integer with an optional sign, alone in its file but for white space. On failure <paramref name="problem"/> says in
    /// the predicate of a sentence what the file holds instead ("is empty", "holds 'abc', which is no integer").
    /// </summary>
    public static bool TryReadInteger(ReadOnlySpan<byte> content, out long value, out string? problem)
    {
        ReadOnlySpan<byte> digits = Trim(content);
        if (digits.IsEmpty)
        {
            value = 0;
            problem = "is empty";
            return false;
        }

        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            problem = null;
            return true;
        }

        problem = IsInteger(digits) ? $"holds {Show(digits)}, which is larger than 64 bits" : $"holds '{Show(digits)}', which is no integer";
        return false;
    }

    /// <summary>Reads a line of text without the white space around it; null when nothing is left. Control characters become spaces; at most 256 characters are kept.</summary>
    public static string? ReadText(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> trimmed = Trim(content);
        int end = trimmed.IndexOf((byte)'\n');
        string text = Printable(end < 0 ? trimmed : trimmed[..end], MaxText).Trim();
        return text.Length == 0 ? null : text;
    }

    private static bool IsInteger(ReadOnlySpan<byte> text) =>
        !text.TrimStart("+-"u8).IsEmpty && text.Length - text.TrimStart("+-"u8).Length <= 1 && text.TrimStart("+-"u8).IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> content) => content.Trim(" \t\r\n\0"u8);

    private static string Show(ReadOnlySpan<byte> text) => text.Length <= MaxShown ? Printable(text, MaxShown) : Printable(text, MaxShown) + "…";

    private static string Printable(ReadOnlySpan<byte> text, int limit)
    {
        string decoded = Encoding.UTF8.GetString(text[..Math.Min(text.Length, limit)]);
        return string.Create(decoded.Length, decoded, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
