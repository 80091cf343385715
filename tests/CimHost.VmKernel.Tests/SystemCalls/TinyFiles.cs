using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Tests.SystemCalls;

/// <summary>The least that the system calls need of a file system: a flat table of paths, with owner-blind permission bits.</summary>
internal sealed class TinyFiles : IFileNamespace
{
    private readonly Dictionary<string, Node> _nodes = new() { ["/"] = new Node(0x41FF), ["/tmp"] = new Node(0x43FF) };

    public void Put(string path, int mode)
    {
        lock (_nodes)
        {
            _nodes[path] = new Node(0x8000 | mode);
        }
    }

    public ValueTask<OpenFile> OpenAsync(FileContext context, string path, OpenFlags flags, int mode)
    {
        string full = Full(context, path);
        lock (_nodes)
        {
            if (!_nodes.TryGetValue(full, out Node? node))
            {
                if ((flags & OpenFlags.O_CREAT) == 0)
                {
                    throw Missing(full);
                }

                _nodes[full] = node = new Node(0x8000 | (mode & ~context.Umask));
            }
            else if ((flags & OpenFlags.O_EXCL) != 0)
            {
                throw new KernelException(Errno.EEXIST, full);
            }

            if ((flags & OpenFlags.O_TRUNC) != 0)
            {
                node.Content.SetLength(0);
            }

            return new ValueTask<OpenFile>(new TinyFile(node, flags));
        }
    }

    public Stat Stat(FileContext context, string path) => StatOf(Get(context, path));

    public Stat Lstat(FileContext context, string path) => StatOf(Get(context, path));

    public Stat Fstat(OpenFile file) => StatOf(((TinyFile)file).Node);

    public void Access(FileContext context, string path, AccessMode mode)
    {
        Node node = Get(context, path);
        if ((mode & AccessMode.X_OK) != 0 && (node.Mode & 0x49) == 0)
        {
            throw new KernelException(Errno.EACCES, path);
        }
    }

    public string ResolveDirectory(FileContext context, string path) =>
        (Get(context, path).Mode & 0x4000) != 0 ? Full(context, path) : throw new KernelException(Errno.ENOTDIR, path);

    public string ReadLink(FileContext context, string path) => Get(context, path).Target ?? throw new KernelException(Errno.EINVAL, path);

    public ValueTask<IReadOnlyList<Dirent>> ReadDirectoryAsync(OpenFile directory, long position, int count, CancellationToken cancellationToken)
    {
        lock (_nodes)
        {
            return new([.. _nodes.Keys.Order().Skip((int)position).Take(count).Select((n, i) => new Dirent(n, 1, 0x8000, position + i + 1))]);
        }
    }

    public ValueTask<long> SeekAsync(OpenFile file, long offset, SeekOrigin origin, CancellationToken cancellationToken) => new(((TinyFile)file).Seek(offset, origin));

    public ValueTask<int> ReadAtAsync(OpenFile file, Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        new(((TinyFile)file).Node.Read(buffer.Span, offset));

    public ValueTask<int> WriteAtAsync(OpenFile file, ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        new(((TinyFile)file).Node.Write(buffer.Span, offset));

    public ValueTask TruncateAsync(OpenFile file, long length)
    {
        ((TinyFile)file).Node.Content.SetLength(length);
        return ValueTask.CompletedTask;
    }

    public ValueTask SyncAsync(OpenFile file) => ValueTask.CompletedTask;

    public ValueTask MakeDirectoryAsync(FileContext context, string path, int mode) =>
        Add(Full(context, path), new Node(0x4000 | (mode & ~context.Umask)));

    public ValueTask RemoveDirectoryAsync(FileContext context, string path) => Remove(context, path);

    public ValueTask UnlinkAsync(FileContext context, string path) => Remove(context, path);

    public ValueTask LinkAsync(FileContext context, string existing, string path) => Add(Full(context, path), Get(context, existing));

    public ValueTask SymlinkAsync(FileContext context, string target, string path) =>
        Add(Full(context, path), new Node(0xA1FF) { Target = target });

    public ValueTask RenameAsync(FileContext context, string oldPath, string newPath)
    {
        Node node = Get(context, oldPath);
        lock (_nodes)
        {
            _nodes.Remove(Full(context, oldPath));
            _nodes[Full(context, newPath)] = node;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ChangeModeAsync(FileContext context, string path, int mode)
    {
        Node node = Get(context, path);
        node.Mode = (node.Mode & 0xF000) | mode;
        return ValueTask.CompletedTask;
    }

    public ValueTask ChangeOwnerAsync(FileContext context, string path, int user, int group, bool follow)
    {
        Node node = Get(context, path);
        node.Owner = (user, group);
        return ValueTask.CompletedTask;
    }

    public ValueTask SetTimesAsync(FileContext context, string path, FileTime access, FileTime modification, bool follow)
    {
        Get(context, path).Times = (access.Nanoseconds, modification.Nanoseconds);
        return ValueTask.CompletedTask;
    }

    public ValueTask TruncateAsync(FileContext context, string path, long length)
    {
        Get(context, path).Content.SetLength(length);
        return ValueTask.CompletedTask;
    }

    private static KernelException Missing(string path) => new(Errno.ENOENT, path);

    private static string Full(FileContext context, string path) =>
        path.StartsWith('/') ? path : context.WorkingDirectory.TrimEnd('/') + "/" + path;

    private static Stat StatOf(Node node) => new(
        1, 1, node.Mode, 1, node.Owner.User, node.Owner.Group, 0, node.Content.Length, 0, node.Times.Access, node.Times.Modification, 0);

    private Node Get(FileContext context, string path)
    {
        lock (_nodes)
        {
            return _nodes.GetValueOrDefault(Full(context, path)) ?? throw Missing(path);
        }
    }

    private ValueTask Add(string path, Node node)
    {
        lock (_nodes)
        {
            return _nodes.TryAdd(path, node) ? ValueTask.CompletedTask : throw new KernelException(Errno.EEXIST, path);
        }
    }

    private ValueTask Remove(FileContext context, string path)
    {
        lock (_nodes)
        {
            return _nodes.Remove(Full(context, path)) ? ValueTask.CompletedTask : throw Missing(path);
        }
    }

    internal sealed class Node(int mode)
    {
        public int Mode { get; set; } = mode;

        public string? Target { get; init; }

        public (int User, int Group) Owner { get; set; }

        public (long Access, long Modification) Times { get; set; }

        public MemoryStream Content { get; } = new();

        public int Read(Span<byte> buffer, long offset)
        {
            lock (Content)
            {
                Content.Position = offset;
                return Content.Read(buffer);
            }
        }

        public int Write(ReadOnlySpan<byte> buffer, long offset)
        {
            lock (Content)
            {
                Content.Position = offset;
                Content.Write(buffer);
                return buffer.Length;
            }
        }
    }

    private sealed class TinyFile(Node node, OpenFlags flags) : OpenFile(flags)
    {
        private long _position;

        public Node Node => node;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = node.Read(buffer.Span, _position);
            _position += read;
            return new ValueTask<int>(read);
        }

        public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _position = (Flags & OpenFlags.O_APPEND) != 0 ? node.Content.Length : _position;
            int written = node.Write(buffer.Span, _position);
            _position += written;
            return new ValueTask<int>(written);
        }

        public long Seek(long offset, SeekOrigin origin) => _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => node.Content.Length + offset,
        };
    }
}
