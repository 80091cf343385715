using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>
/// The slots of a device, shared fairly by the worlds that want one: start-time fair queueing (Goyal, Vin, Cheng 1996) with equal weights
/// and one unit of virtual time per request. However many requests of one world wait, the first of another gets the next free slot; within
/// a world they go first come first served.
/// </summary>
/// <param name="device">Name for messages.</param>
/// <param name="count">Slots.</param>
/// <param name="queueLimit">Most requests of one world that wait.</param>
internal sealed class FairSlots(string device, int count, int queueLimit)
{
    private readonly Lock _lock = new();

    // Worlds with requests that wait; of those with the same virtual start the one that waits longest is first.
    private readonly List<WorldLane> _backlogged = [];
    private int _taken;
    private int _inFlight;
    private int _mostInFlight;
    private long _virtualTime;

    /// <summary>Slots of the device.</summary>
    public int Count => count;

    /// <summary>Takes a slot. Give it back with <see cref="Release"/>.</summary>
    /// <exception cref="HardwareException">Unavailable: too many requests of that world wait already.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask AcquireAsync(WorldLane lane, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A slot is free only while nobody waits.
            if (_taken < count)
            {
                _taken++;
                lane.Start = Math.Max(_virtualTime, lane.Finish);
                Take(lane);
                return ValueTask.CompletedTask;
            }

            if (lane.Waiting.Count >= queueLimit)
            {
                lane.Counters.CountRefused();
                throw new HardwareException(HardwareFault.Unavailable, $"{device}: {queueLimit} requests of {lane.World} wait already; no more are taken.");
            }

            var waiter = new SlotWaiter(lane);
            lane.Waiting.AddLast(waiter.Node);
            if (lane.Waiting.Count == 1)
            {
                lane.Start = Math.Max(_virtualTime, lane.Finish);
                _backlogged.Add(lane);
            }

            return WaitAsync(waiter, cancellationToken);
        }
    }

    /// <summary>Gives a slot back; who is next gets it.</summary>
    public void Release(WorldLane lane, bool wasOverdue = false)
    {
        SlotWaiter? next;
        lock (_lock)
        {
            lane.InFlight--;
            _inFlight--;
            lane.Overdue -= wasOverdue ? 1 : 0;
            next = Next();
            _taken -= next is null ? 1 : 0;
        }

        next?.SetResult();
    }

    /// <summary>Notes that the slot's caller was answered while the driver still works.</summary>
    public void MarkOverdue(WorldLane lane)
    {
        lock (_lock)
        {
            lane.Overdue++;
        }
    }

    /// <summary>Most slots that were held at once, by all worlds; counted apart from those that are free.</summary>
    public int MostInFlight
    {
        get
        {
            lock (_lock)
            {
                return _mostInFlight;
            }
        }
    }

    /// <summary>Requests that wait, slots held, of these the overdue ones, and the most that were ever held.</summary>
    public (int Queued, int InFlight, int Overdue, int MostInFlight) Gauge(WorldLane lane)
    {
        lock (_lock)
        {
            return (lane.Waiting.Count, lane.InFlight, lane.Overdue, lane.MostInFlight);
        }
    }

    private async ValueTask WaitAsync(SlotWaiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Leave(waiter);
            throw;
        }
    }

    private void Leave(SlotWaiter waiter)
    {
        WorldLane lane = waiter.Lane;
        lock (_lock)
        {
            if (waiter.Node.List is not null)
            {
                lane.Waiting.Remove(waiter.Node);
                if (lane.Waiting.Count == 0)
                {
                    _backlogged.Remove(lane);
                }

                return;
            }
        }

        // It was given a slot in the same moment.
        Release(lane);
    }

    // Worlds are few: looking at each is cheaper than an ordered structure from which waiters that give up must be removed.
    private SlotWaiter? Next()
    {
        WorldLane? first = null;
        foreach (WorldLane lane in _backlogged)
        {
            first = first is null || lane.Start < first.Start ? lane : first;
        }

        if (first is null)
        {
            return null;
        }

        SlotWaiter waiter = first.Waiting.First!.Value;
        first.Waiting.RemoveFirst();
        _backlogged.Remove(first);
        Take(first);
        if (first.Waiting.Count > 0)
        {
            first.Start = first.Finish;
            _backlogged.Add(first);
        }

        return waiter;
    }

    private void Take(WorldLane lane)
    {
        lane.InFlight++;
        lane.MostInFlight = Math.Max(lane.MostInFlight, lane.InFlight);
        _mostInFlight = Math.Max(_mostInFlight, ++_inFlight);
        lane.Finish = lane.Start + 1;
        _virtualTime = Math.Max(_virtualTime, lane.Start);
    }
}
