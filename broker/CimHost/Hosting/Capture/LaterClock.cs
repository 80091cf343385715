namespace CimHost.Hosting.Capture;

/// <summary>The clock of the computer, some time on: what was read before is old by it, and is read again.</summary>
internal sealed class LaterClock : TimeProvider
{
    private long _ticks;

    /// <summary>Puts the clock on.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <inheritdoc/>
    public override long GetTimestamp() => base.GetTimestamp() + (long)(Interlocked.Read(ref _ticks) * (TimestampFrequency / (double)TimeSpan.TicksPerSecond));
}
