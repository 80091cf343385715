using System.Diagnostics.CodeAnalysis;
using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.Worlds;

/// <summary>
/// The program that a world runs at the moment, with its threads; exec() gives the world another. Of two kinds: a task of the host or a
/// child process. Members are used under the lock of the world table unless they say otherwise.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing.")]
internal abstract class WorldImage(World world)
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<WorldThread> _threads = [];
    private readonly List<WorldThread> _finished = [];
    private volatile bool _ended;
    private int _lastThread;

    public World World { get; } = world;

    /// <summary>Threads that have not ended.</summary>
    public IReadOnlyList<WorldThread> Threads => _threads;

    /// <summary>Whether its system calls throw: the world has ended or runs another program. Without the lock.</summary>
    public bool Ended => _ended;

    /// <summary>Cancelled at the end. Without the lock.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Whether the program still runs: the world stays until it does not, or until the grace is over.</summary>
    public abstract bool IsAlive { get; }

    /// <summary>Whether handlers run in the program's own process, as answers to real signals.</summary>
    public abstract bool TakesRealSignals { get; }

    /// <summary>Most memory that the program's own process had, in bytes; 0 for one that runs in the host.</summary>
    public virtual long PeakMemory => 0;

    /// <summary>The world was stopped, or goes on.</summary>
    public virtual void OnStopped(bool stopped)
    {
    }

    /// <summary>Starts the program. Not under the lock.</summary>
    /// <exception cref="KernelException">The program cannot be started.</exception>
    public abstract void Start();

    /// <summary>The default action of a signal: ends the world.</summary>
    public abstract void Terminate(Signal signal, Effects effects);

    /// <summary>Sends a real signal.</summary>
    public virtual void Send(Signal signal, Effects effects)
    {
    }

    /// <summary>A thread for which the signal is not blocked, if there is one.</summary>
    public WorldThread? Taker(Signal signal) => _threads.Find(t => !t.Mask.Contains(signal));

    /// <summary>Adds a thread.</summary>
    /// <exception cref="KernelException">EAGAIN the world has as many threads as it may.</exception>
    public WorldThread AddThread(SignalSet mask)
    {
        int limit = World.Table.Options.Limits.ThreadsPerWorld;
        if (_threads.Count + _finished.Count >= limit)
        {
            throw new KernelException(Errno.EAGAIN, $"World {World.Id} has {limit} threads, which is the limit.");
        }

        var thread = new WorldThread(++_lastThread, this, mask);
        _threads.Add(thread);
        thread.RefreshAttention();
        return thread;
    }

    /// <summary>A thread has ended; until it is joined its value is kept, and it counts against the limit.</summary>
    public void RemoveThread(WorldThread thread)
    {
        _threads.Remove(thread);
        if (!thread.IsDetached && !Ended && thread.Id > 1)
        {
            _finished.Add(thread);
        }
    }

    /// <summary>A thread by its id, also one that has ended and was not joined.</summary>
    public WorldThread? FindThread(int id) => _threads.Find(t => t.Id == id) ?? _finished.Find(t => t.Id == id);

    /// <summary>Forgets a thread that has ended.</summary>
    public bool Forget(WorldThread thread) => _finished.Remove(thread);

    /// <summary>No system call of this program works any more; its threads are woken and told to return.</summary>
    public virtual void Close(Effects effects)
    {
        _ended = true;
        RefreshAttention();
        InterruptThose(static _ => true, effects);

        // Callbacks of the program run on the thread pool, not here.
        effects.Add(() => _ = _end.CancelAsync());
    }

    /// <summary>Signals, a stop or the end have changed.</summary>
    public void RefreshAttention()
    {
        foreach (WorldThread thread in _threads)
        {
            thread.RefreshAttention();
        }
    }

    /// <summary>Wakes threads that wait.</summary>
    public void InterruptThose(Func<WorldThread, bool> condition, Effects effects)
    {
        foreach (WorldThread thread in _threads)
        {
            if (condition(thread))
            {
                effects.Add(thread.Interrupt);
            }
        }
    }

    /// <summary>What a system call of this program throws now. Without the lock.</summary>
    public WorldEndedException EndedException() => new(World.IsEnding
        ? $"World {World.Id} ({World.Name}) has ended: {World.ExitStatus}."
        : $"World {World.Id} runs another program: {World.Name}.");
}
