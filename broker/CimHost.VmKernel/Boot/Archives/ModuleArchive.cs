namespace CimHost.VmKernel.Boot.Archives;

/// <summary>
/// A module of an image: a gzip-compressed tar file (tgz) in a boot bank, whose files are laid over the in-memory file system. Only files,
/// directories and symbolic links; sizes and counts within <see cref="ArchiveLimits.Module"/>; no path or link that leaves the root.
/// </summary>
/// <param name="path">The file on this computer.</param>
public sealed class ModuleArchive(string path)
{
    /// <summary>Largest file, packed, in bytes: the whole image is at most 32 MB.</summary>
    public const long MaxPackedBytes = 32L << 20;

    /// <summary>The file on this computer.</summary>
    public string FilePath { get; } = path;

    /// <summary>The entries in the order of the archive, one in memory at a time.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged, cut off, too large, or has an entry that is refused: which and why.</exception>
    public IEnumerable<ArchiveEntry> Entries() => ArchiveCodec.Read(Open(), ArchiveLimits.Module);

    /// <summary>Reads the archive to its end.</summary>
    /// <returns>What is wrong with it, naming the file; null when nothing is.</returns>
    public string? Verify()
    {
        try
        {
            int entries = 0;
            foreach (ArchiveEntry _ in ArchiveCodec.Read(Open(), ArchiveLimits.Module, withContent: false))
            {
                entries++;
            }

            return entries > 0 ? null : $"{FilePath} holds nothing";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{FilePath} is missing";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return $"{FilePath} cannot be used: {e.Message}";
        }
    }

    private FileStream Open()
    {
        var stream = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 64 * 1024, FileOptions.SequentialScan);
        if (stream.Length is > 0 and <= MaxPackedBytes)
        {
            return stream;
        }

        long length = stream.Length;
        stream.Dispose();
        throw new InvalidDataException($"it has {length} bytes; a module has 1 to {MaxPackedBytes}");
    }
}
