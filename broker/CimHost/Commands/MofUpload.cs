using System.IO.Compression;
using System.Text;
using CimHost.Wbem.Mof;

namespace CimHost.Commands;

/// <summary>The MOF files of a path, as the zip that the host compiles: a file with all that it includes, a folder, or a zip as it is.</summary>
internal static class MofUpload
{
    /// <summary>Most bytes that the host takes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int MaxIncludes = 10_000;

    /// <summary>Reads and packs.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is too much.</exception>
    public static byte[] Pack(string path)
    {
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) && File.Exists(path))
        {
            return Bounded(File.ReadAllBytes(path), path);
        }

        IReadOnlyList<MofSource> sources = Read(path);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (MofSource source in sources)
            {
                using Stream entry = archive.CreateEntry(source.Name, CompressionLevel.Fastest).Open();
                entry.Write(source.Content.Span);
            }
        }

        return Bounded(zip.ToArray(), path);
    }

    /// <summary>The sources of a path, included files among them.</summary>
    public static IReadOnlyList<MofSource> Read(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new FileNotFoundException($"There is no file or folder {path}.");
        }

        IReadOnlyList<MofSource> sources = MofSource.FromPath(path);
        return Directory.Exists(path) || path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? sources : WithIncludes(sources[0]);
    }

    // Only files below the folder of the first are read, as the compiler itself does; what is missing is for the compiler to tell, with its place.
    private static List<MofSource> WithIncludes(MofSource first)
    {
        var sources = new List<MofSource> { first };
        string root = Path.GetFullPath(Folder(first.Name));
        var known = new HashSet<string>(StringComparer.Ordinal) { Path.GetFullPath(first.Name) };
        for (int i = 0; i < sources.Count; i++)
        {
            foreach (string include in Includes(Encoding.UTF8.GetString(sources[i].Content.Span)))
            {
                string name = Path.Combine(Folder(sources[i].Name), include);
                string full = Path.GetFullPath(name);
                if (Path.IsPathRooted(include) || Path.GetRelativePath(root, full).StartsWith("..", StringComparison.Ordinal) || !File.Exists(full) || !known.Add(full))
                {
                    continue;
                }

                if (sources.Count == MaxIncludes)
                {
                    throw new InvalidDataException($"{first.Name} includes more than {MaxIncludes} files.");
                }

                sources.Add(MofSource.FromPath(name)[0]);
            }
        }

        return sources;
    }

    /// <summary>The files that a text includes with <c>#pragma include ("name")</c>; comments and strings are passed over.</summary>
    public static IEnumerable<string> Includes(string text)
    {
        var found = new List<string>();
        for (int i = 0; i < text.Length;)
        {
            if (At(text, i, "//"))
            {
                i = After(text, "\n", i + 2);
            }
            else if (At(text, i, "/*"))
            {
                i = After(text, "*/", i + 2);
            }
            else if (text[i] == '"')
            {
                i = AfterString(text, i);
            }
            else if (text[i] == '#')
            {
                i = Pragma(text, i, found);
            }
            else
            {
                i++;
            }
        }

        return found;
    }

    private static int Pragma(string text, int start, List<string> found)
    {
        int quote = text.IndexOf('"', start);
        if (quote < 0)
        {
            return start + 1;
        }

        string head = string.Concat(text[start..quote].Where(c => !char.IsWhiteSpace(c)));
        if (!string.Equals(head, "#pragmainclude(", StringComparison.OrdinalIgnoreCase))
        {
            return start + 1;
        }

        int end = AfterString(text, quote);
        found.Add(text[(quote + 1)..Math.Max(quote + 1, end - 1)].Replace("\\\\", "\\", StringComparison.Ordinal).Replace('\\', '/'));
        return end;
    }

    private static int AfterString(string text, int quote)
    {
        for (int i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static int After(string text, string end, int from)
    {
        int found = from > text.Length ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + end.Length;
    }

    private static bool At(string text, int index, string what) => string.CompareOrdinal(text, index, what, 0, what.Length) == 0;

    private static string Folder(string name) => Path.GetDirectoryName(name) ?? string.Empty;

    private static byte[] Bounded(byte[] zip, string path) => zip.Length <= MaxBytes
        ? zip
        : throw new InvalidDataException($"{path} has {zip.Length} bytes as a zip; the host takes at most {MaxBytes}.");
}
