using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Memory;

/// <summary>
/// Memory that a world has from the kernel, read and written by descriptor, and shared with the worlds that inherit it. Its size in whole
/// pages is charged to the world that made it, as RLIMIT_AS counts address space and not what is touched of it; the last descriptor that
/// is closed gives all back.
/// </summary>
internal sealed class AnonymousMemory(VfsFile pages, MemoryAccount account) : OpenFile(OpenFlags.O_RDWR)
{
    private readonly FileGate _gate = new();
    private long _offset;
    private long _charged;

    /// <summary>What fstat() tells.</summary>
    public Stat Status => VfsNamespace.Of(pages.Status);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            int read = await pages.ReadAtAsync(buffer, _offset, cancellationToken);
            _offset += read;
            return read;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            int written = await WriteInsideAsync(buffer, (Flags & OpenFlags.O_APPEND) != 0 ? pages.Status.Size : _offset, cancellationToken);
            _offset = (Flags & OpenFlags.O_APPEND) != 0 ? pages.Status.Size : _offset + written;
            return written;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>lseek().</summary>
    /// <exception cref="KernelException">EINVAL before the start, EOVERFLOW.</exception>
    public async ValueTask<long> SeekAsync(long offset, SeekOrigin origin, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            // The offset is kept here, as a write has to know where it ends before it is made.
            await pages.SeekAsync(_offset, SeekOrigin.Begin, cancellationToken);
            return _offset = await pages.SeekAsync(offset, origin, cancellationToken);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>pread().</summary>
    public ValueTask<int> ReadAtAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        pages.ReadAtAsync(buffer, offset, cancellationToken);

    /// <summary>pwrite().</summary>
    /// <exception cref="KernelException">ENOMEM, EFBIG.</exception>
    public async ValueTask<int> WriteAtAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            return await WriteInsideAsync(buffer, offset, cancellationToken);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>ftruncate(): the new size is charged at once, pages are taken when they are written.</summary>
    /// <exception cref="KernelException">ENOMEM, EFBIG, EINVAL.</exception>
    public async ValueTask TruncateAsync(long size, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(shared: false, cancellationToken);
        try
        {
            Grow(size);
            await pages.TruncateAsync(size, cancellationToken);
        }
        finally
        {
            Shrink();
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        pages.Release();
        account.Uncharge(_charged);
    }

    private static long InPages(long size) => (size + PageBudget.PageSize - 1) / PageBudget.PageSize * PageBudget.PageSize;

    private async ValueTask<int> WriteInsideAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        if (buffer.Length > 0 && offset > long.MaxValue - buffer.Length)
        {
            throw new KernelException(Errno.EFBIG, "The write ends beyond the largest size.");
        }

        try
        {
            Grow(buffer.Length == 0 ? 0 : offset + buffer.Length);
            return await pages.WriteAtAsync(buffer, offset, cancellationToken);
        }
        catch (KernelException full) when (full.Errno == Errno.ENOSPC)
        {
            throw new KernelException(Errno.ENOMEM, "The memory of the host and its swap file are full.");
        }
        finally
        {
            Shrink();
        }
    }

    private void Grow(long size)
    {
        if (size > long.MaxValue - PageBudget.PageSize)
        {
            throw new KernelException(Errno.EFBIG, $"{size} bytes are more than memory can have.");
        }

        long more = InPages(size) - _charged;
        if (more > 0)
        {
            account.Charge(more);
            _charged += more;
        }
    }

    // A write may have done less than it wanted.
    private void Shrink()
    {
        long less = _charged - InPages(pages.Status.Size);
        if (less > 0)
        {
            account.Uncharge(less);
            _charged -= less;
        }
    }
}
