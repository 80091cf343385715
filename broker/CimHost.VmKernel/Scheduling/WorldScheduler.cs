using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Scheduling;

/// <summary>
/// The task scheduler of one thread of an in-process world: tasks started on it and their continuations run in the order of their arrival,
/// on the world's share of the processors. They may run on several workers at once.
/// </summary>
public abstract class WorldScheduler : TaskScheduler
{
    private readonly FairScheduler _scheduler;
    private long _cpu;

    private protected WorldScheduler(FairScheduler scheduler, WorldNode node) => (_scheduler, Node) = (scheduler, node);

    /// <summary>Processor time that the thread has used.</summary>
    public TimeSpan CpuTime => TimeSpan.FromTicks(Interlocked.Read(ref _cpu) / 100);

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => _scheduler.Workers;

    /// <summary>The world that it is a thread of.</summary>
    public abstract WorldQueue World { get; }

    internal WorldNode Node { get; }

    internal void AddCpu(long nanoseconds) => Interlocked.Add(ref _cpu, nanoseconds);

    /// <summary>Runs a task that was queued here.</summary>
    internal void Execute(Task task) => TryExecuteTask(task);

    /// <summary>Queues what follows a yield: the item that calls ends at once.</summary>
    internal void Requeue(Action continuation)
    {
        if (Worker.Current is { } worker)
        {
            worker.IsYielding = true;
        }

        Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.None, this);
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _scheduler.Enqueue(Node, new WorkItem(task, this));

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Worker.Current is { } worker && worker.Source == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _scheduler.Scheduled(Node);
}
