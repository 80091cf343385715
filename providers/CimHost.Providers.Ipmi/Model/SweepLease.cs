namespace CimHost.Providers.Ipmi.Model;

/// <summary>A request's part in a sweep.</summary>
internal sealed class SweepLease(SensorSweep sweep, Action leave) : IDisposable
{
    private Action? _leave = leave;

    public SensorSweep Sweep => sweep;

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
