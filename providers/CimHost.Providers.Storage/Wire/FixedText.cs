using System.Text;

namespace CimHost.Providers.Storage.Wire;

/// <summary>Texts in fields of fixed length.</summary>
internal static class FixedText
{
    /// <summary>A field of printable ASCII without the blanks and zeros around it; what is not printable becomes '?'.</summary>
    public static string Read(ReadOnlySpan<byte> field)
    {
        int zero = field.IndexOf((byte)0);
        return Clean(zero < 0 ? field : field[..zero]);
    }

    /// <summary>An ATA string: the bytes of each word are exchanged (ACS-4 §3.4.9).</summary>
    public static string ReadSwapped(ReadOnlySpan<byte> field)
    {
        Span<byte> swapped = stackalloc byte[64];
        int length = Math.Min(field.Length & ~1, swapped.Length);
        for (int i = 0; i < length; i += 2)
        {
            (swapped[i], swapped[i + 1]) = (field[i + 1], field[i]);
        }

        return Read(swapped[..length]);
    }

    private static string Clean(ReadOnlySpan<byte> text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (byte b in text)
        {
            builder.Append(b is >= 0x20 and < 0x7F ? (char)b : '?');
        }

        return builder.ToString().Trim();
    }
}
