namespace CimHost.Alerts.Engine;

/// <summary>Lets so much through per minute, and at once what was not used for up to a minute.</summary>
internal sealed class TokenBucket(Func<int> perMinute, DateTimeOffset now)
{
    private double _tokens = perMinute();
    private DateTimeOffset _filled = now;

    /// <summary>Takes one; false when there is none.</summary>
    public bool TryTake(DateTimeOffset time)
    {
        if (time > _filled)
        {
            int most = perMinute();
            _tokens = Math.Min(most, _tokens + ((time - _filled).TotalMinutes * most));
            _filled = time;
        }

        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
