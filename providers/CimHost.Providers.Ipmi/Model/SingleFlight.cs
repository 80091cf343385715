namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// One run of a slow piece of work at a time; whoever wants its result while it runs shares it. The run does not end when one of them
/// leaves, so that work too slow for one request is there for the next.
/// </summary>
internal sealed class SingleFlight<T>
{
    private readonly Lock _lock = new();
    private Task<T>? _running;

    public Task<T> RunAsync(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        Task<T> run;
        lock (_lock)
        {
            run = _running is { IsCompleted: false } ? _running : _running = Task.Run(work, CancellationToken.None);
        }

        return run.WaitAsync(cancellationToken);
    }
}
