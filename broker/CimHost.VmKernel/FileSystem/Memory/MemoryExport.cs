namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>Writes a file system down as a list. The names are those of one moment; each content is read without a writer in between.</summary>
internal static class MemoryExport
{
    public static async Task<IReadOnlyList<MemoryFileEntry>> RunAsync(MemoryFileSystem fileSystem, CancellationToken cancellationToken)
    {
        var entries = new List<MemoryFileEntry>();
        var seen = new Dictionary<MemoryInode, string>();
        foreach ((string path, MemoryInode inode) in Snapshot(fileSystem))
        {
            if (inode is MemorySpecial)
            {
                continue;
            }

            FileStatus status = inode.GetStatus();
            var entry = new MemoryFileEntry(path, status.Type, status.Mode, status.UserId, status.GroupId, status.ModificationTime);
            if (seen.TryGetValue(inode, out string? first))
            {
                entries.Add(entry with { LinkedTo = first });
            }
            else if (await FillAsync(entry, inode, cancellationToken) is { } filled)
            {
                seen.Add(inode, path);
                entries.Add(filled);
            }
        }

        return entries;
    }

    private static List<(string Path, MemoryInode Inode)> Snapshot(MemoryFileSystem fileSystem)
    {
        var all = new List<(string Path, MemoryInode Inode)>();
        lock (fileSystem.Names)
        {
            var ahead = new Stack<(string Path, MemoryInode Inode)>([(string.Empty, fileSystem.Root)]);
            while (ahead.TryPop(out (string Path, MemoryInode Inode) at))
            {
                all.Add(at);
                if (at.Inode is MemoryDirectory directory)
                {
                    foreach (MemoryEntry entry in directory.Entries.Reverse())
                    {
                        ahead.Push((at.Path.Length == 0 ? entry.Name : $"{at.Path}/{entry.Name}", entry.Inode!));
                    }
                }
            }
        }

        return all;
    }

    // Null when the file was removed since.
    private static async Task<MemoryFileEntry?> FillAsync(MemoryFileEntry entry, MemoryInode inode, CancellationToken cancellationToken)
    {
        if (inode is MemoryLink link)
        {
            return entry with { Target = link.ReadLink() };
        }

        if (inode is not MemoryFile file)
        {
            return entry;
        }

        try
        {
            IFileData data = file.OpenData(OpenFlags.O_RDONLY);
            try
            {
                bool isOpen = file.IsOpenForWriting;
                byte[] content = await file.ReadAllAsync(cancellationToken);
                return entry with { Content = content, IsOpenForWriting = isOpen || file.IsOpenForWriting };
            }
            finally
            {
                data.Close(OpenFlags.O_RDONLY);
            }
        }
        catch (KernelException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }
}
