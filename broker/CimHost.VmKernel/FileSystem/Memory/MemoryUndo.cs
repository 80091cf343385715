namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>
/// Takes back changes that could not be kept. What has been changed again since, or is open for writing, stays: its own commit decides.
/// </summary>
internal static class MemoryUndo
{
    /// <summary>Makes a file system as it was, in all that differs between two exports of it.</summary>
    /// <param name="fileSystem">The file system.</param>
    /// <param name="kept">How it was.</param>
    /// <param name="tried">How it was to be; both name parents before what they hold.</param>
    /// <param name="cancellationToken">Ends it half-way.</param>
    /// <exception cref="KernelException">ENOSPC, EIO: what was not put back yet stays as it is.</exception>
    public static async Task RunAsync(
        MemoryFileSystem fileSystem, IReadOnlyList<MemoryFileEntry> kept, IReadOnlyList<MemoryFileEntry> tried, CancellationToken cancellationToken)
    {
        Dictionary<string, MemoryFileEntry> now = ByPath(await fileSystem.ExportAsync(cancellationToken));
        Dictionary<string, MemoryFileEntry> before = ByPath(kept);
        Dictionary<string, MemoryFileEntry> changed = ByPath(tried);
        foreach (MemoryFileEntry made in tried.Reverse().Where(t => !before.ContainsKey(t.Path) && IsStill(now, t.Path, t)))
        {
            Remove(fileSystem, made);
        }

        foreach (MemoryFileEntry old in kept)
        {
            MemoryFileEntry? wanted = changed.GetValueOrDefault(old.Path);
            if (wanted is null ? !now.ContainsKey(old.Path) : !wanted.IsSame(old) && IsStill(now, old.Path, wanted))
            {
                await PutBackAsync(fileSystem, old, wanted, cancellationToken);
            }
        }
    }

    private static Dictionary<string, MemoryFileEntry> ByPath(IReadOnlyList<MemoryFileEntry> files) => files.ToDictionary(f => f.Path, StringComparer.Ordinal);

    private static bool IsStill(Dictionary<string, MemoryFileEntry> now, string path, MemoryFileEntry tried) =>
        now.GetValueOrDefault(path) is { IsOpenForWriting: false } there && there.IsSame(tried);

    private static void Remove(MemoryFileSystem fileSystem, MemoryFileEntry made)
    {
        try
        {
            MemoryImport.Remove(fileSystem, made.Path);
        }
        catch (KernelException e) when (e.Errno is Errno.ENOTEMPTY or Errno.ENOENT)
        {
            // Somebody was quicker.
        }
    }

    // The same file where it can be: who has it open goes on with it, and writes over what is put back.
    private static async Task PutBackAsync(MemoryFileSystem fileSystem, MemoryFileEntry old, MemoryFileEntry? tried, CancellationToken cancellationToken)
    {
        bool isContent = old is { Type: FileType.Regular, LinkedTo: null } && tried is { Type: FileType.Regular, LinkedTo: null };
        if (isContent && MemoryImport.Lookup(fileSystem, old.Path) is MemoryFile file)
        {
            if (await file.ReplaceAsync(tried!.Content, old.Content, cancellationToken))
            {
                file.Restore(old.Mode, old.UserId, old.GroupId, old.ModificationTime);
            }

            return;
        }

        await MemoryImport.RunAsync(fileSystem, [old], cancellationToken);
    }
}
