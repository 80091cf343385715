using System.Globalization;
using System.Text;

namespace CimHost.Providers.Power.Wire.Linux;

/// <summary>The content of a sysfs attribute: one value as text with a line feed behind it (Documentation/filesystems/sysfs.rst).</summary>
internal static class SysfsNumber
{
    private const int MaxText = 128;

    /// <summary>Reads a decimal integer with an optional sign, alone in its file but for white space.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, out long value) =>
        long.TryParse(content.Trim(" \t\r\n\0"u8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The first line as text without control characters, at most 128 of them; null when nothing is left.</summary>
    public static string? ReadText(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> trimmed = content.Trim(" \t\r\n\0"u8);
        int end = trimmed.IndexOf((byte)'\n');
        string text = Encoding.UTF8.GetString(end < 0 ? trimmed : trimmed[..end]);
        text = string.Concat(text.Take(MaxText).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return text.Length == 0 ? null : text;
    }
}
