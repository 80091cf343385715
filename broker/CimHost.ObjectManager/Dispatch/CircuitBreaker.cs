namespace CimHost.ObjectManager.Dispatch;

/// <summary>
/// Leaves a failing provider alone for a while: after some failures in a row it is closed for a time that doubles with every further
/// failure; then one request is let through to try, and its success opens the way for all.
/// </summary>
internal sealed class CircuitBreaker
{
    private readonly Lock _lock = new();
    private readonly DispatchOptions _options;
    private readonly TimeProvider _time;
    private int _failures;
    private long _closedSince;
    private TimeSpan _closedFor;
    private bool _trial;

    public CircuitBreaker(DispatchOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>What the last failure was, for the clients that are turned away.</summary>
    public string LastFailure { get; private set; } = string.Empty;

    /// <summary>True while requests are turned away or one is on trial.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _failures >= _options.BreakerThreshold;
            }
        }
    }

    /// <summary>Asks to send a request; false with the time to wait when the provider is left alone.</summary>
    public bool TryEnter(out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            retryAfter = TimeSpan.Zero;
            if (_failures < _options.BreakerThreshold)
            {
                return true;
            }

            retryAfter = _closedFor - _time.GetElapsedTime(_closedSince);
            if (_trial || retryAfter > TimeSpan.Zero)
            {
                retryAfter = retryAfter > TimeSpan.Zero ? retryAfter : TimeSpan.FromSeconds(1);
                return false;
            }

            _trial = true;
            return true;
        }
    }

    /// <summary>A request succeeded. True when this ended a closed time.</summary>
    public bool Succeeded()
    {
        lock (_lock)
        {
            bool wasOpen = _failures >= _options.BreakerThreshold;
            _failures = 0;
            _trial = false;
            return wasOpen;
        }
    }

    /// <summary>A request failed. True when the provider is left alone from now on.</summary>
    public bool Failed(string reason)
    {
        lock (_lock)
        {
            LastFailure = reason;
            _trial = false;
            _failures++;
            if (_failures < _options.BreakerThreshold)
            {
                return false;
            }

            double seconds = _options.BreakerSeconds * Math.Pow(2, Math.Min(_failures - _options.BreakerThreshold, 16));
            _closedFor = TimeSpan.FromSeconds(Math.Min(seconds, _options.BreakerMaxSeconds));
            _closedSince = _time.GetTimestamp();
            return _failures == _options.BreakerThreshold;
        }
    }

    /// <summary>A request ended without telling anything about the provider's health (the client left).</summary>
    public void Abandoned()
    {
        lock (_lock)
        {
            _trial = false;
        }
    }
}
