using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.FileSystem.Host;

/// <summary>
/// A directory of the Linux host as a file system: a VMFS datastore, or a boot bank, all of which belongs to root and is for root alone. Nothing leads out of it: every name is opened in the directory that
/// was opened before it and never through a link, ".." is resolved by the tree and links are read and followed by the tree, with its own
/// root as "/". Content, names, permission and sticky bits and timestamps are kept in the Linux files. Owners are kept when the host runs
/// as root; otherwise every file belongs to 0:0. Set-ID bits are not kept: they would mean something to Linux. Devices, FIFOs and sockets
/// are shown but cannot be made or opened.
/// </summary>
public sealed class HostFileSystem : MountableFileSystem, IDisposable
{
    private const string DatastoreType = "vmfs";
    private const string BootBankType = "vfat";
    private const int OwnersMode = 0x1C0; // 0700
    private const AccessRights Change = AccessRights.Write | AccessRights.Execute;

    private readonly SafeFileHandle _directory;
    private readonly HostInode _root;
    private readonly bool _isBootBank;

    /// <summary>Opens a directory.</summary>
    /// <param name="directory">Absolute path on the Linux host.</param>
    /// <param name="isBootBank">Whether it is a boot bank: whatever Linux says, owner and group are 0 and nobody else has a permission.</param>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EACCES.</exception>
    public HostFileSystem(string directory, bool isBootBank = false)
    {
        _isBootBank = isBootBank;
        _directory = LinuxFileCalls.Open(
            LinuxFileCalls.WorkingDirectory, Path.GetFullPath(directory), LinuxFileCalls.PathOnly | LinuxFileCalls.ToNative(OpenFlags.O_DIRECTORY), 0, directory);
        KeepsOwners = !isBootBank && LinuxFileCalls.EffectiveUserId() == 0;
        _root = new HostInode(this, string.Empty, FileType.Directory);
    }

    /// <summary>Whether owners are kept.</summary>
    public bool KeepsOwners { get; }

    /// <inheritdoc/>
    public override FileSystemStatistics Statistics => LinuxFileCalls.Statistics(_directory, _isBootBank ? BootBankType : DatastoreType, Device);

    internal override Inode Root => _root;

    /// <summary>Finding the end of a file and writing there is one step among all appends.</summary>
    internal FileGate Appends { get; } = new();

    /// <summary>Closes the directory; files that are open stay so.</summary>
    public void Dispose() => _directory.Dispose();

    /// <summary>Whether the directory of another one is this one or lies below it, by whatever path each was opened.</summary>
    internal bool Holds(HostFileSystem other)
    {
        FileStatus own = LinuxFileCalls.Status(_directory, string.Empty, 0, "/");
        SafeFileHandle at = other._directory;
        try
        {
            while (true)
            {
                FileStatus status = LinuxFileCalls.Status(at, string.Empty, 0, "/");
                if ((status.Device, status.Inode) == (own.Device, own.Inode))
                {
                    return true;
                }

                SafeFileHandle above = LinuxFileCalls.Open(at, "..", LinuxFileCalls.PathOnly | LinuxFileCalls.ToNative(OpenFlags.O_DIRECTORY), 0, "..");
                FileStatus parent = LinuxFileCalls.Status(above, string.Empty, 0, "..");
                other.Close(at);
                at = above;
                if ((parent.Device, parent.Inode) == (status.Device, status.Inode))
                {
                    return false;
                }
            }
        }
        finally
        {
            other.Close(at);
        }
    }

