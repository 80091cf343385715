using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.FileSystem.Memory;

namespace CimHost.VmKernel.FileSystem.Layout;

/// <summary>Files of ramdisks as entries of archives and back.</summary>
internal static class ArchivedFiles
{
    /// <summary>Folder of the sticky files in an archive.</summary>
    public const string Folder = "etc";

    /// <summary>Entries for files of /etc.</summary>
    /// <param name="files">What to pack, parents first.</param>
    /// <param name="all">Where the content of a further name of a file is found.</param>
    public static List<ArchiveEntry> Pack(IEnumerable<MemoryFileEntry> files, IReadOnlyList<MemoryFileEntry> all)
    {
        Dictionary<string, ReadOnlyMemory<byte>> contents = all.Where(f => f.Type == FileType.Regular && f.LinkedTo is null).ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal);
        return [.. files.Where(f => f.Path.Length > 0).Select(f => ToEntry(f, f.LinkedTo is { } first ? contents.GetValueOrDefault(first) : f.Content))];
    }

    /// <summary>The file of an entry below etc/.</summary>
    public static MemoryFileEntry ToFile(ArchiveEntry entry) => ToFile(entry, entry.Path[(Folder.Length + 1)..]);

    /// <summary>The file of an entry.</summary>
    /// <param name="entry">Entry.</param>
    /// <param name="path">Its path below the root of the ramdisk.</param>
    public static MemoryFileEntry ToFile(ArchiveEntry entry, string path)
    {
        FileType type = entry.Type switch
        {
            ArchiveEntryType.Directory => FileType.Directory,
            ArchiveEntryType.SymbolicLink => FileType.SymbolicLink,
            _ => FileType.Regular,
        };
        return new MemoryFileEntry(
            path,
            type,
            entry.Mode,
            entry.UserId,
            entry.GroupId,
            (entry.ModificationTime - DateTimeOffset.UnixEpoch).Ticks * 100,
            entry.Content,
            type == FileType.SymbolicLink ? entry.LinkTarget : null);
    }

    private static ArchiveEntry ToEntry(MemoryFileEntry file, ReadOnlyMemory<byte> content)
    {
        ArchiveEntryType type = file.Type switch
        {
            FileType.Directory => ArchiveEntryType.Directory,
            FileType.SymbolicLink => ArchiveEntryType.SymbolicLink,
            _ => ArchiveEntryType.RegularFile,
        };
        return new ArchiveEntry($"{Folder}/{file.Path}", type, file.Mode, file.UserId, file.GroupId, DateTimeOffset.UnixEpoch.AddTicks(file.ModificationTime / 100))
        {
            Content = type == ArchiveEntryType.RegularFile ? content : default,
            LinkTarget = file.Target ?? string.Empty,
        };
    }
}
