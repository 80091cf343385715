namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>What all files of the in-memory file system have: number, mode, owner, links and timestamps, guarded by the inode's monitor.</summary>
internal abstract class MemoryInode : Inode
{
    private const int ModeBits = 0xFFF; // 07777
    private const int SetUserId = 0x800; // 04000
    private const int SetGroupId = 0x400; // 02000
    private const int GroupExecute = 0x8; // 0010

    private readonly MemoryFileSystem _fileSystem;
    private int _mode;
    private int _userId;
    private int _groupId;

    protected MemoryInode(MemoryFileSystem fileSystem, in NewFile file, Credentials owner)
    {
        _fileSystem = fileSystem;
        Number = fileSystem.NextNumber();
        Type = file.Type;
        _mode = file.Mode & ModeBits;
        _userId = owner.UserId;
        _groupId = owner.GroupId;
        AccessTime = ModificationTime = ChangeTime = FileClock.Now;
    }

    public override MemoryFileSystem FileSystem => _fileSystem;

    public ulong Number { get; }

    public override FileType Type { get; }

    public override FileOwnership Ownership
    {
        get
        {
            lock (this)
            {
                return new FileOwnership(_mode, _userId, _groupId, Type == FileType.Directory);
            }
        }
    }

    /// <summary>Names that the file has; changed under the lock of the name space and the monitor.</summary>
    public int LinkCount { get; protected set; }

    protected virtual long Size => 0;

    protected virtual long Blocks => 0;

    protected long AccessTime { get; set; }

    protected long ModificationTime { get; set; }

    protected long ChangeTime { get; set; }

    public override FileStatus GetStatus()
    {
        lock (this)
        {
            return new FileStatus(
                _fileSystem.Device, Number, Type, _mode, LinkCount, _userId, _groupId, Special?.RawDevice ?? 0,
                Size, Paging.PageBudget.PageSize, Blocks, AccessTime, ModificationTime, ChangeTime);
        }
    }

    public override void SetMode(Credentials caller, int mode)
    {
        lock (this)
        {
            DemandOwner(caller, "chmod");
            mode &= ModeBits;

            // Nobody can make a program run with a group that he does not belong to.
            if (Type == FileType.Regular && !caller.IsPrivileged && !caller.IsMember(_groupId))
            {
                mode &= ~SetGroupId;
            }

            _mode = mode;
            ChangeTime = FileClock.Now;
        }
    }

    public override void SetOwner(Credentials caller, int userId, int groupId)
    {
        lock (this)
        {
            // _POSIX_CHOWN_RESTRICTED: an owner may only choose among the groups that he belongs to.
            bool isAllowed = caller.IsPrivileged
                || (caller.UserId == _userId && (userId == -1 || userId == _userId) && (groupId == -1 || groupId == _groupId || caller.IsMember(groupId)));
            if (!isAllowed)
            {
                throw FileErrors.Of(Errno.EPERM, "chown");
            }

            _userId = userId == -1 ? _userId : userId;
            _groupId = groupId == -1 ? _groupId : groupId;
            if (Type != FileType.Directory)
            {
                ClearSetIds();
            }

            ChangeTime = FileClock.Now;
        }
    }

    public override void SetTimes(Credentials caller, FileTimeChange access, FileTimeChange modification)
    {
        lock (this)
        {
            if (DemandTimes(new FileOwnership(_mode, _userId, _groupId, Type == FileType.Directory), caller, access, modification))
            {
                long now = FileClock.Now;
                AccessTime = access.Apply(AccessTime, now);
                ModificationTime = modification.Apply(ModificationTime, now);
                ChangeTime = now;
            }
        }
    }

    /// <summary>Puts what an archive holds in place; no access check.</summary>
    public void Restore(int mode, int userId, int groupId, long modificationTime)
    {
        lock (this)
        {
            (_mode, _userId, _groupId, ModificationTime) = (mode & ModeBits, userId, groupId, modificationTime);
        }
    }

    public void AddLink()
    {
        lock (this)
        {
            LinkCount++;
            ChangeTime = FileClock.Now;
        }
    }

    public virtual void RemoveLink()
    {
        lock (this)
        {
            LinkCount--;
            ChangeTime = FileClock.Now;
        }
    }

    /// <summary>The content was changed; a user without privileges leaves no set-ID program behind. Within the monitor.</summary>
    protected void NoteModification(Credentials? caller)
    {
        ModificationTime = ChangeTime = FileClock.Now;
        if ((_mode & (SetUserId | SetGroupId)) != 0 && caller is { IsPrivileged: false })
        {
            ClearSetIds();
        }
    }

    // Without group execution the set-group-ID bit does not make a program privileged.
    private void ClearSetIds() => _mode &= ~((_mode & GroupExecute) != 0 ? SetUserId | SetGroupId : SetUserId);

    private void DemandOwner(Credentials caller, string call)
    {
        if (!caller.IsPrivileged && caller.UserId != _userId)
        {
            throw FileErrors.Of(Errno.EPERM, call);
        }
    }
}