    /// <summary>Opens a directory below, name by name.</summary>
    internal SafeFileHandle OpenDirectory(string path)
    {
        SafeFileHandle at = _directory;
        try
        {
            foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                SafeFileHandle next = LinuxFileCalls.Open(
                    at, name, LinuxFileCalls.PathOnly | LinuxFileCalls.ToNative(OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), 0, name);
                Close(at);
                at = next;
            }

            // The caller disposes what it gets.
            return at == _directory ? LinuxFileCalls.Open(at, ".", LinuxFileCalls.PathOnly | LinuxFileCalls.ToNative(OpenFlags.O_DIRECTORY), 0, path) : at;
        }
        catch
        {
            Close(at);
            throw;
        }
    }

    internal override Inode Create(Inode directory, string name, in NewFile file, Credentials caller)
    {
        using SafeFileHandle parent = OpenParent(directory, name, caller);
        int mode = file.Mode & HostInode.KeptMode;
        switch (file.Type)
        {
            case FileType.Directory:
                LinuxFileCalls.MakeDirectory(parent, name, mode, name);
                break;
            case FileType.SymbolicLink:
                LinuxFileCalls.SymbolicLink(file.Target!, parent, name, name);
                break;
            case FileType.Regular:
                LinuxFileCalls.Open(parent, name, LinuxFileCalls.ToNative(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL), mode, name).Dispose();
                break;
            default:
                throw FileErrors.Of(Errno.EPERM, name);
        }

        if (KeepsOwners)
        {
            LinuxFileCalls.ChangeOwner(parent, name, caller.UserId, caller.GroupId, LinuxFileCalls.NoFollow, name);
        }

        var made = new HostInode(this, ((HostInode)directory).PathOf(name), file.Type);
        if (file.Type != FileType.SymbolicLink)
        {
            // The umask of the host process is not that of the world.
            made.ApplyMode(mode);
        }

        return made;
    }

    internal override void Link(Inode file, Inode directory, string name, Credentials caller)
    {
        using SafeFileHandle parent = OpenParent(directory, name, caller);
        if (file.Type == FileType.Directory)
        {
            throw FileErrors.Of(Errno.EPERM, name);
        }

        var source = (HostInode)file;
        using SafeFileHandle from = OpenDirectory(source.ParentPath);
        LinuxFileCalls.Link(from, source.Name, parent, name, name);
    }

    internal override void Unlink(Inode directory, string name, Credentials caller)
    {
        using SafeFileHandle parent = OpenParent(directory, name, caller, removes: true);
        LinuxFileCalls.DemandNoDirectory(parent, name);
        LinuxFileCalls.Unlink(parent, name, 0, name);
    }

    internal override void RemoveDirectory(Inode directory, string name, Credentials caller)
    {
        using SafeFileHandle parent = OpenParent(directory, name, caller, removes: true);
        LinuxFileCalls.Unlink(parent, name, LinuxFileCalls.RemoveDirectory, name);
    }

    internal override void Rename(in RenameRequest rename, Credentials caller)
    {
        using SafeFileHandle from = OpenParent(rename.OldDirectory, rename.OldName, caller, removes: true);
        FileStatus source = Shown(LinuxFileCalls.Status(from, rename.OldName, LinuxFileCalls.NoFollow, rename.OldName));
        if (!source.IsDirectory && (rename.OldNeedsDirectory || rename.NewNeedsDirectory))
        {
            throw FileErrors.Of(Errno.ENOTDIR, rename.OldName);
        }

        using SafeFileHandle to = OpenParent(rename.NewDirectory, rename.NewName, caller, removes: true, mayBeAbsent: true);
        bool moves = ((HostInode)rename.OldDirectory).HostPath != ((HostInode)rename.NewDirectory).HostPath;
        if (source.IsDirectory && moves)
        {
            new FileOwnership(source.Mode, source.UserId, source.GroupId, true).Demand(caller, AccessRights.Write, rename.OldName);
        }

        LinuxFileCalls.Rename(from, rename.OldName, to, rename.NewName, rename.NewName);
    }

    /// <summary>The status of a Linux file as the worlds see it.</summary>
    internal FileStatus Shown(in FileStatus status) => status with
    {
        Device = Device,
        Mode = status.Mode & (_isBootBank ? OwnersMode : HostInode.KeptMode),
        UserId = KeepsOwners ? status.UserId : 0,
        GroupId = KeepsOwners ? status.GroupId : 0,
    };

    private void Close(SafeFileHandle handle)
    {
        if (handle != _directory)
        {
            handle.Dispose();
        }
    }

    // Opens the directory that is to be changed and checks that the caller may: what Linux would check is the host's own user.
    private SafeFileHandle OpenParent(Inode directory, string name, Credentials caller, bool removes = false, bool mayBeAbsent = false)
    {
        SafeFileHandle parent = OpenDirectory(((HostInode)directory).HostPath);
        try
        {
            FileOwnership ownership = directory.Ownership;
            bool exists = LinuxFileCalls.TryStatus(parent, name, LinuxFileCalls.NoFollow, out FileStatus victim, out Errno errno);
            if (exists != removes && !mayBeAbsent)
            {
                throw FileErrors.Of(exists ? Errno.EEXIST : errno, name);
            }

            ownership.Demand(caller, Change, name);
            if (exists)
            {
                ownership.DemandSticky(caller, Shown(victim).UserId, name);
            }

            return parent;
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }
}
