namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>
/// Keeps a process below a part of the processors by pausing it: its processor time is read every few milliseconds against a bucket that
/// fills by the limit; a process that emptied it is stopped until there is something in it again.
/// </summary>
internal sealed class CpuThrottle : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);
    private const double BurstSeconds = 0.05;

    private readonly Lock _gate = new();
    private readonly int _process;
    private readonly long _millicores;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeSpan _used;
    private TimeSpan _paused;
    private double _seconds;
    private long _looked;
    private bool _pausing;
    private bool _held;
    private bool _disposed;

    public CpuThrottle(int process, long millicores, TimeProvider time, TimeSpan pausedBefore)
    {
        (_process, _millicores, _time, _paused) = (process, millicores, time, pausedBefore);
        _used = ProcessResources.CpuTime(process) ?? TimeSpan.Zero;
        _looked = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((CpuThrottle)state!).Look(), this, s_look, s_look);
    }

    /// <summary>How long the process was paused.</summary>
    public TimeSpan Paused
    {
        get
        {
            lock (_gate)
            {
                return _paused;
            }
        }
    }

    /// <summary>Whether the process is stopped for another reason and must not be woken up.</summary>
    public void Hold(bool held)
    {
        lock (_gate)
        {
            _held = held;
        }
    }

    /// <summary>Ends the pauses; a paused process goes on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _timer.Dispose();
                Resume();
            }
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (ProcessResources.CpuTime(_process) is not { } used)
            {
                // It has ended, and its number may become another process's.
                _disposed = true;
                _timer.Dispose();
                return;
            }

            TimeSpan passed = _time.GetElapsedTime(_looked);
            _looked = _time.GetTimestamp();
            double rate = _millicores / 1_000.0;
            _seconds = Math.Min(rate * BurstSeconds, _seconds + (passed.TotalSeconds * rate)) - (used - _used).TotalSeconds;
            _used = used;
            if (_pausing)
            {
                _paused += passed;
            }

            if (!_pausing && _seconds < 0)
            {
                _pausing = true;
                ProcessSignals.Stop(_process);
            }
            else if (_pausing && _seconds >= 0)
            {
                Resume();
            }
        }
    }

    private void Resume()
    {
        if (_pausing && !_held)
        {
            ProcessSignals.Continue(_process);
        }

        _pausing = false;
    }
}
