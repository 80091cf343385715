namespace CimHost.VmKernel.Devices.Io.Requests;

/// <summary>Cancellation sources that are used again, as every request needs one and few are ever cancelled.</summary>
internal sealed class AbortSources(TimeProvider time)
{
    private const int MaxKept = 64;

    private readonly Lock _lock = new();
    private readonly Stack<CancellationTokenSource> _kept = new();

    /// <summary>A source that is cancelled after a time.</summary>
    public CancellationTokenSource Rent(TimeSpan deadline)
    {
        CancellationTokenSource? source;
        lock (_lock)
        {
            _kept.TryPop(out source);
        }

        if (source is null)
        {
            return new CancellationTokenSource(deadline, time);
        }

        source.CancelAfter(deadline);
        return source;
    }

    /// <summary>Takes a source back that nobody uses any more.</summary>
    public void Return(CancellationTokenSource source)
    {
        if (source.TryReset())
        {
            lock (_lock)
            {
                if (_kept.Count < MaxKept)
                {
                    _kept.Push(source);
                    return;
                }
            }
        }

        source.Dispose();
    }
}
