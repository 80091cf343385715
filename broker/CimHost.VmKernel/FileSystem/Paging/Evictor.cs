namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>
/// Moves pages that were not used lately to the swap file, in batches of neighbouring slots. It runs while frames are short and by one
/// thread at a time.
/// </summary>
internal sealed class Evictor(PageBudget budget, SwapFile swap)
{
    private const int BatchSize = 64;
    private const int Goal = 2;
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMilliseconds(250);

    private readonly List<(Page Page, Frame Frame)> _victims = new(BatchSize);
    private int _isRunning;
    private int _wakes;
    private int _slab;
    private int _frame;
    private long _pagesWritten;

    public long PagesWritten => Volatile.Read(ref _pagesWritten);

    /// <summary>Looks after the frames, now or again.</summary>
    public void Wake()
    {
        Interlocked.Increment(ref _wakes);
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static evictor => _ = evictor.RunAsync(), this, preferLocal: false);
        }
    }

    private async Task RunAsync()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _wakes);
            while (budget.IsShort(Goal) && await EvictBatchAsync())
            {
            }

            Volatile.Write(ref _isRunning, 0);

            // Whoever came between the last look and now found the evictor running and relies on it.
        }
        while (Volatile.Read(ref _wakes) != seen && Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0);
    }

    /// <returns>False when nothing can be moved now.</returns>
    private async Task<bool> EvictBatchAsync()
    {
        int first = swap.TakeSlots(BatchSize, out int slots);
        if (slots == 0)
        {
            return false;
        }

        ClaimVictims(slots);
        for (int unused = _victims.Count; unused < slots; unused++)
        {
            swap.ReturnSlot(first + unused);
        }

        if (_victims.Count == 0)
        {
            return false;
        }

        string? failure = await WriteAsync(first);
        Interlocked.Add(ref _pagesWritten, failure is null ? _victims.Count : 0);
        bool freed = false;
        for (int i = 0; i < _victims.Count; i++)
        {
            Eviction end = _victims[i].Page.EndEviction(first + i, failure is null);
            freed |= end.Frame is not null;
            budget.Release(end.Frame, end.IsSlotFree ? first + i : -1, end.IsPageGone);
        }

        if (failure is not null && !freed)
        {
            budget.FailWaiters(failure);
        }

        if (failure is not null)
        {
            // The disk may have room again later; until then it is not asked in a busy loop.
            await Task.Delay(s_afterFailure);
        }

        return failure is null;
    }

    private async Task<string?> WriteAsync(int first)
    {
        try
        {
            await swap.WriteAsync(first, _victims.ConvertAll(v => (ReadOnlyMemory<byte>)v.Frame.Memory));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return e.Message;
        }
    }

    // The clock: a page that was used since the hand last passed gets one more turn; after two turns everything may go.
    private void ClaimVictims(int most)
    {
        _victims.Clear();
        Slab[] slabs = budget.Slabs;
        int total = slabs.Length * Slab.FrameCount;
        for (int steps = 0; steps < 3 * total && _victims.Count < most; steps++)
        {
            Frame frame = Advance(slabs);
            if (frame.Owner is not { } page)
            {
                continue;
            }

            if (frame.IsReferenced && steps < 2 * total)
            {
                frame.IsReferenced = false;
            }
            else if (page.TryBeginEviction(frame))
            {
                _victims.Add((page, frame));
            }
        }
    }

    private Frame Advance(Slab[] slabs)
    {
        if (++_frame >= Slab.FrameCount)
        {
            _frame = 0;
            _slab++;
        }

        _slab = _slab >= slabs.Length ? 0 : _slab;
        return slabs[_slab].Frames[_frame];
    }
}
