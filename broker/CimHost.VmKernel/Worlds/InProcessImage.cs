using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Worlds;

/// <summary>A program that runs as tasks of the host.</summary>
internal sealed class InProcessImage(World world, IProgram program, IReadOnlyList<string> arguments) : WorldImage(world)
{
    /// <summary>Threads are what the world knows of; work that they have started on its scheduler may go on without them.</summary>
    public override bool IsAlive => Threads.Count > 0 || World.RunningTasks > 0;

    /// <inheritdoc/>
    public override bool TakesRealSignals => false;

    /// <inheritdoc/>
    public override void Start()
    {
        World.JoinScheduler();
        WorldThread main = Threads[0];
        Run(main, calls => program.RunAsync(calls, arguments, End), isMain: true);
    }

    /// <summary>Starts a further thread. Not under the lock.</summary>
    public void Run(WorldThread thread, Func<ISystemCalls, Task<int>> entry) => Run(thread, entry, isMain: false);

    /// <inheritdoc/>
    public override void Terminate(Signal signal, Effects effects) =>
        World.Table.End(World, WaitStatus.Signaled((int)signal), null, effects);

    private void Run(WorldThread thread, Func<ISystemCalls, Task<int>> entry, bool isMain)
    {
        var scheduler = new WorldThreadScheduler(thread, World.Scheduler);
        _ = Task.Factory
            .StartNew(() => entry(thread.Calls), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler)
            .Unwrap()
            .ContinueWith(
                task => OnEnded(thread, task, isMain), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void OnEnded(WorldThread thread, Task<int> task, bool isMain)
    {
        Exception? fault = task.IsCanceled ? new TaskCanceledException(task) : task.Exception?.InnerException;
        World.Table.Change(effects =>
        {
            RemoveThread(thread);
            if (!Ended && fault is not null)
            {
                World.Table.End(World, WaitStatus.Signaled(WaitStatus.CrashSignal), fault, effects);
            }
            else if (!Ended && isMain)
            {
                World.Table.End(World, WaitStatus.Exited(task.Result), null, effects);
            }

            World.Table.OnThreadEnded(this, effects);
            int value = fault is null ? task.Result : 0;
            effects.Add(() => thread.Complete(value));
            return true;
        });
    }
}
