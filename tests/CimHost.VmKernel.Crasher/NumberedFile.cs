using System.Globalization;
using System.Text;
using CimHost.VmKernel.Boot.Archives;

namespace CimHost.VmKernel.Crasher;

/// <summary>A configuration file that says everywhere which change wrote it, so that a mixture of two cannot pass for one.</summary>
public static class NumberedFile
{
    /// <summary>How many files are changed at the same time.</summary>
    public const int Files = 4;

    /// <summary>The entry of a file after its change <paramref name="number"/>.</summary>
    public static ArchiveEntry Entry(int file, int number) =>
        new(Path(file), ArchiveEntryType.RegularFile, 0x180, 0, 0, DateTimeOffset.UnixEpoch.AddSeconds(number)) { Content = Content(file, number) };

    /// <summary>Reads the number back from an entry.</summary>
    /// <exception cref="InvalidDataException">The file is not as one change wrote it.</exception>
    public static int Number(int file, IEnumerable<ArchiveEntry> entries)
    {
        if (entries.SingleOrDefault(entry => entry.Path == Path(file)) is not { } entry)
        {
            return 0;
        }

        string text = Encoding.ASCII.GetString(entry.Content.Span);
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        int number = end > 0 && int.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int read) ? read : -1;
        return entry.Content.Span.SequenceEqual(Content(file, number)) ? number : throw new InvalidDataException($"{entry.Path} is half-written: {text}");
    }

    private static string Path(int file) => $"etc/file-{file}";

    // The lengths go up and down: a shorter one over a longer one would show its rest.
    private static byte[] Content(int file, int number) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"{number} {file} ", 1 + Math.Abs(number * 37 % 400))));
}
