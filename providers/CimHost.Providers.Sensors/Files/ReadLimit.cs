namespace CimHost.Providers.Sensors.Files;

/// <summary>The time that reading one channel may take, however many attributes it has.</summary>
internal sealed class ReadLimit : IDisposable
{
    private readonly CancellationTokenSource _clock;
    private readonly CancellationTokenSource _either;

    public ReadLimit(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        Caller = caller;
        _clock = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_clock.Token, caller);
    }

    /// <summary>Cancelled when who asked has given up.</summary>
    public CancellationToken Caller { get; }

    /// <summary>Cancelled when the time is over or who asked has given up.</summary>
    public CancellationToken Token => _either.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _clock.Dispose();
    }
}
