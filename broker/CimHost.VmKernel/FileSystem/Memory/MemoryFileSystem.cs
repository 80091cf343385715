using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>
/// The in-memory file system of a ramdisk. It is not persistent; what has to outlast the host is exported after each change (see
/// <see cref="IMountPersistence"/>). Names are changed under one lock and found without; see README.md for all locks.
/// </summary>
public sealed class MemoryFileSystem : MountableFileSystem
{
    private const int MaxLinks = 65_000;
    private const string TypeName = "visorfs";

    private readonly MemoryDirectory _root;
    private readonly long _pageLimit;
    private readonly int _inodeLimit;
    private long _pages;
    private long _lastNumber;

    // Names that exist: each hard link counts, as each takes memory.
    private int _names;

    /// <summary>Creates an empty file system.</summary>
    /// <param name="name">Name of the ramdisk: "root", "etc".</param>
    /// <param name="budget">The memory that it takes pages from, shared with other ramdisks.</param>
    /// <param name="sizeLimit">Most bytes of content, rounded down to pages of 4 KiB; more is ENOSPC.</param>
    /// <param name="inodeLimit">Most files, directories and further hard links; more is ENOSPC.</param>
    /// <param name="rootMode">Permission bits of the topmost directory.</param>
    public MemoryFileSystem(string name, PageBudget budget, long sizeLimit, int inodeLimit = 65_536, int rootMode = 0x1ED)
    {
        Name = name;
        Budget = budget;
        _pageLimit = sizeLimit / PageBudget.PageSize;
        _inodeLimit = inodeLimit;
        _names = 1;
        _root = new MemoryDirectory(this, new NewFile(FileType.Directory, rootMode), Credentials.Root, null);
    }

