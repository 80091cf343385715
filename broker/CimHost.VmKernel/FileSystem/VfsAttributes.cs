namespace CimHost.VmKernel.FileSystem;

/// <summary>Operations on what a file is, and on its size.</summary>
public sealed partial class Vfs
{
    /// <summary>stat().</summary>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG.</exception>
    public FileStatus Stat(in FileCaller caller, string path) => Resolve(caller, path, follow: true).Inode.GetStatus();

    /// <summary>lstat(): of a symbolic link itself.</summary>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG.</exception>
    public FileStatus LinkStat(in FileCaller caller, string path) => Resolve(caller, path, follow: false).Inode.GetStatus();

    /// <summary>statvfs().</summary>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG.</exception>
    public FileSystemStatistics GetStatistics(in FileCaller caller, string path) => Resolve(caller, path, follow: true).Mount.Statistics;

    /// <summary>readlink(): the target of a symbolic link.</summary>
    /// <exception cref="KernelException">EINVAL when it is no link; ENOENT, ENOTDIR, EACCES.</exception>
    public string ReadLink(in FileCaller caller, string path)
    {
        Inode inode = Resolve(caller, path, follow: false).Inode;
        return inode.Type == FileType.SymbolicLink ? inode.ReadLink() : throw FileErrors.Of(Errno.EINVAL, path);
    }

    /// <summary>access(), for the effective ids (AT_EACCESS).</summary>
    /// <exception cref="KernelException">EACCES, EROFS, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG; EINVAL for other bits.</exception>
    public void DemandAccess(in FileCaller caller, string path, AccessRights rights)
    {
        if ((rights & ~(AccessRights.Read | AccessRights.Write | AccessRights.Execute)) != 0)
        {
            throw FileErrors.Of(Errno.EINVAL, path);
        }

        VfsNode node = Resolve(caller, path, follow: true);
        node.Inode.Ownership.Demand(caller.Credentials, rights, path);
        if ((rights & AccessRights.Write) != 0 && node.Inode.Special is null)
        {
            node.Mount.DemandWritable(path);
        }
    }

    /// <summary>chmod().</summary>
    /// <param name="caller">Who.</param>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="mode">Permission, set-ID and sticky bits.</param>
    /// <param name="cancellationToken">Ends the wait for the change to be kept.</param>
    /// <exception cref="KernelException">EPERM unless the owner; EROFS and what resolving the path gives.</exception>
    public ValueTask ChangeModeAsync(in FileCaller caller, string path, int mode, CancellationToken cancellationToken = default)
    {
        VfsNode node = ResolveForChange(caller, path, follow: true);
        node.Inode.SetMode(caller.Credentials, mode);
        return node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>chown(), or lchown() when links are not followed; −1 leaves an id as it is.</summary>
    /// <exception cref="KernelException">EPERM; EROFS and what resolving the path gives.</exception>
    public ValueTask ChangeOwnerAsync(
        in FileCaller caller, string path, int userId, int groupId, bool follow = true, CancellationToken cancellationToken = default)
    {
        VfsNode node = ResolveForChange(caller, path, follow);
        node.Inode.SetOwner(caller.Credentials, userId, groupId);
        return node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>utimensat().</summary>
    /// <exception cref="KernelException">EPERM for a time other than now unless the owner, EACCES; EROFS and what resolving the path gives.</exception>
    public ValueTask ChangeTimesAsync(
        in FileCaller caller,
        string path,
        FileTimeChange access,
        FileTimeChange modification,
        bool follow = true,
        CancellationToken cancellationToken = default)
    {
        VfsNode node = ResolveForChange(caller, path, follow);
        node.Inode.SetTimes(caller.Credentials, access, modification);
        return node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>truncate(): cuts a file or extends it with zeroes.</summary>
    /// <exception cref="KernelException">EINVAL, EISDIR, EACCES, EFBIG, EROFS and what resolving the path gives.</exception>
    public ValueTask TruncateAsync(in FileCaller caller, string path, long size, CancellationToken cancellationToken = default)
    {
        if (size < 0)
        {
            throw FileErrors.Of(Errno.EINVAL, path);
        }

        VfsNode node = Resolve(caller, path, follow: true);
        if (node.Inode.Type != FileType.Regular)
        {
            throw FileErrors.Of(node.Inode.Type == FileType.Directory ? Errno.EISDIR : Errno.EINVAL, path);
        }

        node.Inode.Ownership.Demand(caller.Credentials, AccessRights.Write, path);
        node.Mount.DemandWritable(path);
        return TruncateAsync(node, size, caller.Credentials, cancellationToken);
    }

    private static async ValueTask TruncateAsync(VfsNode node, long size, Credentials caller, CancellationToken cancellationToken)
    {
        IFileData data = node.Inode.OpenData(OpenFlags.O_WRONLY);
        try
        {
            await data.TruncateAsync(size, caller, cancellationToken);
        }
        finally
        {
            data.Close(OpenFlags.O_WRONLY);
        }

        await node.Mount.CommitAsync(cancellationToken);
    }

    private VfsNode ResolveForChange(in FileCaller caller, string path, bool follow)
    {
        VfsNode node = Resolve(caller, path, follow);
        node.Mount.DemandWritable(path);
        return node;
    }
}
