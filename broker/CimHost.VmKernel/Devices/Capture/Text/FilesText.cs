using System.Text;
using CimHost.VmKernel.Devices.Emulation;

namespace CimHost.VmKernel.Devices.Capture.Text;

/// <summary>
/// The files of a capture in one file: <c>directory PATH</c> with its names, each after a dash, when it was listed; <c>link PATH</c> with
/// <c>to PATH</c>; <c>none PATH</c> for what was looked for and was not there; <c>file PATH</c> with what was read: <c>part OFFSET</c> and lines of text
/// (| before a line, \ before the last one without an end) or <c>data</c> in hexadecimal; <c>fault</c> when it could not be read.
/// In paths and names % and control characters are written %XX.
/// </summary>
internal static class FilesText
{
    private const int MostEntries = 600_000;
    private const int MostNames = 65_536;
    private const int LongestPath = 4096;
    private const int LongestLine = 4096;
    private const long LongestFile = 1L << 40;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Write(TextWriter output, IReadOnlyDictionary<string, CapturedEntry> files)
    {
        foreach ((string path, CapturedEntry entry) in files)
        {
            output.Write($"{entry.Kind.ToString().ToLowerInvariant()} {Escape(path)}\n");
            if (entry.Kind == CapturedEntryKind.Link)
            {
                output.Write($"to {Escape(entry.Target)}\n");
            }

            if (entry.Names is { } names)
            {
                output.Write($"names {names.Count}\n");
                foreach (string name in names)
                {
                    output.Write($"- {Escape(name)}\n");
                }
            }

            if (entry.Fault is { } fault)
            {
                CaptureText.Fault(output, fault);
            }

            Content(output, entry);
        }
    }

    /// <exception cref="MachineFileException">It is no such file; the message says where and why.</exception>
    public static SortedDictionary<string, CapturedEntry> Read(string file, string text)
    {
        var lines = new CaptureLines(file, text);
        var files = new SortedDictionary<string, CapturedEntry>(StringComparer.Ordinal);
        lines.Next();
        while (lines.Current is not null)
        {
            CapturedEntryKind kind = lines.Word switch
            {
                "directory" => CapturedEntryKind.Directory,
                "file" => CapturedEntryKind.File,
                "link" => CapturedEntryKind.Link,
                "none" => CapturedEntryKind.None,
                _ => throw lines.Wrong("expected directory, file, link or none, and a path."),
            };
            string path = Path(lines);
            if (files.Count >= MostEntries || !files.TryAdd(path, ReadEntry(kind, lines)))
            {
                throw lines.Wrong($"the path {CaptureText.OneLine(path)} is there twice, or there are more than {MostEntries}.");
            }
        }

        return files;
    }

    private static void Content(TextWriter output, CapturedEntry entry)
    {
        if (entry.Parts is not { } parts)
        {
            return;
        }

        if (parts.Count == 0)
        {
            output.Write("part 0\n");
        }

        foreach ((long offset, byte[] part) in parts)
        {
            for (int at = 0; at < part.Length; at += CaptureLines.MostData)
            {
                ReadOnlySpan<byte> piece = part.AsSpan(at, Math.Min(CaptureLines.MostData, part.Length - at));
                output.Write($"part {offset + at}\n");
                if (TextOf(piece) is { } text)
                {
                    Lines(output, text);
                }
                else
                {
                    CaptureText.Dump(output, piece);
                }
            }
        }
    }

    private static void Lines(TextWriter output, string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            output.Write(end < 0 ? $"\\{text[at..]}\n" : $"|{text[at..end]}\n");
            at = end < 0 ? text.Length : end + 1;
        }
    }

    // Null for what is no text, or would not be the same after it was written as one.
    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = s_strict.GetString(bytes);
            return text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) || text.Split('\n').Any(l => l.Length > LongestLine) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static CapturedEntry ReadEntry(CapturedEntryKind kind, CaptureLines lines)
    {
        var entry = new CapturedEntry(kind);
        lines.Next();
        if (kind == CapturedEntryKind.Link)
        {
            entry.Target = lines.Word == "to" ? Path(lines) : throw lines.Wrong("expected: to PATH.");
            lines.Next();
        }

        if (kind == CapturedEntryKind.Directory && lines.Word == "names")
        {
            entry.Names = Names(lines);
        }

        if (lines.Word == "fault")
        {
            entry.Fault = lines.Fault();
        }

        while (kind == CapturedEntryKind.File && lines.Word == "part")
        {
            entry.Add(lines.Number(lines.Rest, LongestFile), Part(lines));
        }

        return entry;
    }

    private static List<string> Names(CaptureLines lines)
    {
        long count = lines.Number(lines.Rest, MostNames);
        var names = new List<string>();
        while (lines.Next() && lines.Word == "-")
        {
            if (names.Count >= count)
            {
                throw lines.Wrong($"there are more than {count} names.");
            }

            names.Add(Unescape(lines));
        }

        return names;
    }

    private static byte[] Part(CaptureLines lines)
    {
        lines.Next();
        if (lines.Word == "data")
        {
            return lines.Dump();
        }

        var text = new StringBuilder();
        while (lines.Current is ['|' or '\\', ..] && text.Length <= CaptureLines.MostData)
        {
            text.Append(lines.Current, 1, lines.Current.Length - 1);
            bool goesOn = lines.Current[0] == '|';
            if (goesOn)
            {
                text.Append('\n');
            }

            lines.Next();
            if (!goesOn)
            {
                break;
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Path(CaptureLines lines) => Unescape(lines) is { Length: > 0 and <= LongestPath } path && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal)
        ? path
        : throw lines.Wrong("expected an absolute path.");

    private static string Escape(string text) => string.Concat(text.Select(c => c == '%' || char.IsControl(c) ? $"%{(int)c:X2}" : c.ToString()));

    private static string Unescape(CaptureLines lines)
    {
        string text = lines.Rest;
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                plain.Append((char)lines.Bytes(text.Length >= i + 3 ? text.Substring(i + 1, 2) : string.Empty, 1, 1)[0]);
                i += 2;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
