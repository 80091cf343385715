namespace CimHost.VmKernel.Boot;

/// <summary>
/// How long a start may take until the host is ready. Time is kept on a thread of its own: a start that blocks all threads of the pool is
/// one of those that are to be found.
/// </summary>
public sealed class BootTimeLimit : IDisposable
{
    private readonly ManualResetEventSlim _ended = new();

    /// <summary>Begins to count.</summary>
    /// <param name="limit">Time until ready.</param>
    /// <param name="exceeded">Called once, on that thread, when the limit has passed.</param>
    public BootTimeLimit(TimeSpan limit, Action exceeded) => new Thread(() => Watch(limit, exceeded)) { IsBackground = true, Name = "boot time limit" }.Start();

    /// <summary>The host is ready, or stops: nothing is called any more.</summary>
    public void Dispose() => _ended.Set();

    private void Watch(TimeSpan limit, Action exceeded)
    {
        if (!_ended.Wait(limit))
        {
            exceeded();
        }
    }
}
