namespace CimHost.VmKernel.FileSystem.Paging;

/// <summary>Those who wait for a frame, pages that come back first. Not synchronized: the budget's lock guards it.</summary>
internal sealed class FrameWaiters
{
    private readonly Queue<TaskCompletionSource<Frame>> _faults = new();
    private readonly Queue<TaskCompletionSource<Frame>> _writers = new();

    public int Count => _faults.Count + _writers.Count;

    /// <summary>Whether nobody waits who comes first.</summary>
    public bool MayTake(bool forFault) => _faults.Count == 0 && (forFault || _writers.Count == 0);

    public Task<Frame> Add(bool forFault, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<Frame>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((TaskCompletionSource<Frame>)state!).TrySetCanceled(token), waiter);
            _ = waiter.Task.ContinueWith(
                static (_, state) => ((CancellationTokenRegistration)state!).Dispose(), registration, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        (forFault ? _faults : _writers).Enqueue(waiter);
        return waiter.Task;
    }

    /// <summary>Gives out what is free; the last ones only to pages that come back.</summary>
    public void Grant(FramePool frames, int reserve)
    {
        while (frames.Free > 0 && _faults.TryDequeue(out TaskCompletionSource<Frame>? waiter))
        {
            Give(waiter, frames);
        }

        while (frames.Free > reserve && _writers.TryDequeue(out TaskCompletionSource<Frame>? waiter))
        {
            Give(waiter, frames);
        }
    }

    public void Fail(Exception reason)
    {
        while (_faults.TryDequeue(out TaskCompletionSource<Frame>? waiter) || _writers.TryDequeue(out waiter))
        {
            waiter.TrySetException(reason);
        }
    }

    private static void Give(TaskCompletionSource<Frame> waiter, FramePool frames)
    {
        Frame frame = frames.Take();
        if (!waiter.TrySetResult(frame))
        {
            // It gave up.
            frames.Return(frame);
        }
    }
}
