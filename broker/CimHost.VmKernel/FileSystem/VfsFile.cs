namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// An open regular file or directory of the tree. Reads and writes at the file offset exclude each other (POSIX.1-2017 §2.9.7); those at
/// a given offset do not touch it.
/// </summary>
public sealed class VfsFile : OpenFile
{
    private const OpenFlags KeptFlags = OpenFlags.O_ACCMODE | OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK;
    private const int DotEntries = 2;

    private readonly IFileData? _data;
    private readonly Credentials _credentials;
    private readonly FileGate _position = new();
    private long _offset;
    private int _isWritten;

    internal VfsFile(VfsNode node, IFileData? data, OpenFlags flags, Credentials credentials)
        : base(flags & KeptFlags)
    {
        Node = node;
        _data = data;
        _credentials = credentials;
    }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => _data is null;

    /// <summary>What fstat() tells.</summary>
    public FileStatus Status => _data?.GetOpenStatus() ?? Node.Inode.GetStatus();

    /// <summary>The mount that it was opened on.</summary>
    public Mount Mount => Node.Mount;

    /// <summary>What fstatvfs() tells.</summary>
    public FileSystemStatistics Statistics => Node.Mount.Statistics;

    internal VfsNode Node { get; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IFileData data = Readable();
        await _position.EnterAsync(shared: false, cancellationToken);
        try
        {
            int count = await data.ReadAsync(buffer, _offset, cancellationToken);
            _offset += count;
            return count;
        }
        finally
        {
            _position.Exit();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IFileData data = Writable();
        await _position.EnterAsync(shared: false, cancellationToken);
        try
        {
            long offset = (Flags & OpenFlags.O_APPEND) != 0 ? FileWrite.Append : _offset;
            FileWrite written = await data.WriteAsync(buffer, offset, _credentials, cancellationToken);
            _offset = written.End;
            return written.Count;
        }
        finally
        {
            _position.Exit();
        }
    }

    /// <summary>pread(): reads at an offset; the file offset stays.</summary>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Number of bytes; 0 at the end.</returns>
    /// <exception cref="KernelException">EBADF, EISDIR, EINVAL for a negative offset, EIO.</exception>
    public ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        IFileData data = Readable();
        return offset >= 0 ? data.ReadAsync(buffer, offset, cancellationToken) : throw FileErrors.Of(Errno.EINVAL, "pread");
    }

