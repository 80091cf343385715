namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>A thread that runs work items, and what it is at.</summary>
internal sealed class Worker
{
    [ThreadStatic]
    private static Worker? t_current;

    private long _sliceEnd;

    /// <summary>The worker of the calling thread; null on any other thread.</summary>
    public static Worker? Current => t_current;

    /// <summary>Clock of the thread's processor time.</summary>
    public int Clock { get; private set; }

    /// <summary>Number of the thread in the system.</summary>
    public int ThreadId { get; private set; }

    /// <summary>World whose turn it is; null when the worker waits. Changed under the scheduler's gate.</summary>
    public WorldNode? World { get; set; }

    /// <summary>Thread of the world whose item runs.</summary>
    public WorldScheduler? Source { get; set; }

    /// <summary>Processor time of the thread when the turn began.</summary>
    public long CpuAtStart { get; set; }

    /// <summary>Processor time of this turn that the world was charged already.</summary>
    public long Charged { get; set; }

    /// <summary>Processor time of the thread when the current thread of the world was last given its part.</summary>
    public long SourceMark { get; set; }

    /// <summary>When the item began. Changed under the scheduler's gate.</summary>
    public long ItemStart { get; set; }

    /// <summary>When the world's turn is over.</summary>
    public long SliceEnd
    {
        get => Volatile.Read(ref _sliceEnd);
        set => Volatile.Write(ref _sliceEnd, value);
    }

    /// <summary>Whether the item has held the worker for too long; the worker is not used again.</summary>
    public bool IsStuck { get; set; }

    /// <summary>When a stuck item is reported next.</summary>
    public long NextReport { get; set; }

    /// <summary>Whether the system was told to prefer every other thread.</summary>
    public bool IsDemoted { get; set; }

    /// <summary>Whether it was sent to the processor of those that spin.</summary>
    public bool IsConfined { get; set; }

    /// <summary>Whether the item is about to end after it has queued its own continuation.</summary>
    public bool IsYielding { get; set; }

    /// <summary>Makes the calling thread this worker.</summary>
    public void Enter()
    {
        t_current = this;
        Clock = ThreadClock.Own();
        ThreadId = ThreadClock.ThreadId();
    }
}
