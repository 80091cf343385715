namespace CimHost.ObjectManager.Dispatch;

/// <summary>
/// Leaves a failing provider alone for a while: after some failures in a row no request is let through for a time that doubles with every
/// further failure; then one is let through to try, and its success opens the way for all.
/// </summary>
internal sealed class CircuitBreaker
{
    private readonly Lock _lock = new();
    private readonly DispatchOptions _options;
    private readonly TimeProvider _time;
    private int _failures;
    private int _openings;
    private long _openedAt;
    private TimeSpan _openFor;
    private int _period;
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
                return _openings > 0;
            }
        }
    }

    /// <summary>
    /// Asks to send a request; false with the time to wait when the provider is left alone. The ticket goes back with the outcome: what a
    /// request of an earlier period learned says nothing about this one (eight that time out together are one failure of the trial, not eight).
    /// </summary>
    public bool TryEnter(out TimeSpan retryAfter, out int ticket)
    {
        lock (_lock)
        {
            retryAfter = TimeSpan.Zero;
            ticket = _period;
            if (_openings == 0)
            {
                return true;
            }

            retryAfter = _openFor - _time.GetElapsedTime(_openedAt);
            if (_trial || retryAfter > TimeSpan.Zero)
            {
                retryAfter = retryAfter > TimeSpan.Zero ? retryAfter : TimeSpan.FromSeconds(1);
                return false;
            }

            _trial = true;
            ticket = ++_period;
            return true;
        }
    }

    /// <summary>A request succeeded. True when this ended a time of being left alone.</summary>
    public bool Succeeded(int ticket)
    {
        lock (_lock)
        {
            if (ticket != _period)
            {
                return false;
            }

            bool wasOpen = _openings > 0;
            _failures = _openings = 0;
            _trial = false;
            return wasOpen;
        }
    }

    /// <summary>A request failed. True when the provider is left alone from now on.</summary>
    public bool Failed(int ticket, string reason)
    {
        lock (_lock)
        {
            if (ticket != _period)
            {
                return false;
            }

            LastFailure = reason;
            _trial = false;
            if (_openings == 0 && ++_failures < _options.BreakerThreshold)
            {
                return false;
            }

            double seconds = _options.BreakerSeconds * Math.Pow(2, Math.Min(_openings, 16));
            _openFor = TimeSpan.FromSeconds(Math.Min(seconds, _options.BreakerMaxSeconds));
            _openedAt = _time.GetTimestamp();
            _period++;
            return _openings++ == 0;
        }
    }

    /// <summary>A request ended without telling anything about the provider's health (the client left).</summary>
    public void Abandoned(int ticket)
    {
        lock (_lock)
        {
            _trial &= ticket != _period;
        }
    }
}
