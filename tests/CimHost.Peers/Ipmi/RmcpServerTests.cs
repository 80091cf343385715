using System.Collections.Concurrent;
using System.Net;
using CimHost.Sdk.Hardware;
using CimHost.TestBed;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Peers.Ipmi;

/// <summary>The RMCP server against ipmitool and FreeIPMI.</summary>
public sealed class RmcpServerTests : IAsyncDisposable
{
    private const string Password = "Longer-Secret-20byte";

    private readonly SmallBmc _bmc = new();
    private readonly RmcpServer _server;

    public RmcpServerTests() => _server = new RmcpServer(
        new IPEndPoint(IPAddress.Loopback, 0), _bmc, [new RmcpUser("admin", Password), new RmcpUser("watcher", "Watch123", 2)], NullLogger.Instance);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [PeerTheory("ipmitool")]
    [InlineData(3)]
    [InlineData(17)]
    public async Task Ipmitool_reads_the_device_id_and_ends_its_session(int suite)
    {
        ToolRun run = (await IpmitoolAsync(suite, "admin", Password, "mc", "info")).Succeeded();

        Assert.Contains("Device ID                 : 32", run.Output, StringComparison.Ordinal);
        Assert.Contains("Firmware Revision         : 2.21", run.Output, StringComparison.Ordinal);
        Assert.Contains("IPMI Version              : 2.0", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, _server.ActiveSessions);
    }

    [PeerTheory("ipmitool")]
    [InlineData(3)]
    [InlineData(17)]
    public async Task Ipmitool_s_raw_command_reaches_the_port_with_its_bytes(int suite)
    {
        ToolRun run = (await IpmitoolAsync(suite, "admin", Password, "raw", "0x04", "0x2d", "0x07")).Succeeded();

        Assert.Equal("2a c0 c0", run.Output.Trim());
        Assert.Contains(_bmc.Requests, r => r is { NetFn: 4, Command: 0x2D } && r.Data.Span.SequenceEqual<byte>([7]));
    }

    [PeerTheory("ipmitool")]
    [InlineData("admin", "wrong")]
    [InlineData("nobody", Password)]
    public async Task Ipmitool_does_not_get_in_with_wrong_credentials(string user, string password)
    {
        ToolRun run = await IpmitoolAsync(17, user, password, "mc", "info");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(_bmc.Requests);
        Assert.Equal(0, _server.ActiveSessions);
    }

    [PeerFact("ipmitool")]
    public async Task A_user_may_read_but_not_control()
    {
        ToolRun reading = await IpmitoolAsync(17, "watcher", "Watch123", "-L", "USER", "raw", "0x04", "0x2d", "0x07");
        ToolRun control = await IpmitoolAsync(17, "watcher", "Watch123", "-L", "USER", "raw", "0x00", "0x02", "0x01");
        ToolRun asAdministrator = await IpmitoolAsync(17, "watcher", "Watch123", "-L", "ADMINISTRATOR", "mc", "info");

        Assert.Equal("2a c0 c0", reading.Succeeded().Output.Trim());
        Assert.NotEqual(0, control.ExitCode);
        Assert.Contains("rsp=0xd4", control.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, asAdministrator.ExitCode);
        Assert.DoesNotContain(_bmc.Requests, r => r is { NetFn: 0, Command: 2 });
    }

    [PeerFact("ipmitool")]
    public async Task Ipmitool_sees_its_own_session()
    {
        ToolRun run = (await IpmitoolAsync(3, "admin", Password, "session", "info", "active")).Succeeded();

        Assert.Contains("active sessions               : 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("privilege level               : ADMINISTRATOR", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("ipmitool")]
    public async Task Ipmitool_lists_the_cipher_suites()
    {
        ToolRun run = (await IpmitoolAsync(3, "admin", Password, "channel", "getciphers", "ipmi", "1")).Succeeded();

        Assert.Equal(["3", "17"], run.Lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ToArray());
    }

    [PeerTheory("ipmi-sensors")]
    [InlineData(3)]
    [InlineData(17)]
    public async Task FreeIPMI_reads_the_sensor(int suite)
    {
        using var cache = new TemporaryDirectory();
        ToolRun run = (await Tool.RunAsync(
            Peer.Require("ipmi-sensors"),
            "-h", $"127.0.0.1:{_server.LocalEndPoint.Port}", "-D", "LAN_2_0", "-I", $"{suite}", "-u", "admin", "-p", Password, "-l", "ADMIN",
            $"--sdr-cache-directory={cache.FullName}", "--no-header-output", "--comma-separated-output")).Succeeded();

        string line = Assert.Single(run.Lines, l => l.Contains("Small Temp", StringComparison.Ordinal));
        Assert.Contains(",42.00,C,", line, StringComparison.Ordinal);
    }

    private Task<ToolRun> IpmitoolAsync(int suite, string user, string password, params string[] arguments) => Tool.RunAsync(
        Peer.Require("ipmitool"),
        ["-I", "lanplus", "-C", $"{suite}", "-N", "1", "-R", "1", "-H", "127.0.0.1", "-p", $"{_server.LocalEndPoint.Port}", "-U", user, "-E", .. arguments],
        new Dictionary<string, string?> { ["IPMI_PASSWORD"] = password },
        TimeSpan.FromSeconds(60));

    /// <summary>A BMC with one temperature sensor: the answers that the peers ask for, and no others.</summary>
    private sealed class SmallBmc : IIpmiPort
    {
        private static readonly byte[] s_record = [1, 0, .. new SimThresholdSensor(7, 0x01, 1, "Small Temp", 1, 0, 0, new(null, null, null, 80, 90, null), 7, 1).Record()];

        public ConcurrentQueue<IpmiRequest> Requests { get; } = new();

        public string Name => "small";

        public string Description => "scripted";

        public int Concurrency => 1;

        public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
        {
            Requests.Enqueue(request);
            byte[] data = request.Data.ToArray();
            byte[] answer = (request.NetFn, request.Command) switch
            {
                (0x06, 0x01) => [0, 0x20, 0x81, 0x02, 0x21, 0x02, 0x8F, 0x00, 0xB1, 0x00, 0x01, 0x00],
                (0x04, 0x2D) when data is [7] => [0, 42, 0xC0, 0xC0],
                (0x0A, 0x20) => [0, 0x51, 1, 0, 0, 0x10, 1, 0, 0, 0, 1, 0, 0, 0, 0x02],
                (0x0A, 0x22) => [0, 0x34, 0x12],
                (0x0A, 0x23) when data.Length == 6 => [0, 0xFF, 0xFF, .. s_record.AsSpan(Math.Min(data[4], (byte)s_record.Length), Math.Min(data[5], s_record.Length - Math.Min(data[4], (byte)s_record.Length)))],
                _ => [0xC1],
            };
            return ValueTask.FromResult(new IpmiResponse(answer[0], answer.AsMemory(1)));
        }
    }
}
