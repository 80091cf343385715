namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>
/// The memory that all ramdisks share. Pages beyond it go to the swap file, the least recently used first (clock), and come back when
/// they are used. A page that could find a place neither in memory nor in the swap file is refused when it is asked for (ENOSPC), never
/// later: nothing that was accepted is lost. A few frames are set aside for pages that come back, so that this works with a full swap
/// file too: the slot that such a page leaves takes the next victim.
/// </summary>
public sealed class PageBudget
{
    /// <summary>Bytes of a page.</summary>
    public const int PageSize = 4_096;

    private const int LeastFrames = 64;
    private const int MostReserved = 16;
    private const int WatermarkShare = 32;

    private readonly Lock _lock = new();
    private readonly FramePool _frames;
    private readonly FrameWaiters _waiters = new();
    private readonly int _lowWatermark;
    private SwapFile? _swap;
    private Evictor? _evictor;
    private long _committed;
    private long _refused;
    private long _faults;
    private int _reserve;

    /// <summary>Creates a budget without a swap file.</summary>
    /// <param name="limitBytes">Memory in bytes, at least 256 KiB.</param>
    public PageBudget(long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, (long)LeastFrames * PageSize);
        _frames = new FramePool((int)Math.Min(limitBytes / PageSize, int.MaxValue));
        _lowWatermark = Math.Max(Math.Min(MostReserved, _frames.Capacity / 8) * 2, _frames.Capacity / WatermarkShare);
    }

    /// <summary>Memory in bytes.</summary>
    public long LimitBytes => (long)_frames.Capacity * PageSize;

    /// <summary>Bytes of it that are used now.</summary>
    public long ResidentBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)_frames.Used * PageSize;
            }
        }
    }

    /// <summary>Bytes of all pages, in memory and in the swap file.</summary>
    public long CommittedBytes => Volatile.Read(ref _committed) * PageSize;

    /// <summary>The swap file; null when there is none.</summary>
    public SwapFile? Swap => Volatile.Read(ref _swap);

    /// <summary>Pages that were written to the swap file since boot.</summary>
    public long PagesSwappedOut => _evictor?.PagesWritten ?? 0;

    /// <summary>Pages that came back since boot.</summary>
    public long PagesSwappedIn => Volatile.Read(ref _faults);

    /// <summary>Pages that were refused since boot because memory and swap file were full.</summary>
    public long PagesRefused => Volatile.Read(ref _refused);

    /// <summary>Gives the budget its swap file, once, when the place for it is known. It stays open as long as the budget is used.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void AttachSwap(SwapFile swap)
    {
        lock (_lock)
        {
            if (_swap is not null)
            {
                throw new InvalidOperationException("The budget has a swap file already.");
            }

            _evictor = new Evictor(this, swap);
            _reserve = Math.Min(MostReserved, _frames.Capacity / 8);
            Volatile.Write(ref _swap, swap);
        }

        Balance();
    }

    internal Slab[] Slabs => _frames.Slabs;

    /// <summary>Promises a place for one more page; false when there is none.</summary>
    internal bool TryCommit()
    {
        long limit = Swap is { } swap ? _frames.Capacity - _reserve + (long)swap.SlotCount : _frames.Capacity;
        if (Interlocked.Increment(ref _committed) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _committed);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Takes the promise back.</summary>
    internal void Uncommit() => Interlocked.Decrement(ref _committed);

    /// <summary>Takes a frame for a page that was promised one; its content is arbitrary.</summary>
    /// <exception cref="KernelException">ENOSPC when the swap file cannot be written.</exception>
    internal ValueTask<Frame> TakeFrameAsync(CancellationToken cancellationToken) => TakeFrameAsync(forFault: false, cancellationToken);

    /// <summary>Brings a page into memory. It may be gone again when the caller looks: ask again then.</summary>
    /// <exception cref="KernelException">EIO when the swap file cannot be read; the page stays where it is.</exception>
    internal Task FaultAsync(Page page, CancellationToken cancellationToken) => page.FaultAsync(BringAsync).WaitAsync(cancellationToken);

    /// <summary>Frees a page for good.</summary>
    internal void Free(Page page)
    {
        (Frame? frame, int slot, bool isGone) = page.Free();
        if (isGone)
        {
            Release(frame, slot, isPageGone: true);
        }
    }

    /// <summary>Returns what a page does not need any more and lets others have it.</summary>
    internal void Release(Frame? frame, int slot, bool isPageGone)
    {
        if (slot >= 0)
        {
            Swap!.ReturnSlot(slot);
        }

        if (isPageGone)
        {
            Uncommit();
        }

        if (frame is not null)
        {
            lock (_lock)
            {
                _frames.Return(frame);
                _waiters.Grant(_frames, _reserve);
            }
        }

        Balance();
    }

    /// <summary>Whether pages should go to the swap file.</summary>
    /// <param name="goal">Free frames to reach: a multiple of the low watermark.</param>
    internal bool IsShort(int goal)
    {
        lock (_lock)
        {
            return _waiters.Count > 0 || _frames.Free < _lowWatermark * goal;
        }
    }

    /// <summary>Tells those who wait that there will be no frame.</summary>
    internal void FailWaiters(string reason)
    {
        lock (_lock)
        {
            _waiters.Fail(new KernelException(Errno.ENOSPC, $"The swap file {Swap?.Path} cannot be written: {reason}"));
        }
    }

    private ValueTask<Frame> TakeFrameAsync(bool forFault, CancellationToken cancellationToken)
    {
        Task<Frame>? wait = null;
        Frame? frame = null;
        bool isShort;
        lock (_lock)
        {
            if (_waiters.MayTake(forFault) && _frames.Free > (forFault ? 0 : _reserve))
            {
                frame = _frames.Take();
            }
            else
            {
                wait = _waiters.Add(forFault, cancellationToken);
            }

            isShort = wait is not null || _frames.Free < _lowWatermark;
        }

        if (isShort)
        {
            Volatile.Read(ref _evictor)?.Wake();
        }

        return frame is not null ? ValueTask.FromResult(frame) : new ValueTask<Frame>(wait!);
    }

    private void Balance()
    {
        if (Swap is not null && IsShort(1))
        {
            _evictor!.Wake();
        }
    }

    private async Task BringAsync(Page page, int slot)
    {
        Frame? frame = null;
        try
        {
            frame = await TakeFrameAsync(forFault: true, CancellationToken.None);
            await Swap!.ReadAsync(slot, frame.Memory);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or KernelException)
        {
            bool isUnwanted = page.EndFault(null);
            Release(frame, isUnwanted ? slot : -1, isUnwanted);
            throw new KernelException(Errno.EIO, $"A page cannot be brought back from {Swap!.Path}: {e.Message}");
        }

        Interlocked.Increment(ref _faults);
        bool isGone = page.EndFault(frame);
        Release(isGone ? frame : null, slot, isGone);
    }
}
