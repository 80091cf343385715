using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Linux;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>The port of the local BMC over a scripted kernel driver; the ioctls themselves are checked in the guest.</summary>
public class LinuxIpmiPortTests
{
    private static readonly IpmiRequest s_deviceId = new(0x06, 0x01);

    [Fact]
    public async Task Answers_are_matched_by_their_id_in_whatever_order_they_come()
    {
        var driver = new ScriptedDriver();
        using LinuxIpmiPort port = Port(driver);

        Task<IpmiResponse> first = port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 1 }), default).AsTask();
        Task<IpmiResponse> second = port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 2 }), default).AsTask();
        (long firstId, _) = driver.Sent.Take();
        (long secondId, _) = driver.Sent.Take();
        driver.Incoming.Add(new LinuxIpmiMessage(false, 0, 0x04, 0x02, [1, 2, 3]));
        driver.Incoming.Add(new LinuxIpmiMessage(true, 999, 0x05, 0x2D, [0, 9]));
        driver.Incoming.Add(new LinuxIpmiMessage(true, secondId, 0x05, 0x2D, [0, 22]));
        driver.Incoming.Add(new LinuxIpmiMessage(true, firstId, 0x05, 0x2D, [0, 11]));

        Assert.Equal(11, (await first).Data.Span[0]);
        Assert.Equal(22, (await second).Data.Span[0]);
    }

    [Theory]
    [InlineData(0x07, 0x01, new byte[0])]
    [InlineData(0x07, 0x02, new byte[] { 0 })]
    [InlineData(0x05, 0x01, new byte[] { 0 })]
    public async Task An_answer_that_is_empty_or_to_another_command_is_malformed(byte netFn, byte command, byte[] data)
    {
        var driver = new ScriptedDriver();
        using LinuxIpmiPort port = Port(driver);

        Task<IpmiResponse> answer = port.SendAsync(s_deviceId, default).AsTask();
        driver.Incoming.Add(new LinuxIpmiMessage(true, driver.Sent.Take().Id, netFn, command, data));

        Assert.Equal(HardwareFault.Malformed, (await Assert.ThrowsAsync<HardwareException>(() => answer)).Fault);
    }

    [Fact]
    public async Task A_device_that_went_away_fails_what_is_in_flight_and_is_opened_again_for_the_next_command()
    {
        var old = new ScriptedDriver();
        var fresh = new ScriptedDriver();
        var drivers = new Queue<ScriptedDriver>([old, fresh]);
        using var port = new LinuxIpmiPort("/dev/ipmi0", drivers.Dequeue, TimeProvider.System);

        Task<IpmiResponse> inFlight = port.SendAsync(s_deviceId, default).AsTask();
        old.Sent.Take();
        old.Vanish();
        var failure = await Assert.ThrowsAsync<HardwareException>(() => inFlight);
        await old.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Task<IpmiResponse> next = port.SendAsync(s_deviceId, default).AsTask();
        fresh.Incoming.Add(new LinuxIpmiMessage(true, fresh.Sent.Take().Id, 0x07, 0x01, [0, 0x20]));

        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Equal(0x20, (await next).Data.Span[0]);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_and_a_late_answer_harms_nothing()
    {
        var driver = new ScriptedDriver();
        using LinuxIpmiPort port = Port(driver);
        using var cancel = new CancellationTokenSource();

        Task<IpmiResponse> waiting = port.SendAsync(s_deviceId, cancel.Token).AsTask();
        long late = driver.Sent.Take().Id;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        driver.Incoming.Add(new LinuxIpmiMessage(true, late, 0x07, 0x01, [0, 0x66]));

        Task<IpmiResponse> next = port.SendAsync(s_deviceId, default).AsTask();
        driver.Incoming.Add(new LinuxIpmiMessage(true, driver.Sent.Take().Id, 0x07, 0x01, [0, 0x20]));
        Assert.Equal(0x20, (await next).Data.Span[0]);
    }

    [Fact]
    public async Task Closing_the_port_ends_what_is_in_flight_and_closes_the_device()
    {
        var driver = new ScriptedDriver();
        LinuxIpmiPort port = Port(driver);
        Task<IpmiResponse> waiting = port.SendAsync(s_deviceId, default).AsTask();
        driver.Sent.Take();

        port.Dispose();

        Assert.Contains("closed", (await Assert.ThrowsAsync<HardwareException>(() => waiting)).Message, StringComparison.Ordinal);
        await driver.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("/nonexistent/ipmi0", "No such file or directory")]
    [InlineData("/dev/null", "Inappropriate ioctl for device (errno 25)")]
    public async Task A_node_that_is_missing_or_no_IPMI_device_is_unavailable_with_the_kernel_s_reason(string path, string reason)
    {
        using var port = new LinuxIpmiPort(path);

        var failure = await Assert.ThrowsAsync<HardwareException>(async () => await port.SendAsync(s_deviceId, default));

        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private static LinuxIpmiPort Port(ScriptedDriver driver) => new("/dev/ipmi0", () => driver, TimeProvider.System);

    private sealed class ScriptedDriver : ILinuxIpmiDevice
    {
        private volatile bool _gone;

        public BlockingCollection<(long Id, IpmiRequest Request)> Sent { get; } = [];

        public BlockingCollection<LinuxIpmiMessage> Incoming { get; } = [];

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Send(long id, in IpmiRequest request)
        {
            ThrowIfGone();
            Sent.Add((id, request));
        }

        public LinuxIpmiMessage? Receive(TimeSpan wait)
        {
            ThrowIfGone();
            Incoming.TryTake(out LinuxIpmiMessage? message, TimeSpan.FromMilliseconds(10));
            return message;
        }

        public void Vanish() => _gone = true;

        public void Dispose() => Closed.TrySetResult();

        private void ThrowIfGone()
        {
            if (_gone)
            {
                throw new HardwareException(HardwareFault.Unavailable, "/dev/ipmi0 is gone.");
            }
        }
    }
}