    /// <summary>pwrite(): writes at an offset, with O_APPEND too; the file offset stays.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Number of bytes written.</returns>
    /// <exception cref="KernelException">EBADF, EINVAL for a negative offset, ENOSPC, EFBIG, EIO.</exception>
    public async ValueTask<int> WriteAtAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        IFileData data = Writable();
        return offset >= 0
            ? (await data.WriteAsync(buffer, offset, _credentials, cancellationToken)).Count
            : throw FileErrors.Of(Errno.EINVAL, "pwrite");
    }

    /// <summary>lseek(). A directory goes to the <see cref="DirectoryEntry.Position"/> of an entry, or to the start with 0.</summary>
    /// <param name="offset">Bytes from the origin.</param>
    /// <param name="origin">SEEK_SET, SEEK_CUR or SEEK_END.</param>
    /// <param name="cancellationToken">Ends the wait for a read or write that is under way.</param>
    /// <returns>The offset from the start.</returns>
    /// <exception cref="KernelException">EINVAL for an offset before the start, EOVERFLOW.</exception>
    public async ValueTask<long> SeekAsync(long offset, SeekOrigin origin, CancellationToken cancellationToken = default)
    {
        await _position.EnterAsync(shared: false, cancellationToken);
        try
        {
            long start = origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _offset,
                SeekOrigin.End => Status.Size,
                _ => throw FileErrors.Of(Errno.EINVAL, "lseek"),
            };
            if (offset > long.MaxValue - start)
            {
                throw FileErrors.Of(Errno.EOVERFLOW, "lseek");
            }

            return start + offset >= 0 ? _offset = start + offset : throw FileErrors.Of(Errno.EINVAL, "lseek");
        }
        finally
        {
            _position.Exit();
        }
    }

    /// <summary>ftruncate(): cuts the file or extends it with zeroes.</summary>
    /// <exception cref="KernelException">EINVAL not open for writing, a directory or a negative size; EFBIG, ENOSPC, EIO.</exception>
    public async ValueTask TruncateAsync(long size, CancellationToken cancellationToken = default)
    {
        if (_data is null || !CanWrite || size < 0)
        {
            throw FileErrors.Of(Errno.EINVAL, "ftruncate");
        }

        await _data.TruncateAsync(size, _credentials, cancellationToken);
        await Node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>fsync(): completes when what was written is where the file system keeps it.</summary>
    /// <exception cref="KernelException">EIO, ENOSPC.</exception>
    public async ValueTask SyncAsync(CancellationToken cancellationToken = default)
    {
        await (_data?.SyncAsync(cancellationToken) ?? default);
        if (Interlocked.Exchange(ref _isWritten, 0) != 0)
        {
            await Node.Mount.CommitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// readdir(): the next entries. An entry that exists from the first call to the last is returned exactly once, whatever is added and
    /// removed meanwhile.
    /// </summary>
    /// <param name="entries">Receives them.</param>
    /// <param name="cancellationToken">Ends the wait for another reader.</param>
    /// <returns>Number of entries; 0 at the end.</returns>
    /// <exception cref="KernelException">ENOTDIR.</exception>
    public async ValueTask<int> ReadDirectoryAsync(Memory<DirectoryEntry> entries, CancellationToken cancellationToken = default)
    {
        if (!IsDirectory)
        {
            throw FileErrors.Of(Errno.ENOTDIR, "readdir");
        }

        await _position.EnterAsync(shared: false, cancellationToken);
        try
        {
            int count = 0;
            if (Status.LinkCount == 0)
            {
                // rmdir() took "." and ".." away too.
                return 0;
            }

            while (_offset < DotEntries && count < entries.Length)
            {
                Inode inode = _offset == 0 ? Node.Inode : Node.Up().Inode;
                string name = _offset++ == 0 ? "." : "..";
                entries.Span[count++] = new DirectoryEntry(name, inode.GetStatus().Inode, FileType.Directory, _offset);
            }

            int more = count < entries.Length ? Node.Inode.ReadDirectory(_offset, entries.Span[count..]) : 0;
            count += more;
            _offset = count > 0 ? entries.Span[count - 1].Position : _offset;
            Node.Inode.Touch();
            return count;
        }
        finally
        {
            _position.Exit();
        }
    }

    /// <summary>fchmod().</summary>
    /// <exception cref="KernelException">EPERM, EROFS.</exception>
    public ValueTask ChangeModeAsync(Credentials caller, int mode, CancellationToken cancellationToken = default)
    {
        Node.Mount.DemandWritable("fchmod");
        Node.Inode.SetMode(caller, mode);
        return Node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>fchown(); −1 leaves an id as it is.</summary>
    /// <exception cref="KernelException">EPERM, EROFS.</exception>
    public ValueTask ChangeOwnerAsync(Credentials caller, int userId, int groupId, CancellationToken cancellationToken = default)
    {
        Node.Mount.DemandWritable("fchown");
        Node.Inode.SetOwner(caller, userId, groupId);
        return Node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>futimens().</summary>
    /// <exception cref="KernelException">EPERM, EACCES, EROFS.</exception>
    public ValueTask ChangeTimesAsync(
        Credentials caller, FileTimeChange access, FileTimeChange modification, CancellationToken cancellationToken = default)
    {
        Node.Mount.DemandWritable("futimens");
        Node.Inode.SetTimes(caller, access, modification);
        return Node.Mount.CommitAsync(cancellationToken);
    }

    /// <summary>What O_TRUNC does: needs no access mode, as access was checked by path.</summary>
    internal ValueTask CutAsync(Credentials caller, CancellationToken cancellationToken) => _data?.TruncateAsync(0, caller, cancellationToken) ?? default;

    /// <inheritdoc/>
    protected override void Close()
    {
        if (EndUse())
        {
            Node.Mount.CommitLater();
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => EndUse() ? Node.Mount.CommitAsync(CancellationToken.None) : default;

    private bool EndUse()
    {
        _data?.Close(Flags);
        Node.Mount.Leave();
        return Volatile.Read(ref _isWritten) != 0;
    }

    private IFileData Readable() =>
        !CanRead ? throw FileErrors.Of(Errno.EBADF, "read") : _data ?? throw FileErrors.Of(Errno.EISDIR, "read");

    private IFileData Writable()
    {
        if (_data is null || !CanWrite)
        {
            throw FileErrors.Of(Errno.EBADF, "write");
        }

        if (Volatile.Read(ref _isWritten) == 0)
        {
            Volatile.Write(ref _isWritten, 1);
        }

        return _data;
    }
}
