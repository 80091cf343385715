using System.Globalization;
using System.Text;

namespace CimHost.Providers.Platform.Wire.Kernel;

/// <summary>One line of /proc/mounts.</summary>
/// <param name="Device">What is mounted: "/dev/sda1".</param>
/// <param name="MountPoint">Where.</param>
/// <param name="Type">Kind of file system.</param>
/// <param name="IsReadOnly">True when nothing can be written.</param>
internal sealed record Mount(string Device, string MountPoint, string Type, bool IsReadOnly);

/// <summary>/proc/mounts (fstab(5), proc(5)).</summary>
internal static class MountTable
{
    private const int MaxMounts = 10_000;

    /// <summary>Reads the file; lines with fewer than four fields are left out. Of several mounts on one point the last is on top, and alone told.</summary>
    public static IReadOnlyList<Mount> Read(ReadOnlySpan<byte> content)
    {
        var mounts = new Dictionary<string, Mount>(StringComparer.Ordinal);
        var reader = new LineReader(content);
        while (reader.Read() && mounts.Count < MaxMounts)
        {
            string[] fields = LineReader.Text(reader.Line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 4)
            {
                string point = Unescape(fields[1]);
                mounts[point] = new Mount(Unescape(fields[0]), point, Unescape(fields[2]), fields[3].Split(',').Contains("ro"));
            }
        }

        return [.. mounts.Values];
    }

    // The kernel writes spaces, tabs, line feeds and backslashes as a backslash and three octal digits.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text.AsSpan(i + 1, 3), out char c))
            {
                result.Append(c);
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static bool IsOctal(ReadOnlySpan<char> digits, out char c)
    {
        int value = 0;
        foreach (char digit in digits)
        {
            value = digit is >= '0' and <= '7' ? (value << 3) + (digit - '0') : int.MinValue;
        }

        c = value is >= 0 and <= 0x7F ? (char)value : '\0';
        return value is > 0 and <= 0x7F;
    }
}
