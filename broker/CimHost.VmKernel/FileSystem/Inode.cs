namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// A file as a file system knows it, whatever its names are. Defaults are those of a file that is no directory and cannot be changed.
/// Every method can be called from many threads.
/// </summary>
internal abstract class Inode
{
    private volatile Mount? _covering;

    /// <summary>The file system that it is on.</summary>
    public abstract MountableFileSystem FileSystem { get; }

    /// <summary>Type, which never changes.</summary>
    public abstract FileType Type { get; }

    /// <summary>What decides on access.</summary>
    public abstract FileOwnership Ownership { get; }

    /// <summary>The mount that hides this directory; null when there is none.</summary>
    public Mount? Covering => _covering;

    /// <summary>What stands behind a device, FIFO or socket.</summary>
    public virtual ISpecialFile? Special => null;

    /// <summary>The directory above a directory; of a root itself.</summary>
    public virtual Inode Parent => this;

    /// <summary>What stat() tells.</summary>
    public abstract FileStatus GetStatus();

    /// <summary>Finds a name in a directory (not "." or ".."); null when it is not there.</summary>
    public virtual Inode? Lookup(ReadOnlySpan<char> name) => throw FileErrors.Of(Errno.ENOTDIR, name);

    /// <summary>Finds the name under which a directory holds a file; null when it does not any more.</summary>
    public virtual string? NameOf(Inode child) => null;

    /// <summary>Target of a symbolic link.</summary>
    public virtual string ReadLink() => throw FileErrors.Of(Errno.EINVAL, "readlink");

    /// <summary>Opens the content of a regular file. Close is called for it once.</summary>
    public virtual IFileData OpenData(OpenFlags flags) => throw FileErrors.Of(Errno.EINVAL, "open");

    /// <summary>Lists entries of a directory after a position, without "." and ".."; positions are 2 and more.</summary>
    /// <returns>Number of entries; 0 at the end.</returns>
    public virtual int ReadDirectory(long position, Span<DirectoryEntry> entries) => throw FileErrors.Of(Errno.ENOTDIR, "readdir");

    /// <summary>Hides this directory behind a mount; false where that cannot be, as the same directory may be seen as several objects.</summary>
    /// <exception cref="KernelException">ENOENT when it was removed.</exception>
    public virtual bool TryCover(Mount mount)
    {
        _covering = mount;
        return true;
    }

    /// <summary>Shows the directory again.</summary>
    public void Uncover() => _covering = null;

    /// <summary>Notes that a directory was read.</summary>
    public virtual void Touch()
    {
    }

    /// <summary>chmod(); EPERM unless owner.</summary>
    public virtual void SetMode(Credentials caller, int mode) => throw FileErrors.Of(Errno.EROFS, "chmod");

    /// <summary>chown(); −1 leaves an id as it is.</summary>
    public virtual void SetOwner(Credentials caller, int userId, int groupId) => throw FileErrors.Of(Errno.EROFS, "chown");

    /// <summary>utimensat().</summary>
    public virtual void SetTimes(Credentials caller, FileTimeChange access, FileTimeChange modification) =>
        throw FileErrors.Of(Errno.EROFS, "utimensat");

    /// <summary>Checks whether the caller may set timestamps (POSIX.1-2017 futimens()): to other times than now only the owner.</summary>
    /// <returns>False when nothing is to be changed.</returns>
    protected static bool DemandTimes(FileOwnership file, Credentials caller, FileTimeChange access, FileTimeChange modification)
    {
        if (access.IsOmitted && modification.IsOmitted)
        {
            return false;
        }

        if (!file.IsOwner(caller))
        {
            if (!access.IsNow || !modification.IsNow)
            {
                throw FileErrors.Of(Errno.EPERM, "utimensat");
            }

            file.Demand(caller, AccessRights.Write, "utimensat");
        }

        return true;
    }
}
