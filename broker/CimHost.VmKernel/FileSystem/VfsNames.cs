namespace CimHost.VmKernel.FileSystem;

/// <summary>Operations that make, remove and change names.</summary>
public sealed partial class Vfs
{
    /// <summary>mkdir().</summary>
    /// <param name="caller">Who.</param>
    /// <param name="path">The new directory.</param>
    /// <param name="mode">Permission bits before the umask.</param>
    /// <param name="cancellationToken">Ends the wait for the change to be kept.</param>
    /// <exception cref="KernelException">EEXIST, ENOENT, ENOTDIR, EACCES, ENOSPC, EROFS, ELOOP, ENAMETOOLONG.</exception>
    public ValueTask MakeDirectoryAsync(in FileCaller caller, string path, int mode, CancellationToken cancellationToken = default)
    {
        PathEnd end = ResolveParent(caller, path);
        return CreateAsync(caller, end, path, new NewFile(FileType.Directory, mode & DirectoryModeBits & ~caller.Umask), cancellationToken);
    }

    /// <summary>symlink(): makes a symbolic link.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="target">What it leads to; need not exist.</param>
    /// <param name="path">The new link.</param>
    /// <param name="cancellationToken">Ends the wait for the change to be kept.</param>
    /// <exception cref="KernelException">As <see cref="MakeDirectoryAsync"/>; ENOENT for an empty target.</exception>
    public ValueTask SymbolicLinkAsync(in FileCaller caller, string target, string path, CancellationToken cancellationToken = default)
    {
        FileNames.DemandPath(target);
        FileNames.DemandNewName(target);
        PathEnd end = ResolveParent(caller, path);
        return CreateAsync(caller, end, path, new NewFile(FileType.SymbolicLink, 0x1FF, target), cancellationToken);
    }

    /// <summary>mkfifo(), mknod() and the like: gives a device, FIFO or socket a name. Only in-memory file systems hold such files.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="path">The new name.</param>
    /// <param name="mode">Permission bits before the umask.</param>
    /// <param name="file">What stands behind it.</param>
    /// <param name="cancellationToken">Ends the wait for the change to be kept.</param>
    /// <exception cref="KernelException">As <see cref="MakeDirectoryAsync"/>; EPERM where it is not supported or for a device when not root.</exception>
    public ValueTask MakeNodeAsync(
        in FileCaller caller, string path, int mode, ISpecialFile file, CancellationToken cancellationToken = default)
    {
        bool isDevice = file.Type is FileType.CharacterDevice or FileType.BlockDevice;
        if (file.Type is FileType.Regular or FileType.Directory or FileType.SymbolicLink || (isDevice && !caller.Credentials.IsPrivileged))
        {
            throw FileErrors.Of(Errno.EPERM, path);
        }

        PathEnd end = ResolveParent(caller, path);
        return CreateAsync(caller, end, path, new NewFile(file.Type, mode & 0x1FF & ~caller.Umask, Special: file), cancellationToken);
    }

    /// <summary>link(): gives a file a further name. A symbolic link gets the name itself.</summary>
    /// <exception cref="KernelException">EEXIST, ENOENT, EPERM for a directory, EXDEV, EMLINK, EACCES, ENOSPC, EROFS.</exception>
    public ValueTask LinkAsync(in FileCaller caller, string existing, string path, CancellationToken cancellationToken = default)
    {
        VfsNode file = Resolve(caller, existing, follow: false);
        PathEnd end = ResolveParent(caller, path);
        DemandFree(end, path, allowSlash: false);
        Mount mount = end.Directory.Mount;
        if (mount != file.Mount)
        {
            throw FileErrors.Of(Errno.EXDEV, path);
        }

        mount.DemandWritable(path);
        mount.FileSystem.Link(file.Inode, end.Directory.Inode, end.Name.ToString(), caller.Credentials);
        return mount.CommitAsync(cancellationToken);
    }

