using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Pipes;

/// <summary>
/// A stream of bytes from writers to readers (POSIX.1-2017 pipe(), write()): 64 KiB at most are kept; a write of up to 4096 bytes goes in
/// whole or not at all. All that it may hold is charged when it is made, so that no write fails for want of memory.
/// </summary>
/// <remarks>Charges <see cref="Capacity"/> bytes to the account until both ends are closed; ENOMEM at its limit.</remarks>
internal sealed class PipeBuffer
{
    /// <summary>PIPE_BUF.</summary>
    public const int AtomicSize = 4096;

    /// <summary>Bytes that it holds.</summary>
    public const int Capacity = 65536;

    private const int SmallestArray = 1024;

    private readonly Lock _lock = new();
    private byte[] _ring = [];
    private int _start;
    private int _count;
    private readonly MemoryAccount? _account;
    private bool _readersGone;
    private bool _writersGone;

    public PipeBuffer(MemoryAccount? account = null)
    {
        account?.Charge(Capacity);
        _account = account;
    }

    /// <summary>Woken when bytes or room come, or an end is closed.</summary>
    public WaitQueue Changes { get; } = new();

    /// <summary>Whether a read would not wait: there are bytes, or nobody will write any.</summary>
    public bool IsReadable => Volatile.Read(ref _count) > 0 || _writersGone;

    /// <summary>Whether there are bytes.</summary>
    public bool HasBytes => Volatile.Read(ref _count) > 0;

    /// <summary>Whether a write of PIPE_BUF bytes would not wait.</summary>
    public bool HasRoom => Capacity - Volatile.Read(ref _count) >= AtomicSize;

    /// <summary>Nobody reads any more.</summary>
    public bool ReadersGone => _readersGone;

    /// <summary>Nobody writes any more.</summary>
    public bool WritersGone => _writersGone;

    /// <summary>Takes bytes.</summary>
    /// <exception cref="KernelException">EAGAIN there are none and it may not wait.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, bool wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change = Changes.Next;
            int read = TryRead(buffer.Span);
            if (read >= 0)
            {
                return read;
            }

            if (!wait)
            {
                throw new KernelException(Errno.EAGAIN, "Nothing can be read now.");
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Puts bytes in: all of them if it may wait; what has gone in counts when the wait is ended.</summary>
    /// <exception cref="KernelException">EPIPE nobody reads; EAGAIN no room and it may not wait.</exception>
    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, bool wait, CancellationToken cancellationToken)
    {
        int done = 0;
        while (true)
        {
            Task change = Changes.Next;
            done += TryWrite(buffer.Span[done..], buffer.Length <= AtomicSize);
            if (done == buffer.Length)
            {
                return done;
            }

            if (!wait)
            {
                return done > 0 ? done : throw new KernelException(Errno.EAGAIN, "There is no room to write now.");
            }

            try
            {
                await change.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (done > 0)
            {
                return done;
            }
        }
    }

    /// <summary>The last reader has closed; the bytes are gone.</summary>
    public void CloseReaders()
    {
        bool isLast;
        lock (_lock)
        {
            isLast = _writersGone && !_readersGone;
            _readersGone = true;
            _count = 0;
            _ring = [];
        }

        GiveBack(isLast);
        Changes.Wake();
    }

    /// <summary>The last writer has closed.</summary>
    public void CloseWriters()
    {
        bool isLast;
        lock (_lock)
        {
            isLast = _readersGone && !_writersGone;
            _writersGone = true;
        }

        GiveBack(isLast);
        Changes.Wake();
    }

    private void GiveBack(bool isLast)
    {
        if (isLast)
        {
            _account?.Uncharge(Capacity);
        }
    }

    private int TryRead(Span<byte> target)
    {
        int length;
        lock (_lock)
        {
            if (_count == 0)
            {
                return _writersGone || _readersGone || target.IsEmpty ? 0 : -1;
            }

            length = Math.Min(target.Length, _count);
            int first = Math.Min(length, _ring.Length - _start);
            _ring.AsSpan(_start, first).CopyTo(target);
            _ring.AsSpan(0, length - first).CopyTo(target[first..]);
            _start = (_start + length) % _ring.Length;
            _count -= length;
        }

        Changes.Wake();
        return length;
    }

    private int TryWrite(ReadOnlySpan<byte> source, bool whole)
    {
        int length;
        lock (_lock)
        {
            if (_readersGone || _writersGone)
            {
                throw new KernelException(Errno.EPIPE, "Nobody reads what is written.");
            }

            length = Math.Min(source.Length, Capacity - _count);
            if (length == 0 || (whole && length < source.Length))
            {
                return 0;
            }

            MakeRoom(length);
            int end = (_start + _count) % _ring.Length;
            int first = Math.Min(length, _ring.Length - end);
            source[..first].CopyTo(_ring.AsSpan(end));
            source[first..length].CopyTo(_ring);
            _count += length;
        }

        Changes.Wake();
        return length;
    }

    private void MakeRoom(int length)
    {
        int needed = _count + length;
        if (needed <= _ring.Length)
        {
            return;
        }

        var larger = new byte[Math.Clamp(Math.Max(needed, _ring.Length * 2), SmallestArray, Capacity)];
        int first = Math.Min(_count, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(larger);
        _ring.AsSpan(0, _count - first).CopyTo(larger.AsSpan(first));
        _ring = larger;
        _start = 0;
    }
}
