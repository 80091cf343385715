using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Signals;

namespace CimHost.VmKernel.Worlds;

/// <summary>A process of the kernel ("user world"): an entry of the <see cref="WorldTable"/>.</summary>
public sealed class World
{
    private readonly TaskCompletionSource<WaitStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _holdLock = new();
    private List<(WorldThreadScheduler Scheduler, Task Task)>? _held;
    private TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UserIdentity _identity;
    private volatile bool _stopped;
    private int _queued;
    private int _running;

    /// <exception cref="KernelException">ENOENT: the resource group was removed.</exception>
    internal World(
        WorldTable table, int id, string name, World? parent, ResourceGroup group, UserIdentity identity, DescriptorTable descriptors, ResourceLimits limits)
    {
        Table = table;
        Id = id;
        Parent = parent;
        _identity = identity;
        Credentials = identity.Effective;
        Descriptors = descriptors;
        Resources = limits;
        Name = name;
        Group = group;
        Memory = new MemoryAccount(group, id, name, limits.Memory.Soft);
        StartTime = table.Options.TimeProvider.GetUtcNow();
    }

    /// <summary>World id; 1 is init.</summary>
    public int Id { get; }

    /// <summary>World id of the parent; 0 for init.</summary>
    public int ParentId => Parent?.Id ?? 0;

    /// <summary>Process group.</summary>
    public int ProcessGroup { get; internal set; }

    /// <summary>Name: the last part of the program's path unless the creator gave another.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>Path of the program.</summary>
    public string Path { get; internal set; } = string.Empty;

    /// <summary>Arguments of the program.</summary>
    public IReadOnlyList<string> Arguments { get; internal set; } = [];

    /// <summary>Environment of the program.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; internal set; } = new Dictionary<string, string>();

    /// <summary>Absolute path of the working directory.</summary>
    public string WorkingDirectory { get; internal set; } = "/";

    /// <summary>File mode creation mask.</summary>
    public int Umask { get; internal set; } = 0x12;

    /// <summary>Effective user and groups.</summary>
    public Credentials Credentials { get; private set; }

    /// <summary>Whether the program runs as a task of the host; else as a child process.</summary>
    public bool IsInProcess => !Image.TakesRealSignals;

    /// <summary>When it was made (UTC).</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>CPU time of all its threads.</summary>
    public TimeSpan CpuTime => Cpu.Total;

    /// <summary>CPU time of its children that were reaped, and of theirs.</summary>
    public TimeSpan ChildrenCpuTime { get; internal set; }

    /// <summary>Resource group.</summary>
    public ResourceGroup Group { get; }

    /// <summary>Weight against the siblings in the group.</summary>
    public ResourceShares Shares { get; internal init; } = ResourceShares.OfWorld(ShareLevel.Normal);

    /// <summary>
    /// Kernel-managed memory: what the kernel holds for the world. The managed heap of an in-process world cannot be told from the host's
    /// and is not counted; what the process of a process world has is told by its confinement.
    /// </summary>
    public MemoryAccount Memory { get; }

    /// <summary>Most memory at any time, in bytes: kernel-managed, and of a process world the largest resident set of its process.</summary>
    public long PeakMemory => Math.Max(Memory.Peak, Image.PeakMemory);

    /// <summary>Number of open files.</summary>
    public int OpenFileCount => Descriptors.Count;

    /// <summary>Number of threads.</summary>
    public int ThreadCount => Image.Threads.Count;

    /// <summary>Limits.</summary>
    public ResourceLimits Resources { get; internal set; }

    /// <summary>How it ended; null while it has not.</summary>
    public WaitStatus? ExitStatus { get; internal set; }

    /// <summary>The exception that ended it; for the log.</summary>
    public Exception? Crash { get; internal set; }

    /// <summary>Host's process id of a process world; null for others.</summary>
    public int? HostProcessId => (Image as ProcessImage)?.ProcessId;

    /// <summary>
    /// It was ended, did not return within the grace, and .NET can stop no thread: its code may still run and use the processor. Its
    /// system calls throw and its files are closed. Turns false when the code returns after all.
    /// </summary>
    public bool CannotBeStopped { get; internal set; }

