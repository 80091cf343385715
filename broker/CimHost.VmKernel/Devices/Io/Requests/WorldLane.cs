using CimHost.VmKernel.Devices.Io.Statistics;

namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>What one world has at one device: its queue and its counts.</summary>
internal sealed class WorldLane(string world)
{
    private int _outstanding;
    private int _held;
    private int _users;

    /// <summary>Name of the world.</summary>
    public string World => world;

    /// <summary>Counts and latencies.</summary>
    public IoCounters Counters { get; } = new();

    /// <summary>Requests that wait for a slot, oldest first. Guarded by <see cref="FairSlots"/>, as are the members below.</summary>
    public LinkedList<SlotWaiter> Waiting { get; } = new();

    /// <summary>Slots that it holds.</summary>
    public int InFlight { get; set; }

    /// <summary>Most slots that it held at once.</summary>
    public int MostInFlight { get; set; }

    /// <summary>Of these, slots whose caller was answered while the driver still works.</summary>
    public int Overdue { get; set; }

    /// <summary>Virtual time at which its next request starts, while it has one waiting.</summary>
    public long Start { get; set; }

    /// <summary>Virtual time at which its last request that got a slot ends.</summary>
    public long Finish { get; set; }

    /// <summary>Requests whose caller waits for an answer.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Requests that an injected fault holds.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>How many opened it and have not closed it; changed under the lock of <see cref="IoPath"/>.</summary>
    public int Users
    {
        get => Volatile.Read(ref _users);
        set => Volatile.Write(ref _users, value);
    }

    public void Begin() => Interlocked.Increment(ref _outstanding);

    public void End() => Interlocked.Decrement(ref _outstanding);

    public int Hold() => Interlocked.Increment(ref _held);

    public void LetGo() => Interlocked.Decrement(ref _held);
}
