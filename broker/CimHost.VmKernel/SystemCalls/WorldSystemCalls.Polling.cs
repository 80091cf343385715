using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>poll().</summary>
internal sealed partial class WorldSystemCalls
{
    private const PollEvents AlwaysTold = PollEvents.POLLERR | PollEvents.POLLHUP;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PollEvents>> PollAsync(IReadOnlyList<PollRequest> requests, TimeSpan? timeout)
    {
        await thread.EnterAsync();
        if (requests.Count > World.Resources.OpenFiles.Soft)
        {
            throw new KernelException(Errno.EINVAL, $"poll: {requests.Count} descriptors are more than RLIMIT_NOFILE.");
        }

        TimeSpan wait = CheckedTimeout(timeout);
        OpenFile?[] files = Acquire(requests);
        try
        {
            return await thread.WaitAsync(
                (Calls: this, requests, files, wait), static (s, interrupt) => s.Calls.PollAsync(s.requests, s.files, s.wait, interrupt), restartable: false);
        }
        finally
        {
            Array.ForEach(files, static f => f?.Release());
        }
    }

    private static PollEvents[] Ready(IReadOnlyList<PollRequest> requests, OpenFile?[] files)
    {
        var ready = new PollEvents[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            ready[i] = requests[i].Descriptor < 0 ? PollEvents.None
                : files[i] is { } file ? file.Poll() & (requests[i].Events | AlwaysTold)
                : PollEvents.POLLNVAL;
        }

        return ready;
    }

    private static TimeSpan CheckedTimeout(TimeSpan? timeout) => timeout switch
    {
        null => Timeout.InfiniteTimeSpan,
        { } time when time < TimeSpan.Zero => throw new KernelException(Errno.EINVAL, "poll: the time is negative; null stands for ever."),
        { } time => time < LongestDelay ? time : LongestDelay,
    };

    private OpenFile?[] Acquire(IReadOnlyList<PollRequest> requests)
    {
        var files = new OpenFile?[requests.Count];
        for (int i = 0; i < files.Length; i++)
        {
            files[i] = requests[i].Descriptor < 0 ? null : World.Descriptors.TryAcquire(requests[i].Descriptor);
        }

        return files;
    }

    private async ValueTask<IReadOnlyList<PollEvents>> PollAsync(
        IReadOnlyList<PollRequest> requests, OpenFile?[] files, TimeSpan wait, CancellationToken interrupt)
    {
        TimeProvider time = Table.Options.TimeProvider;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        Task timer = wait == Timeout.InfiniteTimeSpan
            ? Task.Delay(wait, end.Token)
            : SleepAsync(time, time.GetTimestamp(), wait, end.Token);
        try
        {
            while (true)
            {
                // The waits begin before the look, so that no change between the two is missed. A file whose wait is over at once never
                // changes.
                List<Task> changes = [timer, .. files.OfType<OpenFile>().Select(f => f.WaitForChangeAsync(end.Token)).Where(static t => !t.IsCompleted)];
                PollEvents[] ready = Ready(requests, files);
                if (timer.IsCompletedSuccessfully || Array.Exists(ready, static r => r != PollEvents.None))
                {
                    return ready;
                }

                await await Task.WhenAny(changes);
            }
        }
        finally
        {
            await end.CancelAsync();
        }
    }
}