    /// <summary>unlink(): takes the name of a file away; the file lives on while it has other names or is open.</summary>
    /// <exception cref="KernelException">ENOENT, EPERM for a directory or in a sticky directory, EACCES, EROFS.</exception>
    public ValueTask UnlinkAsync(in FileCaller caller, string path, CancellationToken cancellationToken = default)
    {
        PathEnd end = ResolveParent(caller, path);
        if (!end.IsOrdinary)
        {
            throw FileErrors.Of(Errno.EPERM, path);
        }

        VfsNode victim = PathWalk.Find(end.Directory, end.Name) ?? throw FileErrors.Of(Errno.ENOENT, path);
        if (end.HasSlash && victim.Inode.Type != FileType.Directory)
        {
            throw FileErrors.Of(Errno.ENOTDIR, path);
        }

        Mount mount = end.Directory.Mount;
        mount.DemandWritable(path);
        mount.FileSystem.Unlink(end.Directory.Inode, end.Name.ToString(), caller.Credentials);
        return mount.CommitAsync(cancellationToken);
    }

    /// <summary>rmdir(): removes an empty directory.</summary>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, ENOTEMPTY, EINVAL for ".", EBUSY for a mount point, EPERM, EACCES, EROFS.</exception>
    public ValueTask RemoveDirectoryAsync(in FileCaller caller, string path, CancellationToken cancellationToken = default)
    {
        PathEnd end = ResolveParent(caller, path);
        if (!end.IsOrdinary)
        {
            throw FileErrors.Of(end.IsRoot ? Errno.EBUSY : end.Name is "." ? Errno.EINVAL : Errno.ENOTEMPTY, path);
        }

        Mount mount = end.Directory.Mount;
        FileNames.DemandName(end.Name);
        mount.DemandWritable(path);
        mount.FileSystem.RemoveDirectory(end.Directory.Inode, end.Name.ToString(), caller.Credentials);
        return mount.CommitAsync(cancellationToken);
    }

    /// <summary>rename(): in one step; a file that has the new name is replaced.</summary>
    /// <exception cref="KernelException">
    /// ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, EINVAL (below itself, "." or ".."), EXDEV, EBUSY, EACCES, EPERM, EROFS.
    /// </exception>
    public ValueTask RenameAsync(in FileCaller caller, string oldPath, string newPath, CancellationToken cancellationToken = default)
    {
        PathEnd from = ResolveParent(caller, oldPath);
        PathEnd to = ResolveParent(caller, newPath);
        Mount mount = from.Directory.Mount;
        if (mount != to.Directory.Mount)
        {
            throw FileErrors.Of(Errno.EXDEV, newPath);
        }

        if (!from.IsOrdinary || !to.IsOrdinary)
        {
            throw FileErrors.Of(from.IsRoot || to.IsRoot ? Errno.EBUSY : Errno.EINVAL, from.IsOrdinary ? newPath : oldPath);
        }

        FileNames.DemandName(from.Name);
        FileNames.DemandName(to.Name);
        FileNames.DemandNewName(to.Name);
        mount.DemandWritable(newPath);
        mount.FileSystem.Rename(
            new RenameRequest(from.Directory.Inode, from.Name.ToString(), to.Directory.Inode, to.Name.ToString(), from.HasSlash, to.HasSlash),
            caller.Credentials);
        return mount.CommitAsync(cancellationToken);
    }

    private static ValueTask CreateAsync(in FileCaller caller, in PathEnd end, string path, in NewFile file, CancellationToken cancellationToken)
    {
        DemandFree(end, path, file.Type == FileType.Directory);
        FileNames.DemandNewName(end.Name);
        Mount mount = end.Directory.Mount;
        mount.DemandWritable(path);
        mount.FileSystem.Create(end.Directory.Inode, end.Name.ToString(), file, caller.Credentials);
        return mount.CommitAsync(cancellationToken);
    }

    // EEXIST comes before everything that could be wrong with the directory; a slash behind a new name that is no directory is ENOENT.
    private static void DemandFree(in PathEnd end, string path, bool allowSlash)
    {
        if (!end.IsOrdinary || PathWalk.Find(end.Directory, end.Name) is not null)
        {
            throw FileErrors.Of(Errno.EEXIST, path);
        }

        if (end.HasSlash && !allowSlash)
        {
            throw FileErrors.Of(Errno.ENOENT, path);
        }
    }
}
