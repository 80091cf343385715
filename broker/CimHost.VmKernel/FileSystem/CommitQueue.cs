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
            catch (KernelException e)
            {
                current.SetException(e);
            }
            catch (Exception e)
            {
                current.SetException(new KernelException(Errno.EIO, $"The change is made but could not be kept: {e.Message}"));
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
