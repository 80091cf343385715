namespace CimHost.VmKernel.FileSystem;

/// <summary>A file system in its place in the tree.</summary>
public sealed class Mount
{
    private const int Unmounted = -1;

    private readonly CommitQueue? _commits;

    // Open files and mounts on this one; while there are any it is busy.
    private int _users;

    internal Mount(string path, MountableFileSystem fileSystem, VfsNode? covered, MountOptions options)
    {
        Path = path;
        FileSystem = fileSystem;
        Root = fileSystem.Root;
        Covered = covered;
        IsReadOnly = options.IsReadOnly;
        IsPrivate = options.IsPrivate;
        _commits = options.Persistence is { } persistence ? new CommitQueue(persistence) : null;
    }

    /// <summary>Absolute path at which it was mounted.</summary>
    public string Path { get; }

    /// <summary>What is mounted.</summary>
    public MountableFileSystem FileSystem { get; }

    /// <summary>Whether changes are refused with EROFS.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Whether it is for root's worlds alone and is never served to people outside.</summary>
    public bool IsPrivate { get; }

    /// <summary>Whether changes are kept beyond the end of the host before they are acknowledged.</summary>
    public bool IsPersistent => _commits is not null;

    internal Inode Root { get; }

    /// <summary>The directory that it hides; null for the root of the tree.</summary>
    internal VfsNode? Covered { get; }

    /// <summary>Sizes and limits.</summary>
    public FileSystemStatistics Statistics => FileSystem.Statistics with { IsReadOnly = IsReadOnly };

    /// <summary>A change is complete: keeps it.</summary>
    internal ValueTask CommitAsync(CancellationToken cancellationToken) =>
        _commits is null ? default : new ValueTask(_commits.CommitAsync().WaitAsync(cancellationToken));

    /// <summary>Keeps a change for which nobody waits; a failure shows at the next change that somebody waits for.</summary>
    internal void CommitLater() => _ = _commits?.CommitAsync().ContinueWith(
        static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Notes a user.</summary>
    /// <exception cref="KernelException">ENOENT when it was unmounted meanwhile.</exception>
    internal void Enter()
    {
        int users = Volatile.Read(ref _users);
        while (true)
        {
            if (users == Unmounted)
            {
                throw FileErrors.Of(Errno.ENOENT, Path);
            }

            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return;
            }

            users = seen;
        }
    }

    /// <summary>The user is gone.</summary>
    internal void Leave() => Interlocked.Decrement(ref _users);

    /// <summary>Ends it; false while it has users.</summary>
    internal bool TryClose() => Interlocked.CompareExchange(ref _users, Unmounted, 0) == 0;

    /// <summary>Checks that changes are possible.</summary>
    /// <exception cref="KernelException">EROFS.</exception>
    internal void DemandWritable(ReadOnlySpan<char> name)
    {
        if (IsReadOnly)
        {
            throw FileErrors.Of(Errno.EROFS, name);
        }
    }
}
