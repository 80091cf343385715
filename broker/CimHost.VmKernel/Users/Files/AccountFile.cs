using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CimHost.VmKernel.Users.Files;

/// <summary>
/// An account file: UTF-8 text of entries, one a line. Lines that are no entries by intention (empty ones, comments with '#', and the
/// '+' and '-' lines of name services) are kept where they stand. Immutable; a change makes a new one.
/// </summary>
/// <typeparam name="TEntry">Kind of entry.</typeparam>
internal sealed class AccountFile<TEntry>
    where TEntry : class, IAccountEntry<TEntry>
{
    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Most lines of a file.</summary>
    public const int MaxLines = 10_000;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Line[] _lines;
    private readonly Dictionary<string, TEntry> _byName;

    private AccountFile(Line[] lines)
    {
        _lines = lines;
        _byName = lines.Where(l => l.Entry is not null).ToDictionary(l => l.Entry!.Name, l => l.Entry!, StringComparer.Ordinal);
    }

    /// <summary>A file without lines.</summary>
    public static AccountFile<TEntry> Empty { get; } = new([]);

    /// <summary>The entries in the order of the file.</summary>
    public IEnumerable<TEntry> Entries => _lines.Where(l => l.Entry is not null).Select(l => l.Entry!);

    /// <summary>Number of entries.</summary>
    public int Count => _byName.Count;

    /// <summary>The entry with a name, or null.</summary>
    public TEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a file; false with the first error, and the number of its line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out AccountFile<TEntry>? file, out AccountFileError error)
    {
        file = null;
        if (content.Length > MaxBytes)
        {
            error = new AccountFileError(0, $"the file has {content.Length} bytes; at most {MaxBytes} are read.");
            return false;
        }

        string text;
        try
        {
            text = s_strict.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            error = new AccountFileError(1 + content[..Math.Clamp(e.Index, 0, content.Length)].Count((byte)'\n'), "the text is not UTF-8.");
            return false;
        }

        return TryReadLines(text, out file, out error);
    }

    /// <summary>The bytes of the file; every line ends with a line feed.</summary>
    public byte[] ToBytes() => s_strict.GetBytes(string.Concat(_lines.Select(l => l.Text + "\n")));

    /// <summary>This file with an entry in place of the one of the same name, or at the end.</summary>
    public AccountFile<TEntry> With(TEntry entry)
    {
        var line = new Line(entry.ToLine(), entry);
        int index = IndexOf(entry.Name);
        Line[] lines = index < 0 ? [.. _lines, line] : [.. _lines];
        if (index >= 0)
        {
            lines[index] = line;
        }

        return new AccountFile<TEntry>(lines);
    }

    /// <summary>This file without an entry.</summary>
    public AccountFile<TEntry> Without(string name) => IndexOf(name) is >= 0 and int index
        ? new AccountFile<TEntry>([.. _lines[..index], .. _lines[(index + 1)..]])
        : this;

    private int IndexOf(string name) => Array.FindIndex(_lines, l => l.Entry?.Name == name);

    private static bool TryReadLines(string text, [NotNullWhen(true)] out AccountFile<TEntry>? file, out AccountFileError error)
    {
        file = null;
        string[] texts = text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        if (texts.Length > MaxLines)
        {
            error = new AccountFileError(0, $"the file has {texts.Length} lines; at most {MaxLines} are read.");
            return false;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var lines = new Line[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (ReadLine(texts[i], out string message) is not { } line)
            {
                error = new AccountFileError(i + 1, message);
                return false;
            }

            if (line.Entry is { } entry && !names.Add(entry.Name))
            {
                error = new AccountFileError(i + 1, $"{entry.Name} stands in the file twice.");
                return false;
            }

            lines[i] = line;
        }

        file = new AccountFile<TEntry>(lines);
        error = default;
        return true;
    }

    private static Line? ReadLine(string text, out string error)
    {
        error = string.Empty;
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || text.Contains('\x7f', StringComparison.Ordinal))
        {
            error = "control characters have no place here (lines end with a line feed alone).";
            return null;
        }

        if (text.Trim().Length == 0 || text[0] is '#' or '+' or '-')
        {
            return new Line(text, null);
        }

        return TEntry.Read(text, out error) is { } entry ? new Line(text, entry) : null;
    }

    private sealed record Line(string Text, TEntry? Entry);
}
