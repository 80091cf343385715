namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// Resolves one path for one caller (POSIX.1-2017 §4.13): search permission on every directory, at most 40 symbolic links. Names are
/// looked up one by one in the file systems, so that a file system never sees ".." or the target of a link.
/// </summary>
internal ref struct PathWalk(Credentials credentials, VfsNode root)
{
    private int _links;

    /// <summary>Resolves a path to the file that it names.</summary>
    /// <param name="start">Where a relative path starts.</param>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a symbolic link as the last name is followed; with a slash behind it always is.</param>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG.</exception>
    public VfsNode Resolve(VfsNode start, ReadOnlySpan<char> path, bool follow)
    {
        PathEnd end = ResolveParent(start, path);
        VfsNode node = Find(end.Directory, end.Name) ?? throw FileErrors.Of(Errno.ENOENT, path);
        if (node.Inode.Type == FileType.SymbolicLink && (follow || end.HasSlash))
        {
            node = Follow(end.Directory, node, path);
        }

        return !end.HasSlash || node.Inode.Type == FileType.Directory ? node : throw FileErrors.Of(Errno.ENOTDIR, path);
    }

    /// <summary>Resolves a path down to its last name, which is not looked at.</summary>
    public PathEnd ResolveParent(VfsNode start, ReadOnlySpan<char> path)
    {
        FileNames.DemandPath(path);
        VfsNode at = path[0] == '/' ? root : start;
        ReadOnlySpan<char> rest = path.TrimStart('/');
        while (true)
        {
            int slash = rest.IndexOf('/');
            ReadOnlySpan<char> name = slash < 0 ? rest : rest[..slash];
            ReadOnlySpan<char> behind = slash < 0 ? [] : rest[slash..].TrimStart('/');
            DemandSearch(at, path);
            if (behind.IsEmpty)
            {
                return new PathEnd(at, name, slash >= 0);
            }

            VfsNode next = Find(at, name) ?? throw FileErrors.Of(Errno.ENOENT, path);
            at = next.Inode.Type == FileType.SymbolicLink ? Follow(at, next, path) : next;
            rest = behind;
        }
    }

    /// <summary>Looks a name up; null when it is not there. Search permission was checked.</summary>
    public static VfsNode? Find(VfsNode directory, ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "" or ".":
                return directory;
            case "..":
                return directory.Up();
            default:
                FileNames.DemandName(name);
                return directory.Inode.Lookup(name) is { } child ? new VfsNode(directory.Mount, child).Visible() : null;
        }
    }

    /// <summary>Reads a link that is to be followed.</summary>
    /// <exception cref="KernelException">ELOOP.</exception>
    public string ReadLink(VfsNode link, ReadOnlySpan<char> path) =>
        ++_links <= FileNames.MaxLinks ? link.Inode.ReadLink() : throw FileErrors.Of(Errno.ELOOP, path);

    private VfsNode Follow(VfsNode directory, VfsNode link, ReadOnlySpan<char> path) =>
        Resolve(directory, ReadLink(link, path), follow: true);

    private readonly void DemandSearch(VfsNode at, ReadOnlySpan<char> path)
    {
        if (at.Inode.Type != FileType.Directory)
        {
            throw FileErrors.Of(Errno.ENOTDIR, path);
        }

        if (!credentials.IsPrivileged && !at.Inode.Ownership.Allows(credentials, AccessRights.Execute))
        {
            throw FileErrors.Of(Errno.EACCES, path);
        }
    }
}
