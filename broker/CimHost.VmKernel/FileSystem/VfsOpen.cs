namespace CimHost.VmKernel.FileSystem;

/// <summary>Opening files.</summary>
public sealed partial class Vfs
{
    private const int ModeBits = 0xFFF; // 07777

    /// <summary>open().</summary>
    /// <param name="caller">Who.</param>
    /// <param name="path">The file.</param>
    /// <param name="flags">Access mode, creation and status flags.</param>
    /// <param name="mode">With O_CREAT: permission bits of a new file before the umask.</param>
    /// <param name="cancellationToken">Ends the wait for a device or FIFO, and for a new file to be kept.</param>
    /// <returns>A <see cref="VfsFile"/> for regular files and directories; what the device or FIFO gives for those. It holds one reference.</returns>
    /// <exception cref="KernelException">
    /// ENOENT, EEXIST (O_EXCL), EISDIR, ENOTDIR (O_DIRECTORY), ELOOP (too many links, O_NOFOLLOW), EACCES, ENOSPC, EROFS, ENAMETOOLONG,
    /// EINVAL for flags that contradict each other.
    /// </exception>
    public ValueTask<OpenFile> OpenAsync(
        in FileCaller caller, string path, OpenFlags flags, int mode = 0x1B6, CancellationToken cancellationToken = default)
    {
        bool isCreate = (flags & OpenFlags.O_CREAT) != 0;
        if ((flags & OpenFlags.O_ACCMODE) == OpenFlags.O_ACCMODE || (isCreate && (flags & OpenFlags.O_DIRECTORY) != 0))
        {
            throw FileErrors.Of(Errno.EINVAL, path);
        }

        VfsNode node = Locate(caller, path, flags, mode & ModeBits & ~caller.Umask, out bool isNew);
        if (!isNew)
        {
            DemandOpenable(node, caller.Credentials, path, flags);
        }

        if (node.Inode.Special is { } special)
        {
            return special.OpenAsync(flags, caller.Credentials, cancellationToken);
        }

        VfsFile file = Open(node, flags, caller.Credentials);
        bool isChange = isNew || (flags & OpenFlags.O_TRUNC) != 0;
        return isChange ? FinishAsync(file, !isNew, caller.Credentials, cancellationToken) : ValueTask.FromResult<OpenFile>(file);
    }

    /// <summary>Opens a directory to be a working directory (chdir()): needs search permission, not read permission.</summary>
    /// <exception cref="KernelException">ENOTDIR, EACCES and what resolving the path gives.</exception>
    public VfsFile OpenWorkingDirectory(in FileCaller caller, string path)
    {
        VfsNode node = Resolve(caller, path, follow: true);
        if (node.Inode.Type != FileType.Directory)
        {
            throw FileErrors.Of(Errno.ENOTDIR, path);
        }

        node.Inode.Ownership.Demand(caller.Credentials, AccessRights.Execute, path);
        return Open(node, OpenFlags.O_RDONLY, caller.Credentials);
    }

    private static VfsFile Open(VfsNode node, OpenFlags flags, Credentials caller)
    {
        node.Mount.Enter();
        try
        {
            return new VfsFile(node, node.Inode.Type == FileType.Directory ? null : node.Inode.OpenData(flags), flags, caller);
        }
        catch
        {
            node.Mount.Leave();
            throw;
        }
    }

    // Truncates when asked, and keeps the change before the file is handed out.
    private static async ValueTask<OpenFile> FinishAsync(VfsFile file, bool truncate, Credentials caller, CancellationToken cancellationToken)
    {
        try
        {
            if (truncate && !file.IsDirectory)
            {
                await file.CutAsync(caller, cancellationToken);
            }

            await file.Node.Mount.CommitAsync(cancellationToken);
            return file;
        }
        catch
        {
            file.Release();
            throw;
        }
    }

    // Finds the file or makes it. A link as the last name is followed here and not by the walk, as O_CREAT makes what it leads to.
    private VfsNode Locate(in FileCaller caller, ReadOnlySpan<char> path, OpenFlags flags, int mode, out bool isNew)
    {
        bool isCreate = (flags & OpenFlags.O_CREAT) != 0;
        var walk = new PathWalk(caller.Credentials, _root.Visible());
        VfsNode start = Start(caller);
        ReadOnlySpan<char> at = path;
        isNew = false;
        while (true)
        {
            PathEnd end = walk.ResolveParent(start, at);
            if (isCreate && end.HasSlash && !end.IsRoot)
            {
                throw FileErrors.Of(Errno.EISDIR, path);
            }

            if (PathWalk.Find(end.Directory, end.Name) is not { } node)
            {
                if (!isCreate)
                {
                    throw FileErrors.Of(Errno.ENOENT, path);
                }

                if (TryCreate(caller.Credentials, end, path, flags, mode) is not { } made)
                {
                    continue;
                }

                isNew = true;
                return made;
            }

            if (isCreate && (flags & OpenFlags.O_EXCL) != 0)
            {
                throw FileErrors.Of(Errno.EEXIST, path);
            }

            bool isLink = node.Inode.Type == FileType.SymbolicLink;
            if (!isLink || ((flags & OpenFlags.O_NOFOLLOW) != 0 && !end.HasSlash))
            {
                return end.HasSlash && node.Inode.Type != FileType.Directory ? throw FileErrors.Of(Errno.ENOTDIR, path) : node;
            }

            string target = walk.ReadLink(node, path);
            start = end.Directory;
            at = end.HasSlash ? target + "/" : target;
        }
    }

    // Null when somebody else made the file since it was looked for: it is opened then.
    private static VfsNode? TryCreate(Credentials caller, in PathEnd end, ReadOnlySpan<char> path, OpenFlags flags, int mode)
    {
        FileNames.DemandNewName(end.Name);
        Mount mount = end.Directory.Mount;
        mount.DemandWritable(path);
        try
        {
            return new VfsNode(mount, mount.FileSystem.Create(end.Directory.Inode, end.Name.ToString(), new NewFile(FileType.Regular, mode), caller));
        }
        catch (KernelException e) when (e.Errno == Errno.EEXIST && (flags & OpenFlags.O_EXCL) == 0)
        {
            return null;
        }
    }

    private static void DemandOpenable(VfsNode node, Credentials caller, string path, OpenFlags flags)
    {
        FileType type = node.Inode.Type;
        if ((flags & OpenFlags.O_DIRECTORY) != 0 && type != FileType.Directory)
        {
            throw FileErrors.Of(Errno.ENOTDIR, path);
        }

        if (type == FileType.SymbolicLink)
        {
            throw FileErrors.Of(Errno.ELOOP, path);
        }

        OpenFlags access = flags & OpenFlags.O_ACCMODE;
        bool isChange = access != OpenFlags.O_RDONLY || (flags & OpenFlags.O_TRUNC) != 0;
        if (type == FileType.Directory && (isChange || (flags & OpenFlags.O_CREAT) != 0))
        {
            throw FileErrors.Of(Errno.EISDIR, path);
        }

        AccessRights wanted = (access != OpenFlags.O_WRONLY ? AccessRights.Read : 0) | (isChange ? AccessRights.Write : 0);
        node.Inode.Ownership.Demand(caller, wanted, path);
        if (isChange && node.Inode.Special is null)
        {
            node.Mount.DemandWritable(path);
        }
    }
}
