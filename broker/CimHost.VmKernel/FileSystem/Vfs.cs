namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// The tree of files that worlds see: mounted file systems and the operations of POSIX.1-2017 on paths. Operations may be called from
/// many threads. Those that change something complete when the change is kept where its mount keeps it; when that fails they throw,
/// and the change is taken back.
/// </summary>
public sealed partial class Vfs
{
    private const int DirectoryModeBits = 0x3FF; // 01777: POSIX leaves set-ID bits of new directories to the implementation

    private readonly Lock _mountLock = new();
    private readonly VfsNode _root;
    private volatile Mount[] _mounts;

    /// <summary>Creates a tree.</summary>
    /// <param name="root">File system of its root.</param>
    /// <param name="options">How it is mounted.</param>
    public Vfs(MountableFileSystem root, MountOptions options = default)
    {
        var mount = new Mount("/", root, null, options);
        _root = new VfsNode(mount, mount.Root);
        _mounts = [mount];
    }

    /// <summary>What is mounted, in the order in which it was.</summary>
    public IReadOnlyList<Mount> Mounts => _mounts;

    /// <summary>Mounts a file system over a directory.</summary>
    /// <param name="path">Absolute path of the directory.</param>
    /// <param name="fileSystem">What to mount; it can be mounted in one place at a time.</param>
    /// <param name="options">How.</param>
    /// <exception cref="KernelException">ENOENT, ENOTDIR, EBUSY when it is mounted already, EINVAL where nothing can be mounted.</exception>
    public Mount Mount(string path, MountableFileSystem fileSystem, MountOptions options = default)
    {
        lock (_mountLock)
        {
            VfsNode place = Resolve(FileCaller.Root, path, follow: true);
            if (place.Inode.Type != FileType.Directory)
            {
                throw FileErrors.Of(Errno.ENOTDIR, path);
            }

            if (_mounts.Any(m => m.FileSystem == fileSystem))
            {
                throw FileErrors.Of(Errno.EBUSY, path);
            }

            var mount = new Mount(PathOf(place), fileSystem, place, options);
            place.Mount.Enter();
            if (!place.Inode.TryCover(mount))
            {
                place.Mount.Leave();
                throw FileErrors.Of(Errno.EINVAL, path);
            }

            _mounts = [.. _mounts, mount];
            return mount;
        }
    }

    /// <summary>Takes a mount away.</summary>
    /// <exception cref="KernelException">EINVAL when nothing is mounted there, EBUSY while files on it are open or it is the root.</exception>
    public void Unmount(string path)
    {
        lock (_mountLock)
        {
            VfsNode node = Resolve(FileCaller.Root, path, follow: true);
            Mount mount = node.Mount;
            if (!ReferenceEquals(node.Inode, mount.Root))
            {
                throw FileErrors.Of(Errno.EINVAL, path);
            }

            if (mount.Covered is not { } covered || !mount.TryClose())
            {
                throw FileErrors.Of(Errno.EBUSY, path);
            }

            covered.Inode.Uncover();
            covered.Mount.Leave();
            _mounts = Array.FindAll(_mounts, m => m != mount);
        }
    }

    /// <summary>getcwd(): the absolute path of an open directory.</summary>
    /// <exception cref="KernelException">ENOENT when it was removed.</exception>
    public static string GetPath(VfsFile directory) => PathOf(directory.Node);

    private static string PathOf(VfsNode node)
    {
        var names = new Stack<string>();
        for (node = node.Uncovered(); !ReferenceEquals(node.Inode, node.Mount.Root); node = new VfsNode(node.Mount, node.Inode.Parent).Uncovered())
        {
            names.Push(node.Inode.Parent.NameOf(node.Inode) ?? throw FileErrors.Of(Errno.ENOENT, "getcwd"));
        }

        return "/" + string.Join('/', names);
    }

    private VfsNode Start(in FileCaller caller) => caller.WorkingDirectory?.Node ?? _root.Visible();

    private VfsNode Resolve(in FileCaller caller, ReadOnlySpan<char> path, bool follow) =>
        new PathWalk(caller.Credentials, _root.Visible()).Resolve(Start(caller), path, follow);

    private PathEnd ResolveParent(in FileCaller caller, ReadOnlySpan<char> path) =>
        new PathWalk(caller.Credentials, _root.Visible()).ResolveParent(Start(caller), path);
}
