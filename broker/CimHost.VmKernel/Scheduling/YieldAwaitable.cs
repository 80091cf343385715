using System.Runtime.CompilerServices;
using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Scheduling;

/// <summary>What <see cref="FairScheduler.Yield"/> and <see cref="FairScheduler.YieldWhenDue"/> return; only to be awaited.</summary>
public readonly struct YieldAwaitable : ICriticalNotifyCompletion
{
    private readonly bool _whenDue;

    internal YieldAwaitable(bool whenDue) => _whenDue = whenDue;

    /// <summary>Whether there is no reason to yield.</summary>
    public bool IsCompleted => _whenDue && (Worker.Current is not { } worker || worker.SliceEnd > FairScheduler.Now());

    /// <summary>This.</summary>
    public YieldAwaitable GetAwaiter() => this;

    /// <summary>Ends the await.</summary>
    /// <exception cref="OperationCanceledException">The world was terminated.</exception>
    public void GetResult()
    {
        if (TaskScheduler.Current is WorldScheduler { World.IsTerminated: true } scheduler)
        {
            throw new OperationCanceledException($"World {scheduler.World.WorldId} ({scheduler.World.Name}) was terminated.");
        }
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        if (TaskScheduler.Current is WorldScheduler scheduler)
        {
            scheduler.Requeue(continuation);
        }
        else
        {
            ThreadPool.QueueUserWorkItem(static state => ((Action)state!)(), continuation);
        }
    }
}
