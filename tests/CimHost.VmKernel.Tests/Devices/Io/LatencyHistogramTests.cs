using CimHost.VmKernel.Devices.Io.Statistics;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Buckets of latencies.</summary>
public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(-10, 0)]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    [InlineData(10 * 1023, 10)]
    [InlineData(10 * 1024, 11)]
    [InlineData(10L * ((1 << 26) - 1), 26)]
    [InlineData(10L << 26, 27)]
    [InlineData(long.MaxValue, 27)]
    public void A_time_is_in_the_bucket_of_its_power_of_two(long ticks, int bucket)
    {
        var time = TimeSpan.FromTicks(ticks);
        Assert.Equal(bucket, LatencyHistogram.BucketOf(time));
        Assert.True(time < LatencyHistogram.UpperBound(bucket) || bucket == LatencyHistogram.BucketCount - 1);
        Assert.True(bucket == 0 || time >= LatencyHistogram.UpperBound(bucket - 1));
    }

    [Fact]
    public void Quantiles_are_the_ends_of_buckets()
    {
        var recorder = new LatencyRecorder();
        for (int i = 0; i < 99; i++)
        {
            recorder.Record(TimeSpan.FromMicroseconds(3));
        }

        recorder.Record(TimeSpan.FromSeconds(100));
        LatencyHistogram histogram = recorder.GetSnapshot();

        Assert.Equal(100, histogram.Count);
        Assert.Equal(TimeSpan.FromMicroseconds(4), histogram.Quantile(0.5));
        Assert.Equal(TimeSpan.FromMicroseconds(4), histogram.Quantile(0.99));
        Assert.Equal(TimeSpan.MaxValue, histogram.Quantile(1));
        Assert.Equal(TimeSpan.FromMicroseconds(4), histogram.Quantile(0));
        Assert.Equal((TimeSpan.FromSeconds(100) + TimeSpan.FromMicroseconds(297)) / 100, histogram.Mean);
        Assert.Equal(200, (histogram + histogram).Count);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (LatencyHistogram.Empty.Quantile(0.5), LatencyHistogram.Empty.Mean));
    }
}
