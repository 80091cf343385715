namespace CimHost.VmKernel.FileSystem;

/// <summary>A tree of files that can be mounted. Defaults are those of a tree that cannot be changed (EROFS).</summary>
public abstract class MountableFileSystem
{
    private static long s_lastDevice;

    /// <summary>Id of the file system: st_dev.</summary>
    public ulong Device { get; } = (ulong)Interlocked.Increment(ref s_lastDevice);

    /// <summary>Sizes and limits.</summary>
    public abstract FileSystemStatistics Statistics { get; }

    /// <summary>The topmost directory.</summary>
    internal abstract Inode Root { get; }

    /// <summary>Makes a file, directory, link or special file.</summary>
    /// <exception cref="KernelException">EEXIST, EACCES, ENOSPC, ENOENT when the directory itself was removed.</exception>
    internal virtual Inode Create(Inode directory, string name, in NewFile file, Credentials caller) => throw FileErrors.Of(Errno.EROFS, name);

    /// <summary>Gives a file another name.</summary>
    internal virtual void Link(Inode file, Inode directory, string name, Credentials caller) => throw FileErrors.Of(Errno.EROFS, name);

    /// <summary>Takes the name of a file that is no directory away.</summary>
    internal virtual void Unlink(Inode directory, string name, Credentials caller) => throw FileErrors.Of(Errno.EROFS, name);

    /// <summary>Removes an empty directory.</summary>
    internal virtual void RemoveDirectory(Inode directory, string name, Credentials caller) => throw FileErrors.Of(Errno.EROFS, name);

    /// <summary>Renames in one step; every observer finds the new name at the old or at the new file.</summary>
    internal virtual void Rename(in RenameRequest rename, Credentials caller) => throw FileErrors.Of(Errno.EROFS, rename.OldName);
}
