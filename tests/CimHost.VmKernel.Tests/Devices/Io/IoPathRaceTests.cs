using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Devices.Io.Statistics;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Many worlds at once, with everything that can happen to a request.</summary>
public sealed class IoPathRaceTests
{
    private const int Concurrency = 3;
    private const int Worlds = 6;
    private const int Requests = 2_000;

    [Fact]
    public async Task Whatever_happens_to_requests_no_slot_is_lost_and_every_request_is_counted_once()
    {
        using var path = new IoPath("test:device", Concurrency, new IoOptions { QueueLimit = 4, Deadline = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        var device = new MoodyDevice();
        await Task.WhenAll(Enumerable.Range(0, Worlds).Select(seed => Task.Run(() => RunAsync(path, device, seed))));
        await IdleAsync(path);

        IoStatistics total = path.GetStatistics().Total;
        Assert.Equal((0, 0, 0), (total.InFlight, total.Queued, total.Overdue));
        Assert.Equal(Worlds * Requests, total.Requests);
        Assert.Equal(total.Requests, total.Succeeded + total.Errors.Sum() + total.OtherErrors + total.Cancelled);
        Assert.Equal(total.QueueTime.Count, total.ServiceTime.Count);
        Assert.Equal(device.Calls, total.ServiceTime.Count);
        Assert.True(device.Most <= Concurrency, $"{device.Most} requests were with the driver at once.");
        Assert.True(total is { Succeeded: > 0, Cancelled: > 0, Retries: > 0, Refused: > 0 } && total.ErrorsOf(HardwareFault.Unsupported) > 0);
    }

    // Requests whose callers were answered may still be on their way back from the driver. A slot that never comes back fails the test.
    private static async Task IdleAsync(IoPath path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (path.GetStatistics().Total.InFlight > 0 && !limit.IsCancellationRequested)
        {
            await Task.Yield();
        }
    }

    private static async Task RunAsync(IoPath path, MoodyDevice device, int seed)
    {
        var random = new Random(seed);
        WorldLane lane = path.Open($"world {seed}");
        for (int i = 0; i < Requests; i += 10)
        {
            using var giveUp = new CancellationTokenSource();
            Task[] batch = [.. Enumerable.Range(0, 10).Select(_ => EndAsync(path.SubmitAsync(lane, device, random.Next(6), giveUp.Token)))];
            if (random.Next(2) == 0)
            {
                await giveUp.CancelAsync();
            }

            await Task.WhenAll(batch);
        }
    }

    private static async Task EndAsync(ValueTask<int> request)
    {
        try
        {
            await request;
        }
        catch (Exception e) when (e is HardwareException { Fault: not HardwareFault.TimedOut } or OperationCanceledException)
        {
            // One of the ends that a request can have. The device always answers: only a lost slot lets a request run into its deadline.
        }
    }

    /// <summary>The request says how it behaves.</summary>
    private sealed class MoodyDevice : IoOperation<int, int>
    {
        private int _now;
        private int _most;
        private int _calls;

        public int Most => Volatile.Read(ref _most);

        public int Calls => Volatile.Read(ref _calls);

        public override bool MayRetry(in int request, HardwareFault fault) => true;

        public override async ValueTask<int> IssueAsync(int request, CancellationToken abort)
        {
            Interlocked.Increment(ref _calls);
            int now = Interlocked.Increment(ref _now);
            InterlockedMax(ref _most, now);
            try
            {
                switch (request)
                {
                    case 0:
                        return request;
                    case 1:
                        throw new HardwareException(HardwareFault.Unsupported, "no");
                    case 2:
                        await Task.Yield();
                        throw new HardwareException(HardwareFault.Malformed, "noise");
                    case 3:
                        // Does not honour the abort.
                        await Task.Yield();
                        await Task.Yield();
                        return request;
                    default:
                        await Task.Yield();
                        abort.ThrowIfCancellationRequested();
                        return request;
                }
            }
            finally
            {
                Interlocked.Decrement(ref _now);
            }
        }

        private static void InterlockedMax(ref int target, int value)
        {
            for (int seen = Volatile.Read(ref target); value > seen;)
            {
                int before = Interlocked.CompareExchange(ref target, value, seen);
                if (before == seen)
                {
                    return;
                }

                seen = before;
            }
        }
    }
}
