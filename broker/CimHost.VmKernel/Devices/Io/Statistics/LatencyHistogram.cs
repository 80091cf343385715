namespace CimHost.VmKernel.Devices.Io.Statistics;

/// <summary>How many requests took how long. Bucket 0 is below 1 µs; bucket i from 2^(i-1) to below 2^i µs; the last one from 2^26 µs (67 s) up.</summary>
/// <param name="Counts">Requests by bucket, <see cref="BucketCount"/> of them.</param>
/// <param name="Total">Sum of all times.</param>
public sealed record LatencyHistogram(IReadOnlyList<long> Counts, TimeSpan Total)
{
    /// <summary>Number of buckets.</summary>
    public const int BucketCount = 28;

    /// <summary>No requests.</summary>
    public static LatencyHistogram Empty { get; } = new(new long[BucketCount], TimeSpan.Zero);

    /// <summary>Number of requests.</summary>
    public long Count => Counts.Sum();

    /// <summary>Mean time; zero without requests.</summary>
    public TimeSpan Mean => Count is > 0 and long count ? Total / count : TimeSpan.Zero;

    /// <summary>Bucket of a time.</summary>
    public static int BucketOf(TimeSpan time)
    {
        long microseconds = time.Ticks / TimeSpan.TicksPerMicrosecond;
        return microseconds <= 0 ? 0 : Math.Min((int)long.Log2(microseconds) + 1, BucketCount - 1);
    }

    /// <summary>Where a bucket ends: times in it are shorter. The last one has no end.</summary>
    public static TimeSpan UpperBound(int bucket) =>
        bucket == BucketCount - 1 ? TimeSpan.MaxValue : TimeSpan.FromMicroseconds(1L << bucket);

    /// <summary>End of the bucket in which that share of all requests (0 to 1) is reached; zero without requests.</summary>
    public TimeSpan Quantile(double share)
    {
        double wanted = Count * Math.Clamp(share, 0, 1);
        long seen = 0;
        for (int bucket = 0; bucket < BucketCount; bucket++)
        {
            seen += Counts[bucket];
            if (seen > 0 && seen >= wanted)
            {
                return UpperBound(bucket);
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>Both together.</summary>
    public static LatencyHistogram operator +(LatencyHistogram left, LatencyHistogram right) => left.Add(right);

    /// <summary>Both together.</summary>
    public LatencyHistogram Add(LatencyHistogram other) => new([.. Counts.Zip(other.Counts, (a, b) => a + b)], Total + other.Total);
}
