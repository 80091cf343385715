using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>The LAN port against the RMCP server, over networks that misbehave.</summary>
public class LanIpmiPortTests
{
    private static readonly IpmiRequest s_deviceId = new(0x06, 0x01);
    private static readonly IpmiRequest s_powerCycle = new(0x00, 0x02, new byte[] { 2 });

    // Generous in all, quick to try again: a loaded machine must not turn a lost packet into a failure.
    private static readonly LanTiming s_timing = new() { Total = TimeSpan.FromSeconds(20), Try = TimeSpan.FromMilliseconds(100), BackOff = TimeSpan.FromSeconds(60) };
    private static readonly LanTiming s_impatient = s_timing with { Total = TimeSpan.FromMilliseconds(600), BackOff = TimeSpan.FromMilliseconds(1), MaxBackOff = TimeSpan.FromMilliseconds(1) };

    [Theory]
    [InlineData(0, "cipher suite 17")]
    [InlineData(3, "cipher suite 3,")]
    [InlineData(17, "cipher suite 17")]
    public async Task A_session_is_opened_with_the_suite_asked_for_or_the_strongest(int suite, string kind)
    {
        await using var bmc = new LanTestBmc();
        await using LanIpmiPort port = bmc.Connect(s_timing, suite: suite);

        Assert.True((await port.SendAsync(s_deviceId, default)).IsSuccess);
        Assert.Contains(kind, port.SessionKind, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_the_port_closes_the_session_at_the_BMC()
    {
        await using var bmc = new LanTestBmc();
        LanIpmiPort port = bmc.Connect(s_timing);
        await port.SendAsync(s_deviceId, default);
        Assert.Equal(1, bmc.Server.ActiveSessions);

        await port.DisposeAsync();

        Assert.Equal(0, bmc.Server.ActiveSessions);
        HardwareException failure = await FailureAsync(port);
        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
    }

    [Fact]
    public async Task Many_callers_share_one_session_and_each_gets_its_own_answer()
    {
        await using var bmc = new LanTestBmc();
        await using LanIpmiPort port = bmc.Connect(s_timing);

        byte[] read = await SweepAsync(port);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), read);
        Assert.Equal(1, bmc.Server.ActiveSessions);
    }

