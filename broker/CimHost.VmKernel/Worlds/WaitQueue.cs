namespace CimHost.VmKernel.Worlds;

/// <summary>
/// Where tasks wait until something changes. Take <see cref="Next"/> BEFORE looking at the condition, then wait: a change between the
/// two is not missed.
/// </summary>
internal sealed class WaitQueue
{
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next <see cref="Wake"/>.</summary>
    public Task Next
    {
        get
        {
            TaskCompletionSource? present = Volatile.Read(ref _next);
            if (present is not null)
            {
                return present.Task;
            }

            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, made, null) ?? made).Task;
        }
    }

    /// <summary>Wakes all that wait.</summary>
    public void Wake() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
