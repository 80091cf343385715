using CimHost.VmKernel.FileSystem.Paging;

namespace CimHost.VmKernel.FileSystem.Memory;

/// <summary>
/// A regular file in pages. The gate makes reads and writes atomic with respect to each other (POSIX.1-2017 §2.9.7) and is held while
/// pages come back from the swap file; the monitor of the inode guards size, timestamps and the count of descriptors.
/// </summary>
internal sealed class MemoryFile(MemoryFileSystem fileSystem, in NewFile file, Credentials owner) : MemoryInode(fileSystem, file, owner), IFileData
{
    private const int PageSize = PageBudget.PageSize;
    private const long LargestSize = long.MaxValue - PageSize;

    private readonly FileGate _gate = new();
    private readonly PageTable _pages = new();
    private long _size;
    private int _opens;
    private int _writers;

    /// <summary>Whether a descriptor is open for writing.</summary>
    public bool IsOpenForWriting
    {
        get
        {
            lock (this)
            {
                return _writers > 0;
            }
        }
    }

    protected override long Size => Volatile.Read(ref _size);

    protected override long Blocks => _pages.Count * (PageSize / 512);

    public override IFileData OpenData(OpenFlags flags)
    {
        lock (this)
        {
            if (LinkCount == 0 && _opens == 0)
            {
                // Its last name went after it was found, and its pages with it.
                throw FileErrors.Of(Errno.ENOENT, "open");
            }

            _opens++;
            _writers += (flags & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY ? 0 : 1;
            return this;
        }
    }

    public void Close(OpenFlags flags)
    {
        bool isLast;
        lock (this)
        {
            _opens--;
            _writers -= (flags & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY ? 0 : 1;
            isLast = _opens == 0 && LinkCount == 0;
        }

        if (isLast)
        {
            Discard();
        }
    }

    public override void RemoveLink()
    {
        bool isLast;
        lock (this)
        {
            base.RemoveLink();
            isLast = _opens == 0 && LinkCount == 0;
        }

        if (isLast)
        {
            Discard();
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: true, cancellationToken);
        try
        {
            int count = await ReadPagesAsync(buffer, offset, cancellationToken);
            if (buffer.Length > 0)
            {
                NoteAccess();
            }

            return count;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>The whole content at one moment; the access time stays.</summary>
    public async ValueTask<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: true, cancellationToken);
        try
        {
            if (_size > Array.MaxLength)
            {
                throw FileErrors.Of(Errno.EFBIG, "export");
            }

            byte[] content = new byte[_size];
            await ReadPagesAsync(content, 0, cancellationToken);
            return content;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public async ValueTask<FileWrite> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, Credentials caller, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            offset = offset == FileWrite.Append ? _size : offset;
            if (buffer.IsEmpty)
            {
                return new FileWrite(0, offset);
            }

            if (offset >= LargestSize)
            {
                throw FileErrors.Of(Errno.EFBIG, "write");
            }

            int count = (int)Math.Min(buffer.Length, LargestSize - offset);
            int done = await WritePagesAsync(buffer[..count], offset, cancellationToken);
            lock (this)
            {
                _size = Math.Max(_size, offset + done);
                NoteModification(caller);
            }

            return new FileWrite(done, offset + done);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public async ValueTask TruncateAsync(long size, Credentials caller, CancellationToken cancellationToken)
    {
        if (size > LargestSize)
        {
            throw FileErrors.Of(Errno.EFBIG, "truncate");
        }

        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            await CutAsync(size, cancellationToken);
            lock (this)
            {
                _size = size;
                NoteModification(caller);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Replaces the content, if it is what is expected; nobody reads or writes in between.</summary>
    /// <returns>False when it was something else.</returns>
    /// <exception cref="KernelException">ENOSPC: the file holds the beginning of the new content.</exception>
    public async ValueTask<bool> ReplaceAsync(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            byte[] now = new byte[Math.Min(_size, (long)expected.Length + 1)];
            await ReadPagesAsync(now, 0, cancellationToken);
            if (!now.AsSpan().SequenceEqual(expected.Span))
            {
                return false;
            }

            await CutAsync(content.Length, cancellationToken);
            int done = 0;
            while (done < content.Length)
            {
                done += await WritePagesAsync(content[done..], done, cancellationToken);
            }

            lock (this)
            {
                _size = done;
            }

            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public ValueTask SyncAsync(CancellationToken cancellationToken) => default;

    private async ValueTask<int> ReadPagesAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        int count = (int)Math.Clamp(_size - offset, 0, buffer.Length);
        for (int done = 0; done < count;)
        {
            long index = (offset + done) / PageSize;
            int inPage = (int)((offset + done) % PageSize);
            int length = Math.Min(PageSize - inPage, count - done);
            if (_pages.Find(index) is not { } page)
            {
                buffer.Span.Slice(done, length).Clear();
            }
            else if (!page.TryRead(buffer.Span.Slice(done, length), inPage))
            {
                await FileSystem.Budget.FaultAsync(page, cancellationToken);
                continue;
            }

            done += length;
        }

        return count;
    }

    // Bytes behind the end are zero in the page that holds the end, so that the file can grow again without a look at it.
    private async ValueTask CutAsync(long size, CancellationToken cancellationToken)
    {
        int rest = (int)(size % PageSize);
        if (size < _size && rest != 0 && _pages.Find(size / PageSize) is { } last)
        {
            while (!last.TryClear(rest))
            {
                await FileSystem.Budget.FaultAsync(last, cancellationToken);
            }
        }

        if (size < _size)
        {
            DiscardFrom((size + PageSize - 1) / PageSize);
        }
    }

    // Bytes that fit; the errors of the first page are those of the write.
    private async ValueTask<int> WritePagesAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        int done = 0;
        try
        {
            while (done < buffer.Length)
            {
                long index = (offset + done) / PageSize;
                int inPage = (int)((offset + done) % PageSize);
                int length = Math.Min(PageSize - inPage, buffer.Length - done);
                if (_pages.Find(index) is not { } page)
                {
                    await AddPageAsync(index, buffer.Slice(done, length), inPage, cancellationToken);
                }
                else if (!page.TryWrite(buffer.Span.Slice(done, length), inPage))
                {
                    await FileSystem.Budget.FaultAsync(page, cancellationToken);
                    continue;
                }

                done += length;
            }
        }
        catch (Exception e) when (done > 0 && e is (KernelException or OperationCanceledException))
        {
            // What was written counts; the next write meets the error.
        }

        return done;
    }

    private async ValueTask AddPageAsync(long index, ReadOnlyMemory<byte> content, int inPage, CancellationToken cancellationToken)
    {
        if (!FileSystem.TryTakePage())
        {
            throw FileErrors.Of(Errno.ENOSPC, FileSystem.Name);
        }

        Frame frame;
        try
        {
            frame = await FileSystem.Budget.TakeFrameAsync(cancellationToken);
        }
        catch
        {
            FileSystem.ReturnPromise();
            throw;
        }

        Span<byte> bytes = frame.Span;
        bytes[..inPage].Clear();
        content.Span.CopyTo(bytes[inPage..]);
        bytes[(inPage + content.Length)..].Clear();
        _pages.Add(index, new Page(frame));
    }

    private void NoteAccess()
    {
        lock (this)
        {
            AccessTime = FileClock.Now;
        }
    }

    private void Discard() => DiscardFrom(0);

    private void DiscardFrom(long index)
    {
        foreach (Page page in _pages.RemoveFrom(index))
        {
            FileSystem.FreePage(page);
        }
    }
}
