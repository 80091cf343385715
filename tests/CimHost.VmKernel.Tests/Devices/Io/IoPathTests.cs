using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Devices.Io.Statistics;
using CimHost.VmKernel.Tests.Emulation;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Deadlines, aborts, retries and detach on the way to a device.</summary>
public sealed class IoPathTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(4);
    private readonly ManualTime _time = new();
    private readonly IoPath _path;
    private readonly WorldLane _lane;

    public IoPathTests()
    {
        _path = new IoPath("test:device", 1, new IoOptions { Deadline = s_deadline, MaxRetries = 2 }, _time);
        _lane = _path.Open("world");
    }

    private IoStatistics Statistics => _path.GetStatistics().Total;

    public void Dispose() => _path.Dispose();

    [Fact]
    public async Task A_request_without_an_answer_is_aborted_at_its_deadline()
    {
        var device = new ScriptedDevice();
        Task<string> request = Submit(device, "hung");

        _time.Advance(s_deadline - TimeSpan.FromTicks(1));
        Assert.False(request.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => request);

        Assert.Equal(HardwareFault.TimedOut, e.Fault);
        Assert.Equal("test:device gave no answer within 4 s.", e.Message);
        Assert.Equal((1, 1, 1, 0, 0), (Statistics.Timeouts, Statistics.Aborts, Statistics.ErrorsOf(HardwareFault.TimedOut), Statistics.InFlight, Statistics.Overdue));
        Assert.Equal(1, Statistics.ServiceTime.Counts[LatencyHistogram.BucketOf(s_deadline)]);
    }

    [Fact]
    public async Task A_driver_that_ignores_the_abort_keeps_its_slot_but_not_the_caller()
    {
        var device = new ScriptedDevice { HonoursAbort = false };
        Task<string> stuck = Submit(device, "stuck");
        _time.Advance(s_deadline);
        Assert.Equal(HardwareFault.TimedOut, (await Assert.ThrowsAsync<HardwareException>(() => stuck)).Fault);
        Assert.Equal((1, 1), (Statistics.InFlight, Statistics.Overdue));

        Task<string> next = Submit(device, "next");
        Assert.Equal(["stuck"], device.Issued);

        _time.Advance(TimeSpan.FromSeconds(1));
        device.Answer("stuck");
        await device.IssuedAsync(2);
        Assert.Equal((1, 0), (Statistics.InFlight, Statistics.Overdue));
        device.Answer("next", "fine");
        Assert.Equal("fine", await next);
        Assert.Equal(1, Statistics.ServiceTime.Counts[LatencyHistogram.BucketOf(s_deadline + TimeSpan.FromSeconds(1))]);
        Assert.Equal((1, 1), (Statistics.Succeeded, Statistics.Timeouts));
    }

    [Fact]
    public async Task A_request_that_gets_no_turn_ends_at_its_deadline_too()
    {
        var device = new ScriptedDevice();
        var slow = new ScriptedDevice { HonoursAbort = false };
        Task<string> first = Submit(slow, "first");
        _time.Advance(TimeSpan.FromSeconds(1));
        Task<string> second = Submit(device, "second");
        _time.Advance(s_deadline);

        await Assert.ThrowsAsync<HardwareException>(() => first);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => second);
        Assert.Equal("test:device was so busy that a request got no turn within 4 s.", e.Message);
        Assert.Empty(device.Issued);
        Assert.Equal((2, 1, 0), (Statistics.Timeouts, Statistics.Aborts, Statistics.Queued));
        slow.Answer("first");
        Assert.Equal(0, Statistics.InFlight);
    }

    [Fact]
    public async Task A_caller_that_gives_up_takes_the_request_back_from_the_driver()
    {
        var device = new ScriptedDevice();
        using var giveUp = new CancellationTokenSource();
        Task<string> request = Submit(device, "unwanted", giveUp.Token);
        await giveUp.CancelAsync();

        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(giveUp.Token, e.CancellationToken);
        Assert.Equal((1, 1, 0, 0), (Statistics.Cancelled, Statistics.Aborts, Statistics.Errors.Sum(), Statistics.InFlight));
    }

    [Theory]
    [InlineData(HardwareFault.TimedOut)]
    [InlineData(HardwareFault.Malformed)]
    public async Task A_transient_fault_of_an_idempotent_request_is_tried_again(HardwareFault fault)
    {
        var device = new ScriptedDevice { IsIdempotent = true };
        Task<string> request = Submit(device, "read");
        device.Fail("read", new HardwareException(fault, "once"));
        await device.IssuedAsync(2);
        device.Answer("read", "value");

        Assert.Equal("value", await request);
        Assert.Equal((1, 1, 1, 0), (Statistics.Requests, Statistics.Retries, Statistics.Succeeded, Statistics.Errors.Sum()));
        Assert.Equal(2, Statistics.ServiceTime.Count);
        Assert.Equal(9, Statistics.Bytes);
    }

    [Fact]
    public async Task Retries_have_an_end()
    {
        var device = new ScriptedDevice { IsIdempotent = true };
        Task<string> request = Submit(device, "read");
        for (int i = 1; i <= 3; i++)
        {
            await device.IssuedAsync(i);
            device.Fail("read", new HardwareException(HardwareFault.Malformed, $"failure {i}"));
        }

        Assert.Equal("failure 3", (await Assert.ThrowsAsync<HardwareException>(() => request)).Message);
        Assert.Equal((2, 1), (Statistics.Retries, Statistics.ErrorsOf(HardwareFault.Malformed)));
    }

    [Theory]
    [InlineData(false, HardwareFault.TimedOut)]
    [InlineData(false, HardwareFault.Malformed)]
    [InlineData(true, HardwareFault.Unavailable)]
    [InlineData(true, HardwareFault.Unsupported)]
    public async Task What_may_do_harm_or_no_good_is_not_tried_again(bool idempotent, HardwareFault fault)
    {
        var device = new ScriptedDevice { IsIdempotent = idempotent };
        Task<string> request = Submit(device, "write");
        device.Fail("write", new HardwareException(fault, "failed"));

        Assert.Equal("failed", (await Assert.ThrowsAsync<HardwareException>(() => request)).Message);
        Assert.Equal(["write"], device.Issued);
        Assert.Equal((0, 1), (Statistics.Retries, Statistics.ErrorsOf(fault)));
    }

    [Fact]
    public async Task The_deadline_covers_retries()
    {
        var device = new ScriptedDevice { IsIdempotent = true };
        Task<string> request = Submit(device, "read");
        _time.Advance(TimeSpan.FromSeconds(3));
        device.Fail("read", new HardwareException(HardwareFault.Malformed, "once"));
        await device.IssuedAsync(2);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HardwareFault.TimedOut, (await Assert.ThrowsAsync<HardwareException>(() => request)).Fault);
        Assert.Equal(2, device.Issued.Count);
    }

    [Fact]
    public async Task Detach_ends_what_waits_and_what_is_with_the_driver_and_refuses_the_rest()
    {
        var device = new ScriptedDevice();
        Task<string> served = Submit(device, "served");
        Task<string> waiting = Submit(device, "waiting");
        _path.Shut("it was unplugged");
        Task<string> later = Submit(device, "later");

        foreach (Task<string> request in new[] { served, waiting, later })
        {
            HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => request);
            Assert.Equal((HardwareFault.Unavailable, "test:device cannot be used: it was unplugged."), (e.Fault, e.Message));
        }

        Assert.Equal(["served"], device.Issued);
        Assert.Equal((1, 0, 0), (Statistics.Aborts, Statistics.InFlight, Statistics.Queued));
    }

    [Fact]
    public async Task A_fault_of_the_driver_itself_is_counted_and_passed_on()
    {
        var device = new ScriptedDevice { IsIdempotent = true };
        Task<string> broken = Submit(device, "broken");
        device.Fail("broken", new InvalidOperationException("bug"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);

        Task<string> dropped = Submit(device, "dropped");
        device.Fail("dropped", new OperationCanceledException("stopped"));
        Assert.Equal(HardwareFault.Unavailable, (await Assert.ThrowsAsync<HardwareException>(() => dropped)).Fault);
        Assert.Equal((1, 1, 0), (Statistics.OtherErrors, Statistics.ErrorsOf(HardwareFault.Unavailable), Statistics.InFlight));
    }

    [Fact]
    public async Task Counts_are_kept_by_world_and_stay_in_the_total_when_a_world_ends()
    {
        var device = new ScriptedDevice();
        WorldLane other = _path.Open("other");
        WorldLane again = _path.Open("other");
        Assert.Same(other, again);
        Task<string> one = Submit(device, "one");
        device.Answer("one");
        await one;
        Task<string> two = _path.SubmitAsync(other, device, "two", default).AsTask();
        device.Answer("two", "answer");
        await two;

        Assert.Equal((5, 9, 14), (_path.GetStatistics().Worlds["world"].Bytes, _path.GetStatistics().Worlds["other"].Bytes, Statistics.Bytes));
        _path.Close(other);
        Assert.Contains("other", _path.GetStatistics().Worlds);
        _path.Close(again);
        Assert.Equal(["world"], _path.GetStatistics().Worlds.Keys);
        Assert.Equal((2, 14, 2), (Statistics.Requests, Statistics.Bytes, Statistics.QueueTime.Count));
    }

    [Fact]
    public async Task A_world_that_ends_is_counted_until_its_last_request_ended()
    {
        var device = new ScriptedDevice { HonoursAbort = false };
        Task<string> request = Submit(device, "long");
        _path.Close(_lane);
        Assert.Equal(1, _path.GetStatistics().Worlds["world"].InFlight);

        _time.Advance(s_deadline);
        await Assert.ThrowsAsync<HardwareException>(() => request);
        Assert.Equal(1, _path.GetStatistics().Worlds["world"].Overdue);
        device.Answer("long");
        Assert.Empty(_path.GetStatistics().Worlds);
        Assert.Equal((1, 1, 0, 1), (Statistics.Requests, Statistics.Timeouts, Statistics.InFlight, Statistics.ServiceTime.Count));
    }

    private Task<string> Submit(ScriptedDevice device, string request, CancellationToken cancellationToken = default) =>
        _path.SubmitAsync(_lane, device, request, cancellationToken).AsTask();
}
