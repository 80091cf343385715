namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>
/// One page of a file in memory: in a frame, in a slot of the swap file, or on the way between them. The page's own monitor guards its
/// state and is held while bytes are copied, so that a frame cannot be taken away in the middle.
/// </summary>
internal sealed class Page
{
    private State _state = State.Resident;
    private Frame? _frame;
    private int _slot = -1;
    private bool _isDirty;
    private Task? _fault;

    public Page(Frame frame)
    {
        _frame = frame;
        frame.IsReferenced = true;
        frame.Owner = this;
    }

    private enum State
    {
        Resident,
        Evicting,
        Swapped,
        Faulting,
        Freed,
    }

    /// <summary>Copies bytes out; false when the page has to be brought into memory first.</summary>
    public bool TryRead(Span<byte> destination, int offset)
    {
        lock (this)
        {
            if (_frame is not { } frame)
            {
                return false;
            }

            frame.IsReferenced = true;
            frame.Span.Slice(offset, destination.Length).CopyTo(destination);
            return true;
        }
    }

    /// <summary>Copies bytes in; false when the page has to be brought into memory first.</summary>
    public bool TryWrite(ReadOnlySpan<byte> source, int offset)
    {
        lock (this)
        {
            if (_frame is not { } frame)
            {
                return false;
            }

            // What is on its way to the swap file is outdated by this write.
            _isDirty = true;
            frame.IsReferenced = true;
            source.CopyTo(frame.Span[offset..]);
            return true;
        }
    }

    /// <summary>Zeroes the end of the page; false when it has to be brought into memory first.</summary>
    public bool TryClear(int offset)
    {
        lock (this)
        {
            if (_frame is not { } frame)
            {
                return false;
            }

            _isDirty = true;
            frame.Span[offset..].Clear();
            return true;
        }
    }

    /// <summary>Claims the page for the swap file; it can still be read and written meanwhile.</summary>
    public bool TryBeginEviction(Frame frame)
    {
        lock (this)
        {
            if (_state != State.Resident || _frame != frame)
            {
                return false;
            }

            _state = State.Evicting;
            _isDirty = false;
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryBeginEviction"/> began. The caller owns what the answer says is free now.</summary>
    public Eviction EndEviction(int slot, bool written)
    {
        lock (this)
        {
            Frame frame = _frame!;
            if (_state == State.Freed)
            {
                _frame = null;
                frame.Owner = null;
                return new Eviction(frame, IsSlotFree: true, IsPageGone: true);
            }

            if (!written || _isDirty)
            {
                _state = State.Resident;
                return new Eviction(null, IsSlotFree: true, IsPageGone: false);
            }

            _state = State.Swapped;
            _slot = slot;
            _frame = null;
            frame.Owner = null;
            return new Eviction(frame, IsSlotFree: false, IsPageGone: false);
        }
    }

    /// <summary>Brings the page into memory; every caller gets the same attempt.</summary>
    /// <param name="bring">Reads the slot and calls <see cref="EndFault"/>.</param>
    /// <returns>Completes when the page is in memory, fails when it cannot be read.</returns>
    public Task FaultAsync(Func<Page, int, Task> bring)
    {
        int slot;
        TaskCompletionSource started;
        lock (this)
        {
            switch (_state)
            {
                case State.Faulting:
                    return _fault!;
                case State.Swapped:
                    _state = State.Faulting;
                    slot = _slot;
                    started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _fault = started.Task;
                    break;
                default:
                    return Task.CompletedTask;
            }
        }

        _ = CompleteAsync(bring(this, slot), started);
        return started.Task;
    }

    /// <summary>Ends a fault: with the frame that holds the content now, or null when it could not be read and stays in its slot.</summary>
    /// <returns>True when the page was freed meanwhile and the caller frees frame and slot.</returns>
    public bool EndFault(Frame? frame)
    {
        lock (this)
        {
            _fault = null;
            if (_state == State.Freed)
            {
                return true;
            }

            if (frame is null)
            {
                _state = State.Swapped;
                return false;
            }

            _state = State.Resident;
            _slot = -1;
            _frame = frame;
            frame.IsReferenced = true;
            frame.Owner = this;
            return false;
        }
    }

    /// <summary>The file does not need the page any more.</summary>
    /// <returns>What is free now; nothing while the page is on its way: whoever moves it frees both.</returns>
    public (Frame? Frame, int Slot, bool IsGone) Free()
    {
        lock (this)
        {
            State was = _state;
            _state = State.Freed;
            if (was is State.Evicting or State.Faulting)
            {
                return (null, -1, false);
            }

            (Frame? frame, int slot) = (_frame, _slot);
            (_frame, _slot) = (null, -1);
            if (frame is not null)
            {
                frame.Owner = null;
            }

            return (frame, slot, true);
        }
    }

    private static async Task CompleteAsync(Task fault, TaskCompletionSource started)
    {
        try
        {
            await fault;
            started.SetResult();
        }
        catch (Exception e)
        {
            started.SetException(e);

            // A reader that was cancelled may have left before the failure.
            _ = started.Task.Exception;
        }
    }
}
