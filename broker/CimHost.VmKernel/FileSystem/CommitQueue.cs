namespace CimHost.VmKernel.FileSystem;

/// <summary>Group commit: changes that are completed while one commit runs share the next one.</summary>
internal sealed class CommitQueue(IMountPersistence persistence)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private bool _isRunning;

    /// <summary>Completes after a commit that began after this call.</summary>
    public Task CommitAsync()
    {
        Task commit;
        bool isFirst;
        lock (_lock)
        {
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            commit = _next.Task;
            isFirst = !_isRunning;
            _isRunning = true;
        }

        if (isFirst)
        {
            _ = RunAsync();
        }

        return commit;
    }

    private async Task RunAsync()
    {
        while (TakeNext() is { } current)
        {
            try
            {
                await persistence.CommitAsync(CancellationToken.None);
                current.SetResult();
            }
            catch (Exception e)
            {
                KernelException error = e as KernelException ?? new KernelException(Errno.EIO, $"The change could not be kept: {e.Message}");
                current.SetException(error);

                // Who waits already may have made the change before it was taken back with the others: it must not hear that it is kept.
                lock (_lock)
                {
                    _next?.SetException(error);
                    _next = null;
                }
            }
        }
    }

    private TaskCompletionSource? TakeNext()
    {
        lock (_lock)
        {
            TaskCompletionSource? next = _next;
            _next = null;
            _isRunning = next is not null;
            return next;
        }
    }
}
