using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Worlds;

/// <summary>
/// Runs the tasks of one thread of an in-process world on the scheduler that the world was given: counts their CPU time, and keeps them
/// back while the world is stopped.
/// </summary>
internal sealed class WorldThreadScheduler(WorldThread thread, TaskScheduler inner) : TaskScheduler
{
    [ThreadStatic]
    private static WorldThreadScheduler? s_current;

    private readonly Action<object?> _run = static item => ((Work)item!).Run();

    /// <summary>Hands a task that was kept back to the processors.</summary>
    public void Forward(Task task)
    {
        thread.World.Queued();
        _ = Task.Factory.StartNew(_run, new Work(this, task), CancellationToken.None, TaskCreationOptions.DenyChildAttach, inner);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (!thread.World.Hold(this, task))
        {
            Forward(task);
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        s_current == this && !taskWasPreviouslyQueued && !thread.World.IsStopped && TryExecuteTask(task);

    private void Execute(Task task)
    {
        // The world may have been stopped while the work waited for a processor.
        if (thread.World.Hold(this, task))
        {
            thread.World.Unqueued();
            return;
        }

        WorldThreadScheduler? outer = s_current;
        int hostThread = ThreadClock.ThreadId();
        long start = ThreadClock.Now();
        thread.Cpu.Begin(hostThread, start);
        thread.World.Started();
        s_current = this;
        try
        {
            TryExecuteTask(task);
        }
        finally
        {
            s_current = outer;
            thread.World.Paused();
            thread.Cpu.End(hostThread, start, ThreadClock.Now());
            if (thread.World.IsEnding && thread.World.RunningTasks == 0)
            {
                thread.World.Table.WorkEnded(thread.World);
            }
        }
    }

    private sealed record Work(WorldThreadScheduler Scheduler, Task Task)
    {
        public void Run() => Scheduler.Execute(Task);
    }
}
