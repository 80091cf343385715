namespace CimHost.VmKernel.FileSystem;

/// <summary>
/// An open file description (POSIX.1-2017 §3.258): what descriptors refer to, shared by dup and by the worlds that a world starts.
/// It starts with one reference; the last <see cref="Release"/> closes it.
/// </summary>
/// <param name="flags">Access mode and status flags.</param>
public abstract class OpenFile(OpenFlags flags)
{
    private int _references = 1;
    private int _flags = (int)flags;

    /// <summary>Access mode and status flags (O_APPEND, O_NONBLOCK can be changed later).</summary>
    public OpenFlags Flags
    {
        get => (OpenFlags)Volatile.Read(ref _flags);
        set => Volatile.Write(ref _flags, (int)value);
    }

    /// <summary>Whether the access mode allows reading.</summary>
    public bool CanRead => (Flags & OpenFlags.O_ACCMODE) != OpenFlags.O_WRONLY;

    /// <summary>Whether the access mode allows writing.</summary>
    public bool CanWrite => (Flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;

    /// <summary>Reads at the file offset and moves it. Memory-backed data completes synchronously.</summary>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="cancellationToken">Ends the wait (a signal or the end of the world); nothing is consumed then.</param>
    /// <returns>Number of bytes; 0 at the end.</returns>
    /// <exception cref="KernelException">EBADF not open for reading, EISDIR, EAGAIN, EIO.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes at the file offset (at the end with O_APPEND) and moves it.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Number of bytes written.</returns>
    /// <exception cref="KernelException">EBADF not open for writing, ENOSPC, EFBIG, EPIPE, EAGAIN, EIO.</exception>
    public abstract ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>What the file is ready for now.</summary>
    public virtual PollEvents Poll() => (CanRead ? PollEvents.POLLIN : 0) | (CanWrite ? PollEvents.POLLOUT : 0);

    /// <summary>Waits until <see cref="Poll"/> may answer differently than it did; files that are always ready complete at once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public virtual Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds a reference: another descriptor refers to this description now.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>Takes a reference away; the last one closes the file.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            Close();
        }
    }

    /// <summary>
    /// Takes a reference away; the last one closes the file and completes when what was written is kept where its mount keeps it.
    /// </summary>
    /// <exception cref="KernelException">EIO, ENOSPC: what was written could not be kept; the file is closed all the same.</exception>
    public ValueTask ReleaseAsync() => Interlocked.Decrement(ref _references) == 0 ? CloseAsync() : default;

    /// <summary>Called once, when no descriptor refers to the description any more.</summary>
    protected virtual void Close()
    {
    }

    /// <summary>Called once instead of <see cref="Close"/> when the caller can wait.</summary>
    protected virtual ValueTask CloseAsync()
    {
        Close();
        return default;
    }
}
