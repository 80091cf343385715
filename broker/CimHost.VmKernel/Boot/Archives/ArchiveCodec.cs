using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;

namespace CimHost.VmKernel.Boot.Archives;

/// <summary>Entries to a gzip-compressed tar file (pax) and back, all in memory or streamed; no file of the host is touched.</summary>
internal static class ArchiveCodec
{
    private const int ModeBits = 0xFFF;

    /// <summary>Reads the entries of a compressed archive one after the other.</summary>
    /// <param name="compressed">The archive, one gzip member in a seekable stream; read to its end and disposed of.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="withContent">Whether the content of files is kept.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut off, too large, or has an entry that is refused: which and why.</exception>
    public static IEnumerable<ArchiveEntry> Read(Stream compressed, ArchiveLimits limits, bool withContent = true)
    {
        uint length = UnpackedLength(compressed);
        using var bounded = new BoundedTarStream(new GZipStream(compressed, CompressionMode.Decompress), limits);
        using var reader = new TarReader(bounded, leaveOpen: true);
        var paths = new ArchivePaths(limits);
        while (Next(reader) is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
            {
                continue;
            }

            // GNU tar names the directory that was packed "./" and everything below it "./name".
            string path = TrimName(entry.Name);
            if (path.Length == 0 && entry.EntryType is TarEntryType.Directory)
            {
                continue;
            }

            yield return Convert(entry, path, paths, withContent);
        }

        bounded.Drain();
        if (!bounded.Ended || (uint)bounded.UnpackedBytes != length)
        {
            throw new InvalidDataException("it is cut off or has bytes behind its end");
        }
    }

    /// <summary>The entries as an uncompressed tar file; the same entries give the same bytes within one run of the program.</summary>
    /// <exception cref="InvalidDataException">An entry that <see cref="Read"/> would refuse, or too many bytes.</exception>
    public static MemoryStream Pack(IReadOnlyList<ArchiveEntry> entries, ArchiveLimits limits)
    {
        var tar = new MemoryStream(Math.Min(entries.Count, 4096) * 2048);
        var paths = new ArchivePaths(limits);
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (ArchiveEntry entry in entries)
            {
                if (paths.Refuse(entry.Path, entry.Type, entry.LinkTarget) is { } reason)
                {
                    throw new InvalidDataException($"{entry.Path}: {reason}");
                }

                if (!limits.AllowsFile(entry.Content.Length) || tar.Length + entry.Content.Length > limits.MaxBytes)
                {
                    throw new InvalidDataException($"{entry.Path}: with its {entry.Content.Length} bytes the archive grows above its limit ({limits.MaxFileBytes} for a file, {limits.MaxBytes} for all)");
                }

                writer.WriteEntry(Convert(entry));
            }
        }

        tar.Position = 0;
        return tar;
    }

    /// <summary>Compresses a tar file.</summary>
    public static MemoryStream Compress(Stream tar, CompressionLevel level)
    {
        var compressed = new MemoryStream((int)Math.Min(tar.Length, 1 << 20));
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
        {
            tar.CopyTo(gzip);
        }

        compressed.Position = 0;
        return compressed;
    }

    // RFC 1952 §2.3.1, ISIZE: the last four bytes. GZipStream compares the checksum when it is there, but takes a stream that breaks off
    // for one that ends.
    private static uint UnpackedLength(Stream compressed)
    {
        Span<byte> size = stackalloc byte[4];
        if (compressed.Length < size.Length)
        {
            throw new InvalidDataException("it is no gzip file");
        }

        compressed.Position = compressed.Length - size.Length;
        compressed.ReadExactly(size);
        compressed.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(size);
    }

    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or EndOfStreamException or NotSupportedException or OverflowException or InvalidOperationException)
        {
            throw new InvalidDataException($"it is no tar file or damaged: {e.Message}", e);
        }
    }

    private static string TrimName(string name)
    {
        string path = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name == "." ? string.Empty : name;
        return path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
    }

    private static ArchiveEntry Convert(TarEntry entry, string path, ArchivePaths paths, bool withContent)
    {
        ArchiveEntryType type = entry.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile => ArchiveEntryType.RegularFile,
            TarEntryType.Directory => ArchiveEntryType.Directory,
            TarEntryType.SymbolicLink => ArchiveEntryType.SymbolicLink,
            _ => throw new InvalidDataException($"{path}: entries of type {entry.EntryType} are not unpacked"),
        };
        string target = type == ArchiveEntryType.SymbolicLink ? entry.LinkName : string.Empty;
        if (paths.Refuse(path, type, target) is { } reason)
        {
            throw new InvalidDataException($"{path}: {reason}");
        }

        return new ArchiveEntry(path, type, (int)entry.Mode & ModeBits, entry.Uid, entry.Gid, entry.ModificationTime)
        {
            LinkTarget = target,
            Content = withContent ? Content(entry) : default,
        };
    }

    private static byte[] Content(TarEntry entry)
    {
        if (entry.DataStream is not { Length: > 0 } data)
        {
            return [];
        }

        byte[] content = new byte[data.Length];
        try
        {
            data.ReadExactly(content);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{entry.Name}: its content is cut off", e);
        }

        return content;
    }

    private static PaxTarEntry Convert(ArchiveEntry entry)
    {
        var converted = new PaxTarEntry(
            entry.Type switch
            {
                ArchiveEntryType.Directory => TarEntryType.Directory,
                ArchiveEntryType.SymbolicLink => TarEntryType.SymbolicLink,
                _ => TarEntryType.RegularFile,
            },
            entry.Path)
        {
            Mode = (UnixFileMode)(entry.Mode & ModeBits),
            Uid = entry.UserId,
            Gid = entry.GroupId,
            ModificationTime = entry.ModificationTime,
        };
        if (entry.Type == ArchiveEntryType.SymbolicLink)
        {
            converted.LinkName = entry.LinkTarget;
        }
        else if (entry.Type == ArchiveEntryType.RegularFile && !entry.Content.IsEmpty)
        {
            converted.DataStream = Readable(entry.Content);
        }

        return converted;
    }

    private static MemoryStream Readable(ReadOnlyMemory<byte> content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
}