    /// <summary>Completes when the world is a zombie, with its status.</summary>
    public Task<WaitStatus> Completion => _completion.Task;

    /// <summary>What it does at the moment.</summary>
    public WorldState State =>
        IsZombie ? WorldState.Zombie
        : _stopped ? WorldState.Stopped
        : !IsStarted ? WorldState.New
        : Image.TakesRealSignals || Volatile.Read(ref _running) > 0 ? WorldState.Running
        : Volatile.Read(ref _queued) > 0 ? WorldState.Ready
        : WorldState.Blocked;

    internal WorldTable Table { get; }

    internal World? Parent { get; set; }

    internal List<World> Children { get; } = [];

    internal WaitQueue ChildChanges { get; } = new();

    internal UserIdentity Identity
    {
        get => _identity;
        set
        {
            _identity = value;
            Credentials = value.Effective;
        }
    }

    internal DescriptorTable Descriptors { get; set; }

    internal WorldImage Image { get; set; } = null!;

    /// <summary>Its queue on the fair scheduler, once it has run tasks there.</summary>
    internal WorldQueue? Queue { get; private set; }

    /// <summary>Where its tasks run.</summary>
    internal TaskScheduler Scheduler => Queue ?? TaskScheduler.Default;

    internal CpuAccount Cpu { get; } = new(null);

    internal SignalActions Actions { get; set; } = new();

    internal SignalSet Pending { get; set; }

    internal WorldAlarm? Alarm { get; set; }

    /// <summary>A stop or continuation that waitpid() has not told yet.</summary>
    internal WaitStatus? JobChange { get; set; }

    internal int RunningTasks => Volatile.Read(ref _running);

    internal bool IsInit => Id == 1;

    internal bool IsStarted { get; set; }

    internal bool IsEnding => ExitStatus is not null;

    internal bool IsZombie { get; set; }

    internal bool IsStopped => _stopped;

    /// <summary>Completes when the world goes on after a stop, or has ended.</summary>
    internal Task Resumed
    {
        get
        {
            lock (_holdLock)
            {
                return _stopped ? _resumed.Task : Task.CompletedTask;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"world {Id} ({Name})";

    /// <summary>Joins the fair scheduler, if there is one for worlds of this group.</summary>
    internal void JoinScheduler()
    {
        if (Queue is null && Table.Options.Processors is { } processors && !Group.IsSystem)
        {
            Queue = processors.CreateQueue(Group, Id, Name, Shares);
        }
    }

    /// <summary>Nothing of it runs any more: it leaves the scheduler.</summary>
    internal void LeaveScheduler() => Queue?.Dispose();

    internal void Complete(WaitStatus status) => _completion.TrySetResult(status);

    internal void Halt()
    {
        lock (_holdLock)
        {
            _stopped = true;
        }
    }

    /// <summary>Ends a stop; what was kept back goes to the processors as an effect.</summary>
    internal void Release(Effects effects)
    {
        lock (_holdLock)
        {
            _stopped = false;
            if (_held is { } held)
            {
                _held = null;
                effects.Add(() => held.ForEach(static h => h.Scheduler.Forward(h.Task)));
            }

            TaskCompletionSource resumed = _resumed;
            _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            effects.Add(resumed.SetResult);
        }
    }

    /// <summary>Keeps a task back if the world is stopped.</summary>
    internal bool Hold(WorldThreadScheduler scheduler, Task task)
    {
        if (!_stopped)
        {
            return false;
        }

        lock (_holdLock)
        {
            if (_stopped)
            {
                (_held ??= []).Add((scheduler, task));
            }

            return _stopped;
        }
    }

    internal void Queued() => Interlocked.Increment(ref _queued);

    internal void Unqueued() => Interlocked.Decrement(ref _queued);

    internal void Started()
    {
        Interlocked.Decrement(ref _queued);
        Interlocked.Increment(ref _running);
    }

    internal void Paused() => Interlocked.Decrement(ref _running);
}
