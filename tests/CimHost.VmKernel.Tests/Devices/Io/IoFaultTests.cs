using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Requests;
using CimHost.VmKernel.Devices.Io.Statistics;
using CimHost.VmKernel.Tests.Emulation;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>Faults that an administrator injects in front of a device.</summary>
public sealed class IoFaultTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedDevice _device = new() { IsIdempotent = true };
    private readonly IoPath _path;
    private readonly WorldLane _lane;

    public IoFaultTests()
    {
        _path = new IoPath("test:device", 4, new IoOptions { Deadline = TimeSpan.FromSeconds(4), QueueLimit = 2 }, _time);
        _lane = _path.Open("world");
    }

    private IoStatistics Statistics => _path.GetStatistics().Total;

    public void Dispose() => _path.Dispose();

    [Fact]
    public async Task A_failure_never_reaches_the_driver_and_ends_with_its_rule()
    {
        var rule = new IoFaultRule { Effect = IoFaultEffect.Fail, Fault = HardwareFault.Malformed };
        _path.Faults.Add(rule);
        HardwareException e = await Assert.ThrowsAsync<HardwareException>(() => Submit("a"));
        Assert.Equal((HardwareFault.Malformed, "test:device: injected fault (Malformed)."), (e.Fault, e.Message));
        Assert.Equal((1, 1, 0), (Statistics.Requests, Statistics.ErrorsOf(HardwareFault.Malformed), Statistics.Retries));

        Assert.True(_path.Faults.Remove(rule));
        Assert.False(_path.Faults.Remove(rule));
        await AnsweredAsync("b");
        Assert.Equal(["b"], _device.Issued);
    }

    [Fact]
    public async Task A_rule_may_be_for_one_world_and_for_so_many_requests()
    {
        WorldLane other = _path.Open("other");
        _path.Faults.Add(new IoFaultRule { World = "world", Effect = IoFaultEffect.Fail, Count = 2 });

        Task<string> spared = _path.SubmitAsync(other, _device, "spared", default).AsTask();
        _device.Answer("spared");
        await spared;
        await Assert.ThrowsAsync<HardwareException>(() => Submit("a"));
        await Assert.ThrowsAsync<HardwareException>(() => Submit("b"));
        await AnsweredAsync("c");
    }

    [Fact]
    public async Task A_delay_comes_before_the_queue_and_counts_for_the_deadline()
    {
        _path.Faults.Add(new IoFaultRule { Effect = IoFaultEffect.Delay, Delay = TimeSpan.FromSeconds(3), Count = 1 });
        Task<string> request = Submit("slow");
        Assert.Empty(_device.Issued);
        Assert.Equal((0, 0), (Statistics.Queued, Statistics.InFlight));

        _time.Advance(TimeSpan.FromSeconds(3));
        await _device.IssuedAsync(1);
        Assert.Equal(1, Statistics.QueueTime.Counts[0]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HardwareFault.TimedOut, (await Assert.ThrowsAsync<HardwareException>(() => request)).Fault);
    }

    [Fact]
    public async Task A_hang_ends_at_the_deadline_and_holds_only_so_many_requests()
    {
        _path.Faults.Add(new IoFaultRule { Effect = IoFaultEffect.Hang });
        Task<string>[] held = [Submit("a"), Submit("b")];
        HardwareException refused = await Assert.ThrowsAsync<HardwareException>(() => Submit("c"));
        Assert.Equal((HardwareFault.Unavailable, 1), (refused.Fault, Statistics.Refused));

        _time.Advance(TimeSpan.FromSeconds(4));
        foreach (Task<string> request in held)
        {
            Assert.Equal(HardwareFault.TimedOut, (await Assert.ThrowsAsync<HardwareException>(() => request)).Fault);
        }

        Assert.Empty(_device.Issued);
        Assert.Equal((2, 0), (Statistics.Timeouts, Statistics.Aborts));
    }

    [Fact]
    public void Rules_are_bounded()
    {
        for (int i = 0; i < 64; i++)
        {
            _path.Faults.Add(new IoFaultRule { World = $"{i}" });
        }

        Assert.Throws<HardwareException>(() => _path.Faults.Add(new IoFaultRule()));
        Assert.Throws<HardwareException>(() => _path.Faults.Add(new IoFaultRule { Effect = IoFaultEffect.Delay, Delay = TimeSpan.FromHours(2) }));
    }

    private async Task AnsweredAsync(string request)
    {
        Task<string> task = Submit(request);
        _device.Answer(request);
        Assert.Equal("ok", await task);
    }

    private Task<string> Submit(string request) => _path.SubmitAsync(_lane, _device, request, default).AsTask();
}
