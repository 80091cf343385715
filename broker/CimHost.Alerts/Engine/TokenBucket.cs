namespace CimHost.Alerts.Engine;

/// <summary>Lets so much through per minute, and at once what was not used for up to a minute.</summary>
internal sealed class TokenBucket(int perMinute, DateTimeOffset now)
{
    private double _tokens = perMinute;
    private DateTimeOffset _filled = now;

    /// <summary>Takes one; false when there is none.</summary>
    public bool TryTake(DateTimeOffset time)
    {
        if (time > _filled)
        {
            _tokens = Math.Min(perMinute, _tokens + (time - _filled).TotalMinutes * perMinute);
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
