using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Tests.Emulation;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Worlds that share a device.</summary>
public sealed class FairQueueTests
{
    private readonly ManualTime _time = new();
    private readonly ScriptedDevice _device = new();

    [Fact]
    public async Task The_first_request_of_a_world_goes_before_the_flood_of_another()
    {
        IoPath path = Path(concurrency: 1);
        WorldLane flood = path.Open("flood");
        WorldLane calm = path.Open("calm");
        List<Task<string>> requests = [.. Enumerable.Range(0, 100).Select(i => Submit(path, flood, $"flood {i}"))];
        requests.Add(Submit(path, calm, "calm 0"));
        requests.Add(Submit(path, calm, "calm 1"));

        for (int i = 1; i <= requests.Count; i++)
        {
            await _device.IssuedAsync(i);
            _device.Answer(_device.Issued[i - 1]);
        }

        await Task.WhenAll(requests);
        Assert.Equal(["flood 0", "calm 0", "flood 1", "calm 1", "flood 2"], _device.Issued.Take(5));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"flood {i}"), _device.Issued.Where(r => r.StartsWith("flood")));
    }

    [Fact]
    public async Task No_more_requests_reach_the_driver_than_it_takes_at_once()
    {
        IoPath path = Path(concurrency: 3);
        WorldLane lane = path.Open("world");
        Task<string>[] requests = [.. Enumerable.Range(0, 5).Select(i => Submit(path, lane, $"{i}"))];

        Assert.Equal(["0", "1", "2"], _device.Issued);
        Assert.Equal((2, 3), (path.GetStatistics().Total.Queued, path.GetStatistics().Total.InFlight));

        _device.Answer("1");
        await _device.IssuedAsync(4);
        Assert.Equal(["0", "1", "2", "3"], _device.Issued);

        _device.Answer("0");
        await _device.IssuedAsync(5);
        _device.Answer("2");
        _device.Answer("3");
        _device.Answer("4");
        await Task.WhenAll(requests);
        Assert.Equal((0, 0), (path.GetStatistics().Total.Queued, path.GetStatistics().Total.InFlight));
    }

    [Fact]
    public async Task A_full_queue_refuses_its_own_world_only()
    {
        IoPath path = Path(concurrency: 1, queueLimit: 2);
        WorldLane greedy = path.Open("greedy");
        WorldLane other = path.Open("other");
        Task<string>[] taken = [.. Enumerable.Range(0, 3).Select(i => Submit(path, greedy, $"{i}"))];

        HardwareException refused = await Assert.ThrowsAsync<HardwareException>(() => Submit(path, greedy, "3"));
        Assert.Equal(HardwareFault.Unavailable, refused.Fault);
        Assert.Contains("2 requests of greedy wait", refused.Message);
        Task<string> welcome = Submit(path, other, "other");

        Assert.Equal(1, path.GetStatistics().Worlds["greedy"].Refused);
        Assert.Equal((0, 1), (path.GetStatistics().Worlds["other"].Refused, path.GetStatistics().Worlds["other"].Queued));
        foreach (int i in Enumerable.Range(1, 4))
        {
            await _device.IssuedAsync(i);
            _device.Answer(_device.Issued[i - 1]);
        }

        await Task.WhenAll([.. taken, welcome]);
    }

    [Fact]
    public async Task Requests_that_are_given_up_make_room_and_cost_the_world_no_turn()
    {
        IoPath path = Path(concurrency: 1, queueLimit: 50);
        WorldLane fickle = path.Open("fickle");
        WorldLane steady = path.Open("steady");
        Task<string> busy = Submit(path, steady, "busy");
        using var giveUp = new CancellationTokenSource();
        Task<string>[] dropped = [.. Enumerable.Range(0, 50).Select(i => Submit(path, fickle, $"dropped {i}", giveUp.Token))];
        await giveUp.CancelAsync();
        foreach (Task<string> task in dropped)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        Task<string> late = Submit(path, steady, "late");
        Task<string> wanted = Submit(path, fickle, "wanted");
        _device.Answer("busy");
        await _device.IssuedAsync(2);
        Assert.Equal(["busy", "wanted"], _device.Issued);

        _device.Answer("wanted");
        await _device.IssuedAsync(3);
        _device.Answer("late");
        await Task.WhenAll(busy, late, wanted);
        Assert.Equal((50, 0), (path.GetStatistics().Worlds["fickle"].Cancelled, path.GetStatistics().Worlds["fickle"].Aborts));
    }

    private IoPath Path(int concurrency, int queueLimit = 1_000) => new("test:device", concurrency, new IoOptions { QueueLimit = queueLimit }, _time);

    private Task<string> Submit(IoPath path, WorldLane lane, string request, CancellationToken cancellationToken = default) =>
        path.SubmitAsync(lane, _device, request, cancellationToken).AsTask();
}