    /// <summary>Name of the ramdisk.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override FileSystemStatistics Statistics => new(
        TypeName, Device, PageBudget.PageSize, _pageLimit, _pageLimit - Volatile.Read(ref _pages), _inodeLimit, _inodeLimit - Volatile.Read(ref _names));

    internal override MemoryDirectory Root => _root;

    internal PageBudget Budget { get; }

    /// <summary>Guards all changes of names.</summary>
    internal Lock Names { get; } = new();

    /// <summary>Writes down all files, parents before what they hold, so that they can be kept beyond the end of the host.</summary>
    /// <exception cref="KernelException">EIO when a page cannot be brought back from the swap file.</exception>
    public Task<IReadOnlyList<MemoryFileEntry>> ExportAsync(CancellationToken cancellationToken = default) =>
        MemoryExport.RunAsync(this, cancellationToken);

    /// <summary>Puts files in place, over those that have the same name; missing parents are made with mode 0755.</summary>
    /// <param name="entries">What <see cref="ExportAsync"/> gave, or what an archive holds.</param>
    /// <param name="cancellationToken">Ends it; what was put in place stays.</param>
    /// <exception cref="KernelException">EINVAL for a path that no file can have, ENOSPC, ENOTEMPTY.</exception>
    public Task ImportAsync(IEnumerable<MemoryFileEntry> entries, CancellationToken cancellationToken = default) =>
        MemoryImport.RunAsync(this, entries, cancellationToken);

    internal ulong NextNumber() => (ulong)Interlocked.Increment(ref _lastNumber);

    /// <summary>Promises a page within the limit of this file system and of the budget.</summary>
    internal bool TryTakePage()
    {
        if (Interlocked.Increment(ref _pages) <= _pageLimit && Budget.TryCommit())
        {
            return true;
        }

        Interlocked.Decrement(ref _pages);
        return false;
    }

    internal void ReturnPromise()
    {
        Budget.Uncommit();
        Interlocked.Decrement(ref _pages);
    }

    internal void FreePage(Page page)
    {
        Budget.Free(page);
        Interlocked.Decrement(ref _pages);
    }

    internal override MemoryInode Create(Inode directory, string name, in NewFile file, Credentials caller)
    {
        var parent = (MemoryDirectory)directory;
        lock (Names)
        {
            DemandNew(parent, name, caller);
            DemandInode();
            MemoryInode made = Make(file, caller, parent);
            if (made is MemoryDirectory)
            {
                parent.AddSubdirectory();
            }
            else
            {
                made.AddLink();
            }

            parent.Set(name, made);
            _names++;
            return made;
        }
    }

    internal override void Link(Inode file, Inode directory, string name, Credentials caller)
    {
        var (inode, parent) = ((MemoryInode)file, (MemoryDirectory)directory);
        lock (Names)
        {
            DemandNew(parent, name, caller);
            if (inode is MemoryDirectory)
            {
                throw FileErrors.Of(Errno.EPERM, name);
            }

            if (inode.LinkCount is 0 or >= MaxLinks)
            {
                throw FileErrors.Of(inode.LinkCount == 0 ? Errno.ENOENT : Errno.EMLINK, name);
            }

            DemandInode();
            inode.AddLink();
            parent.Set(name, inode);
            _names++;
        }
    }

    internal override void Unlink(Inode directory, string name, Credentials caller)
    {
        var parent = (MemoryDirectory)directory;
        lock (Names)
        {
            MemoryInode victim = DemandRemovable(parent, name, caller);
            if (victim is MemoryDirectory)
            {
                // POSIX.1-2017 unlink(): EPERM for a directory where the implementation prohibits it.
                throw FileErrors.Of(Errno.EPERM, name);
            }

            parent.Remove(name);
            _names--;
            victim.RemoveLink();
        }
    }

    internal override void RemoveDirectory(Inode directory, string name, Credentials caller)
    {
        var parent = (MemoryDirectory)directory;
        lock (Names)
        {
            if (DemandRemovable(parent, name, caller) is not MemoryDirectory victim)
            {
                throw FileErrors.Of(Errno.ENOTDIR, name);
            }

            if (victim.Covering is not null)
            {
                throw FileErrors.Of(Errno.EBUSY, name);
            }

            if (victim.Count > 0)
            {
                throw FileErrors.Of(Errno.ENOTEMPTY, name);
            }

            parent.Remove(name);
            parent.RemoveSubdirectory();
            victim.RemoveLink();
            _names--;
        }
    }

    internal override void Rename(in RenameRequest rename, Credentials caller)
    {
        lock (Names)
        {
            _names -= MemoryRename.Apply(rename, caller);
        }
    }

    private static void DemandNew(MemoryDirectory parent, string name, Credentials caller)
    {
        if (parent.TryFind(name, out _))
        {
            throw FileErrors.Of(Errno.EEXIST, name);
        }

        parent.Ownership.Demand(caller, AccessRights.Write | AccessRights.Execute, name);
        if (parent.IsRemoved)
        {
            throw FileErrors.Of(Errno.ENOENT, name);
        }
    }

    private static MemoryInode DemandRemovable(MemoryDirectory parent, string name, Credentials caller)
    {
        if (!parent.TryFind(name, out MemoryInode? victim))
        {
            throw FileErrors.Of(Errno.ENOENT, name);
        }

        FileOwnership ownership = parent.Ownership;
        ownership.Demand(caller, AccessRights.Write | AccessRights.Execute, name);
        ownership.DemandSticky(caller, victim.Ownership.UserId, name);
        return victim;
    }

    private void DemandInode()
    {
        if (_names >= _inodeLimit)
        {
            throw FileErrors.Of(Errno.ENOSPC, Name);
        }
    }

    private MemoryInode Make(in NewFile file, Credentials caller, MemoryDirectory parent) => file.Type switch
    {
        FileType.Regular => new MemoryFile(this, file, caller),
        FileType.Directory => new MemoryDirectory(this, file, caller, parent),
        FileType.SymbolicLink => new MemoryLink(this, file, caller),
        _ => new MemorySpecial(this, file, caller),
    };
}
