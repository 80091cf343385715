using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Hid;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Hid;

/// <summary>A port over a hidraw node of a test: requests in order, input reports, a device that hangs and one that goes.</summary>
public sealed class LinuxHidPortTests
{
    private static readonly byte[] s_numbered = [0x85, 0x01];

    [Fact]
    public async Task A_report_is_given_with_its_number_and_no_longer_than_the_device_made_it()
    {
        var device = new FakeHidraw { Answer = (_, id, buffer) => Fill(buffer, id, 42) };
        using LinuxHidPort port = Port(device, s_numbered);
        HidReport report = await port.GetReportAsync(HidReportType.Feature, 7, 64, CancellationToken.None);
        Assert.Equal(new byte[] { 7, 42 }, report.Data.ToArray());
        Assert.Equal(64, device.LastLength);
    }

    [Fact]
    public async Task A_refused_report_does_not_end_the_port()
    {
        var device = new FakeHidraw { Answer = (_, id, buffer) => id == 1 ? throw new HardwareException(HardwareFault.Unsupported, "stalled") : Fill(buffer, id, 1) };
        using LinuxHidPort port = Port(device, s_numbered);
        await Assert.ThrowsAsync<HardwareException>(() => port.GetReportAsync(HidReportType.Feature, 1, 8, CancellationToken.None).AsTask());
        Assert.Equal(2, (await port.GetReportAsync(HidReportType.Feature, 2, 8, CancellationToken.None)).Data.Span[0]);
    }

    [Fact]
    public async Task A_request_that_hangs_in_the_kernel_can_be_given_up_and_holds_one_thread()
    {
        using var hang = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        int asked = 0;
        var device = new FakeHidraw
        {
            Answer = (_, id, buffer) =>
            {
                Interlocked.Increment(ref asked);
                entered.Release();
                hang.Wait();
                return Fill(buffer, id, 1);
            },
        };
        using LinuxHidPort port = Port(device, s_numbered);
        using var cancellation = new CancellationTokenSource();
        Task<HidReport> first = port.GetReportAsync(HidReportType.Feature, 1, 8, cancellation.Token).AsTask();
        await entered.WaitAsync();
        Task<HidReport> second = port.GetReportAsync(HidReportType.Feature, 2, 8, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, asked);
        hang.Set();
        Assert.Equal(3, (await port.GetReportAsync(HidReportType.Feature, 3, 8, CancellationToken.None)).Data.Span[0]);

        // The second request was given up before its turn: the device never saw it.
        Assert.Equal(2, asked);
    }

    // A stalled report: EPIPE on USB, EIO behind uhid; EINVAL and ENOTTY of drivers that do not know the ioctl. ENODEV: unplugged.
    [Theory]
    [InlineData(5, HardwareFault.Unsupported, "errno 5")]
    [InlineData(32, HardwareFault.Unsupported, "errno 32")]
    [InlineData(22, HardwareFault.Unsupported, "errno 22")]
    [InlineData(25, HardwareFault.Unsupported, "errno 25")]
    [InlineData(110, HardwareFault.TimedOut, "errno 110")]
    [InlineData(19, HardwareFault.Unavailable, "it is gone")]
    [InlineData(13, HardwareFault.Unavailable, "the host has to run as root")]
    public void What_the_kernel_refuses_is_told_by_its_kind(int error, HardwareFault fault, string text)
    {
        HardwareException e = HidrawDevice.Failure("/dev/hidraw3", "gives no feature report 7", error);
        Assert.Equal(fault, e.Fault);
        Assert.StartsWith("/dev/hidraw3 gives no feature report 7: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_last_input_report_of_each_number_is_kept(bool numbered)
    {
        var device = new FakeHidraw();
        using LinuxHidPort port = Port(device, numbered ? s_numbered : [0x05, 0x84]);
        Assert.Null(port.LastInput(0));
        device.Inputs.Add(numbered ? [5, 0x81] : [0x81]);
        device.Inputs.Add(numbered ? [5, 0x84] : [0x84]);
        await device.TakenAsync(2);
        Assert.Equal(numbered ? [5, 0x84] : new byte[] { 0, 0x84 }, port.LastInput((byte)(numbered ? 5 : 0))!.Data.ToArray());
        Assert.Null(port.LastInput(6));
    }

    [Fact]
    public async Task A_port_that_is_closed_closes_its_node_once_nothing_uses_it()
    {
        var device = new FakeHidraw { Answer = (_, id, buffer) => Fill(buffer, id, 1) };
        LinuxHidPort port = Port(device, s_numbered);
        port.LastInput(1);
        await port.GetReportAsync(HidReportType.Feature, 1, 8, CancellationToken.None);
        port.Dispose();
        await device.Closed.Task;
        await Assert.ThrowsAsync<HardwareException>(() => port.GetReportAsync(HidReportType.Feature, 1, 8, CancellationToken.None).AsTask());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4097)]
    public async Task A_length_out_of_range_is_refused(int length)
    {
        using LinuxHidPort port = Port(new FakeHidraw(), s_numbered);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => port.GetReportAsync(HidReportType.Feature, 1, length, CancellationToken.None).AsTask());
    }

    private static LinuxHidPort Port(FakeHidraw device, byte[] descriptor) =>
        new("/dev/hidraw9", "hid-3-0001:0002-1-1:1.0", new HidIdentity(3, 1, 2), descriptor, () => device, TimeProvider.System);

    private static int Fill(Span<byte> buffer, byte id, byte value)
    {
        buffer[0] = id;
        buffer[1] = value;
        return 2;
    }

    private sealed class FakeHidraw : IHidrawDevice
    {
        private readonly SemaphoreSlim _kept = new(0);
        private bool _handedOut;

        public delegate int GetReportCall(HidReportType type, byte reportId, Span<byte> buffer);

        public GetReportCall Answer { get; init; } = (_, _, _) => throw new HardwareException(HardwareFault.Unsupported, "no report");

        public BlockingCollection<byte[]> Inputs { get; } = [];

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int LastLength { get; private set; }

        /// <summary>Waits until the listener has come back for more after that many reports, and so has kept them.</summary>
        public async Task TakenAsync(int reports)
        {
            for (int i = 0; i < reports; i++)
            {
                await _kept.WaitAsync();
            }
        }

        public int GetReport(HidReportType type, byte reportId, Span<byte> buffer)
        {
            LastLength = buffer.Length;
            return Answer(type, reportId, buffer);
        }

        public int Receive(Span<byte> buffer, TimeSpan wait)
        {
            if (_handedOut)
            {
                _handedOut = false;
                _kept.Release();
            }

            if (!Inputs.TryTake(out byte[]? report, wait))
            {
                return 0;
            }

            _handedOut = true;
            report.CopyTo(buffer);
            return report.Length;
        }

        public void Dispose() => Closed.TrySetResult();
    }
}