    [Fact]
    public async Task Lost_repeated_and_reordered_packets_change_no_answer()
    {
        await using var bmc = new LanTestBmc();
        var network = new BadNetwork();
        await using var proxy = new LanProxy(bmc.Server.LocalEndPoint, network.Pass);
        await using LanIpmiPort port = bmc.Connect(s_timing, proxy.Port);

        byte[] read = await SweepAsync(port);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), read);
        Assert.True(network.Lost > 10 && network.Repeated > 10 && network.Reordered > 10, $"{network.Lost} lost, {network.Repeated} repeated, {network.Reordered} reordered");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Losing_any_one_packet_of_the_log_in_only_delays_it(int lost)
    {
        await using var bmc = new LanTestBmc();
        int count = -1;
        await using var proxy = new LanProxy(bmc.Server.LocalEndPoint, (_, packet) => Interlocked.Increment(ref count) == lost ? [] : [packet]);
        await using LanIpmiPort port = bmc.Connect(s_timing, proxy.Port);

        Assert.True((await port.SendAsync(s_deviceId, default)).IsSuccess);
        Assert.True(count > lost);
    }

    [Fact]
    public async Task A_BMC_that_forgot_the_session_gets_a_new_one()
    {
        await using var bmc = new LanTestBmc();
        await using LanIpmiPort port = bmc.Connect(s_timing);
        await port.SendAsync(s_deviceId, default);

        bmc.Server.ForgetSessions();

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), await SweepAsync(port));
    }

    [Fact]
    public async Task A_power_cycle_is_not_repeated_in_a_new_session()
    {
        await using var bmc = new LanTestBmc();
        await using LanIpmiPort port = bmc.Connect(s_timing);
        await port.SendAsync(s_deviceId, default);
        bmc.Server.ForgetSessions();

        HardwareException failure = await FailureAsync(port, s_powerCycle);

        Assert.Equal(HardwareFault.TimedOut, failure.Fault);
        Assert.Contains("not known whether", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bmc.Requests, r => r is { NetFn: 0, Command: 2 });
        Assert.True((await port.SendAsync(s_deviceId, default)).IsSuccess);
    }

    [Fact]
    public async Task The_privilege_is_raised_only_for_a_command_that_needs_it()
    {
        await using var bmc = new LanTestBmc();
        await using LanIpmiPort port = bmc.Connect(s_timing);
        await port.SendAsync(s_deviceId, default);

        IpmiResponse answer = await port.SendAsync(s_powerCycle, default);

        Assert.True(answer.IsSuccess);
        Assert.Single(bmc.Requests, r => r is { NetFn: 0, Command: 2 });
    }

    [Fact]
    public async Task A_user_who_may_only_read_gets_the_BMC_s_refusal()
    {
        await using var bmc = new LanTestBmc(privilege: 2);
        await using LanIpmiPort port = bmc.Connect(s_timing);

        Assert.True((await port.SendAsync(s_deviceId, default)).IsSuccess);
        Assert.Equal(0xD4, (await port.SendAsync(s_powerCycle, default)).CompletionCode);
        Assert.Contains("USER", port.SessionKind, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_not_tried_again_at_once()
    {
        await using var bmc = new LanTestBmc();
        await using var proxy = new LanProxy(bmc.Server.LocalEndPoint, (_, packet) => [packet]);
        await using LanIpmiPort port = bmc.Connect(s_timing, proxy.Port, password: "not-this-one");

        HardwareException first = await FailureAsync(port);
        int packets = proxy.FromConsole;
        HardwareException second = await FailureAsync(port);

        Assert.Equal(HardwareFault.Unavailable, first.Fault);
        Assert.Contains("the password is wrong", first.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-this-one", first.ToString(), StringComparison.Ordinal);
        Assert.Equal(first.Message, second.Message);
        Assert.Equal(packets, proxy.FromConsole);
    }

    [Fact]
    public async Task A_silent_BMC_times_out_once_for_all_who_wait()
    {
        await using var bmc = new LanTestBmc();
        await using var proxy = new LanProxy(bmc.Server.LocalEndPoint, (_, _) => []);
        await using LanIpmiPort port = bmc.Connect(s_impatient with { BackOff = TimeSpan.FromSeconds(60) }, proxy.Port);

        HardwareException[] failures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => FailureAsync(port)));

        Assert.All(failures, failure => Assert.Equal(HardwareFault.TimedOut, failure.Fault));

        // One attempt's packets, whatever the number of callers.
        Assert.InRange(proxy.FromConsole, 1, 6);
    }

    [Fact]
    public async Task A_BMC_that_falls_silent_in_a_session_times_out_and_is_well_again_when_it_answers()
    {
        await using var bmc = new LanTestBmc();
        bool silent = false;
        await using var proxy = new LanProxy(bmc.Server.LocalEndPoint, (_, packet) => Volatile.Read(ref silent) ? [] : [packet]);
        await using LanIpmiPort port = bmc.Connect(s_impatient, proxy.Port);
        await SucceedsAsync(port);

        Volatile.Write(ref silent, true);
        HardwareException failure = await FailureAsync(port);
        Volatile.Write(ref silent, false);

        Assert.Equal(HardwareFault.TimedOut, failure.Fault);
        await SucceedsAsync(port);
    }

    [Fact]
    public async Task A_command_that_hangs_in_the_BMC_does_not_hold_up_others()
    {
        await using var bmc = new LanTestBmc();
        var hang = new TaskCompletionSource();
        bmc.Before = request => request.Data.Length > 0 && request.Data.Span[0] == 66 ? hang.Task : Task.CompletedTask;
        await using LanIpmiPort port = bmc.Connect(s_timing);

        Task<IpmiResponse> hanging = port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 66 }), default).AsTask();
        IpmiResponse other = await port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 7 }), default);

        Assert.Equal(7, other.Data.Span[0]);
        Assert.False(hanging.IsCompleted);
        hang.SetResult();
        Assert.Equal(66, (await hanging).Data.Span[0]);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_and_leaves_the_session_usable()
    {
        await using var bmc = new LanTestBmc();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hang = new TaskCompletionSource();
        bmc.Before = request =>
        {
            arrived.TrySetResult();
            return hang.Task;
        };
        await using LanIpmiPort port = bmc.Connect(s_timing);
        using var cancel = new CancellationTokenSource();

        Task<IpmiResponse> waiting = port.SendAsync(s_deviceId, cancel.Token).AsTask();
        await arrived.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        hang.SetResult();
        Assert.Equal(1, bmc.Server.ActiveSessions);
        Assert.True((await port.SendAsync(s_deviceId, default)).IsSuccess);
    }

    [Fact]
    public async Task An_idle_session_is_kept_alive()
    {
        await using var bmc = new LanTestBmc();
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LanIpmiPort port = bmc.Connect(s_timing with { KeepAlive = TimeSpan.FromMilliseconds(100) });
        await port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 1 }), default);
        bmc.Before = request =>
        {
            if (request is { NetFn: 6, Command: 1 })
            {
                kept.TrySetResult();
            }

            return Task.CompletedTask;
        };

        await kept.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_port_where_nothing_listens_says_so()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int number = ((IPEndPoint)free.LocalEndPoint!).Port;
        free.Close();
        await using var bmc = new LanTestBmc();
        await using LanIpmiPort port = bmc.Connect(s_timing, number);

        HardwareException failure = await FailureAsync(port);

        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Contains("nothing listens", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_BMC_is_printed_without_its_password() =>
        Assert.DoesNotContain("Secret12", new RemoteBmc("rack1", "192.0.2.1", 623, "admin", "Secret12").ToString(), StringComparison.Ordinal);

    private static async Task<byte[]> SweepAsync(LanIpmiPort port)
    {
        byte[] read = new byte[200];
        await Parallel.ForEachAsync(Enumerable.Range(0, read.Length), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
        {
            IpmiResponse answer = await port.SendAsync(new IpmiRequest(0x04, 0x2D, new[] { (byte)i }), cancellationToken);
            read[i] = answer.IsSuccess ? answer.Data.Span[0] : (byte)0xFF;
        });
        return read;
    }

    private static async Task<HardwareException> FailureAsync(LanIpmiPort port, IpmiRequest? request = null) =>
        await Assert.ThrowsAsync<HardwareException>(async () => await port.SendAsync(request ?? s_deviceId, default));

    // With limits of a fraction of a second one attempt may fail on a loaded machine; what matters is that the port gets well.
    private static async Task SucceedsAsync(LanIpmiPort port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                Assert.True((await port.SendAsync(s_deviceId, limit.Token)).IsSuccess);
                return;
            }
            catch (HardwareException)
            {
                limit.Token.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Of every ten packets in each direction one is lost, one comes twice, and one comes after its successor.</summary>
    private sealed class BadNetwork
    {
        private readonly ConcurrentDictionary<bool, Direction> _directions = new();

        public int Lost;
        public int Repeated;
        public int Reordered;

        public IEnumerable<byte[]> Pass(bool toBmc, byte[] packet)
        {
            Direction direction = _directions.GetOrAdd(toBmc, _ => new Direction());
            byte[][] late = direction.Held is { } held ? [held] : [];
            direction.Held = null;
            switch (direction.Count++ % 10)
            {
                case 3:
                    Interlocked.Increment(ref Lost);
                    return late;
                case 5:
                    Interlocked.Increment(ref Repeated);
                    return [packet, .. late, packet];
                case 7:
                    Interlocked.Increment(ref Reordered);
                    direction.Held = packet;
                    return late;
                default:
                    return [packet, .. late];
            }
        }

        private sealed class Direction
        {
            public int Count { get; set; }

            public byte[]? Held { get; set; }
        }
    }
}
