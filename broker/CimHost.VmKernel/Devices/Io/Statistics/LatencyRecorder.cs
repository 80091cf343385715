namespace CimHost.VmKernel.Devices.Io.Statistics;

/// <summary>Counts times into the buckets of a <see cref="LatencyHistogram"/>; any thread may.</summary>
internal sealed class LatencyRecorder
{
    private readonly long[] _counts = new long[LatencyHistogram.BucketCount];
    private long _ticks;

    public void Record(TimeSpan time)
    {
        Interlocked.Increment(ref _counts[LatencyHistogram.BucketOf(time)]);
        Interlocked.Add(ref _ticks, Math.Max(0, time.Ticks));
    }

    public LatencyHistogram GetSnapshot()
    {
        long[] counts = new long[_counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }

        return new LatencyHistogram(counts, TimeSpan.FromTicks(Volatile.Read(ref _ticks)));
    }
}
