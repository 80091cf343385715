using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Host;

/// <summary>A file of the Linux host by its path below the datastore. It is looked at anew each time, as Linux may change it as well.</summary>
internal sealed class HostInode(HostFileSystem fileSystem, string path, FileType type) : Inode
{
    /// <summary>Permission bits that are kept: no set-ID bits.</summary>
    public const int KeptMode = 0x3FF; // 01777

    // readdir() keeps 0 and 1 for dot and dot-dot; 2 is the start, and Linux's own positions come behind.
    private const long StartPosition = 2;
    private const long FirstPosition = StartPosition + 1;

    /// <summary>Path below the datastore; empty for its root.</summary>
    public string HostPath => path;

    public string ParentPath => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : string.Empty;

    public string Name => path.Length == 0 ? "." : path[(path.LastIndexOf('/') + 1)..];

    public override MountableFileSystem FileSystem => fileSystem;

    public override FileType Type => type;

    public override FileOwnership Ownership => GetStatus() is var s ? new(s.Mode, s.UserId, s.GroupId, s.IsDirectory) : default;

    public override Inode Parent => path.Length == 0 ? this
        : ParentPath.Length == 0 ? fileSystem.Root
        : new HostInode(fileSystem, ParentPath, FileType.Directory);

    public override bool TryCover(Mount mount) => false;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}/{name}";

    public override FileStatus GetStatus()
    {
        using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);
        return fileSystem.Shown(LinuxFileCalls.Status(parent, Name, LinuxFileCalls.NoFollow, Name));
    }

    public override Inode? Lookup(ReadOnlySpan<char> name)
    {
        string child = name.ToString();
        using SafeFileHandle directory = fileSystem.OpenDirectory(path);
        return LinuxFileCalls.TryStatus(directory, child, LinuxFileCalls.NoFollow, out FileStatus status, out Errno errno)
            ? new HostInode(fileSystem, PathOf(child), status.Type)
            : errno == Errno.ENOENT ? null : throw FileErrors.Of(errno, child);
    }

    public override string? NameOf(Inode child) => child is HostInode { Name: var name } && Lookup(name) is not null ? name : null;

    public override string ReadLink()
    {
        using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);
        return LinuxFileCalls.ReadLink(parent, Name, Name);
    }

    public override IFileData OpenData(OpenFlags flags)
    {
        using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);

        // Without waiting, as a FIFO may have been put there; O_TRUNC comes later as a call of its own.
        bool isCutOnly = (flags & (OpenFlags.O_ACCMODE | OpenFlags.O_TRUNC)) == OpenFlags.O_TRUNC;
        OpenFlags access = isCutOnly ? OpenFlags.O_RDWR : flags & OpenFlags.O_ACCMODE;
        if (type != FileType.Regular)
        {
            throw FileErrors.Of(Errno.EPERM, Name);
        }

        SafeFileHandle file = LinuxFileCalls.Open(parent, Name, LinuxFileCalls.ToNative(access | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK), 0, Name);
        if (LinuxFileCalls.Status(file, string.Empty, 0, Name).Type != FileType.Regular)
        {
            file.Dispose();
            throw FileErrors.Of(Errno.EPERM, Name);
        }

        return new HostFileData(fileSystem, file, Name);
    }

    public override int ReadDirectory(long position, Span<DirectoryEntry> entries)
    {
        int count = 0;
        if (position == long.MaxValue)
        {
            return 0;
        }

        using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);
        OpenFlags flags = OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
        using SafeFileHandle directory = LinuxFileCalls.Open(parent, Name, LinuxFileCalls.ToNative(flags), 0, Name);
        LinuxDirectory.Seek(directory, position == StartPosition ? 0 : position - FirstPosition, Name);
        foreach (DirectoryEntry entry in LinuxDirectory.Read(directory, Name))
        {
            if (count == entries.Length)
            {
                break;
            }

            if (entry.Name is not ("." or ".."))
            {
                long next = entry.Position > long.MaxValue - FirstPosition ? long.MaxValue : entry.Position + FirstPosition;
                entries[count++] = entry with { Position = next };
            }
        }

        return count;
    }

    public override void SetMode(Credentials caller, int mode)
    {
        DemandOwner(caller, "chmod");
        ApplyMode(mode & KeptMode);
    }

    /// <summary>Sets the permission bits without a check.</summary>
    public void ApplyMode(int mode)
    {
        using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);
        LinuxFileCalls.ChangeModeOfFile(parent, Name, mode);
    }

    public override void SetOwner(Credentials caller, int userId, int groupId)
    {
        FileStatus file = GetStatus();
        bool staysUser = userId == -1 || userId == file.UserId;
        bool isAllowed = caller.IsPrivileged
            || (caller.UserId == file.UserId && staysUser && (groupId == -1 || groupId == file.GroupId || caller.IsMember(groupId)));
        bool isKept = fileSystem.KeepsOwners || (staysUser && (groupId == -1 || groupId == file.GroupId));
        if (!isAllowed || !isKept)
        {
            throw FileErrors.Of(Errno.EPERM, Name);
        }

        if (fileSystem.KeepsOwners)
        {
            using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);
            LinuxFileCalls.ChangeOwner(parent, Name, userId, groupId, LinuxFileCalls.NoFollow, Name);
        }
    }

    public override void SetTimes(Credentials caller, FileTimeChange access, FileTimeChange modification)
    {
        if (DemandTimes(Ownership, caller, access, modification))
        {
            using SafeFileHandle parent = fileSystem.OpenDirectory(ParentPath);
            LinuxFileCalls.ChangeTimes(parent, Name, access, modification, LinuxFileCalls.NoFollow, Name);
        }
    }

    private void DemandOwner(Credentials caller, string call)
    {
        if (!Ownership.IsOwner(caller))
        {
            throw FileErrors.Of(Errno.EPERM, call);
        }
    }
}
