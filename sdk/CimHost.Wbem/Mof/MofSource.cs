using System.IO.Compression;
using System.Text;

namespace CimHost.Wbem.Mof;

/// <summary>A file of MOF.</summary>
/// <param name="Name">Name for messages and for <c>#pragma include</c>, with slashes.</param>
/// <param name="Content">The bytes: UTF-8, with or without a byte order mark.</param>
public sealed record MofSource(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxFileBytes = 64 * 1024 * 1024;

    // Links are not followed: they may lead in circles.
    private static readonly EnumerationOptions s_recursive = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private const int MaxFiles = 20_000;
    private const long MaxTotalBytes = 512L * 1024 * 1024;

    /// <summary>
    /// True when <see cref="Name"/> is the path of a file, beside which <c>#pragma include</c> finds others. What came in a zip or over the
    /// network includes only what came with it.
    /// </summary>
    public bool IsOnDisk { get; init; }

    /// <summary>A source of text.</summary>
    public MofSource(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>
    /// The sources of a path: a file (with what it includes from its own folder), all <c>*.mof</c> files of a folder and its sub-folders, or of a zip.
    /// </summary>
    /// <exception cref="IOException">The path cannot be read.</exception>
    /// <exception cref="InvalidDataException">The zip is damaged, or there is too much in it.</exception>
    public static IReadOnlyList<MofSource> FromPath(string path)
    {
        if (Directory.Exists(path))
        {
            return FromFolder(path);
        }

        return path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? FromZip(path) : [FromFile(path)];
    }

    /// <summary>The source of one file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is too large.</exception>
    internal static MofSource FromFile(string path) => new(path, Read(path)) { IsOnDisk = true };

    private static List<MofSource> FromFolder(string folder)
    {
        var sources = new List<MofSource>();
        long total = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.mof", s_recursive).Order(StringComparer.Ordinal))
        {
            byte[] content = Read(file);
            total += content.Length;
            Require(sources.Count < MaxFiles && total <= MaxTotalBytes, folder);
            sources.Add(new MofSource(Path.Combine(folder, Path.GetRelativePath(folder, file)), content) { IsOnDisk = true });
        }

        return sources;
    }

    private static IReadOnlyList<MofSource> FromZip(string path)
    {
        using FileStream file = File.OpenRead(path);
        return FromZip(file, path);
    }

    /// <summary>The sources of a zip.</summary>
    /// <param name="stream">The zip; has to be seekable.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="InvalidDataException">The zip is damaged, or there is too much in it.</exception>
    public static IReadOnlyList<MofSource> FromZip(Stream stream, string path)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var sources = new List<MofSource>();
        long total = 0;
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.FullName.EndsWith(".mof", StringComparison.OrdinalIgnoreCase)))
        {
            // The size in the archive's directory may lie; what counts is what comes out.
            using Stream entryStream = entry.Open();
            using var content = new MemoryStream((int)Math.Min(entry.Length, 1024 * 1024));
            byte[] buffer = new byte[81920];
            for (int read; (read = entryStream.Read(buffer)) > 0; total += read)
            {
                content.Write(buffer, 0, read);
                Require(content.Length <= MaxFileBytes && total <= MaxTotalBytes, path);
            }

            Require(sources.Count < MaxFiles, path);
            sources.Add(new MofSource(entry.FullName.Replace('\\', '/'), content.ToArray()));
        }

        return sources;
    }

    private static byte[] Read(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length > MaxFileBytes
            ? throw new InvalidDataException($"{path} has {file.Length} bytes; at most {MaxFileBytes} are read.")
            : File.ReadAllBytes(path);
    }

    private static void Require(bool condition, string path)
    {
        if (!condition)
        {
            throw new InvalidDataException($"{path} has more than {MaxFiles} MOF files or {MaxTotalBytes} bytes of MOF.");
        }
    }
}
