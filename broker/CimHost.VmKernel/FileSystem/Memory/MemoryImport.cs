namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>Puts the files of a list into a file system, over what is there. The list comes from an archive and is not trusted.</summary>
internal static class MemoryImport
{
    private const int DefaultDirectoryMode = 0x1ED; // 0755

    public static async Task RunAsync(MemoryFileSystem fileSystem, IEnumerable<MemoryFileEntry> entries, CancellationToken cancellationToken)
    {
        foreach (MemoryFileEntry entry in entries)
        {
            MemoryInode inode = Place(fileSystem, entry);
            if (inode is MemoryFile file && entry.LinkedTo is null)
            {
                await WriteAsync(file, entry.Content, cancellationToken);
            }

            if (entry.LinkedTo is null)
            {
                inode.Restore(entry.Mode, entry.UserId, entry.GroupId, entry.ModificationTime);
            }
        }
    }

    /// <summary>The file of a path, or null; links are not followed.</summary>
    public static MemoryInode? Lookup(MemoryFileSystem fileSystem, string path)
    {
        MemoryInode? at = fileSystem.Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = (at as MemoryDirectory)?.Lookup(name) as MemoryInode;
        }

        return at;
    }

    /// <summary>Removes a file or an empty directory.</summary>
    /// <exception cref="KernelException">ENOENT, ENOTEMPTY, EBUSY.</exception>
    public static void Remove(MemoryFileSystem fileSystem, string path)
    {
        int slash = path.LastIndexOf('/');
        string name = path[(slash + 1)..];
        if (Lookup(fileSystem, path[..Math.Max(slash, 0)]) is not MemoryDirectory parent || parent.Lookup(name) is not MemoryInode known)
        {
            throw FileErrors.Of(Errno.ENOENT, path);
        }

        Remove(fileSystem, parent, name, known);
    }

    private static MemoryInode Place(MemoryFileSystem fileSystem, MemoryFileEntry entry)
    {
        if (entry.Path.Length == 0)
        {
            return entry.Type == FileType.Directory ? fileSystem.Root : throw Invalid(entry);
        }

        string[] names = Names(entry, entry.Path);
        MemoryDirectory parent = fileSystem.Root;
        foreach (string name in names[..^1])
        {
            parent = (parent.Lookup(name) ?? Make(fileSystem, parent, name, new NewFile(FileType.Directory, DefaultDirectoryMode)))
                as MemoryDirectory ?? throw Invalid(entry);
        }

        string last = names[^1];
        if (parent.Lookup(last) is { } known)
        {
            if (known is MemoryDirectory && entry.Type == FileType.Directory)
            {
                return known;
            }

            Remove(fileSystem, parent, last, known);
        }

        if (entry.LinkedTo is not null)
        {
            MemoryInode target = Find(fileSystem, entry);
            fileSystem.Link(target, parent, last, Credentials.Root);
            return target;
        }

        return entry.Type is FileType.Regular or FileType.Directory or FileType.SymbolicLink
            ? Make(fileSystem, parent, last, new NewFile(entry.Type, entry.Mode, entry.Target))
            : throw Invalid(entry);
    }

    private static MemoryInode Find(MemoryFileSystem fileSystem, MemoryFileEntry entry)
    {
        MemoryInode at = fileSystem.Root;
        foreach (string name in Names(entry, entry.LinkedTo!))
        {
            at = (at as MemoryDirectory)?.Lookup(name) ?? throw Invalid(entry);
        }

        return at;
    }

    private static MemoryInode Make(MemoryFileSystem fileSystem, MemoryDirectory parent, string name, in NewFile file) =>
        fileSystem.Create(parent, name, file, Credentials.Root);

    private static void Remove(MemoryFileSystem fileSystem, MemoryDirectory parent, string name, MemoryInode known)
    {
        if (known is MemoryDirectory)
        {
            fileSystem.RemoveDirectory(parent, name, Credentials.Root);
        }
        else
        {
            fileSystem.Unlink(parent, name, Credentials.Root);
        }
    }

    private static string[] Names(MemoryFileEntry entry, string path)
    {
        string[] names = path.Split('/');
        foreach (string name in names)
        {
            FileNames.DemandName(name);
            FileNames.DemandNewName(name);
        }

        bool isUsable = FileNames.Length(path) < FileNames.PathMax && !path.Contains('\0', StringComparison.Ordinal)
            && names.All(n => n is not ("" or "." or "..")) && FileNames.Length(entry.Target) < FileNames.PathMax;
        return isUsable ? names : throw Invalid(entry);
    }

    private static async Task WriteAsync(MemoryFile file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (int done = 0; done < content.Length;)
        {
            done += (await file.WriteAsync(content[done..], done, Credentials.Root, cancellationToken)).Count;
        }
    }

    private static KernelException Invalid(MemoryFileEntry entry) =>
        new(Errno.EINVAL, $"An archive holds '{entry.Path}', which cannot be put into a file system.");
}
