using System.Collections.Concurrent;
using System.Net;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>A BMC behind the RMCP server: sensor n reads n, and whatever a test overrides.</summary>
internal sealed class LanTestBmc : IIpmiPort, IAsyncDisposable
{
    public const string Password = "Secret12";

    public LanTestBmc(byte privilege = 4) => Server = new RmcpServer(
        new IPEndPoint(IPAddress.Loopback, 0), this, [new RmcpUser("admin", Password, privilege)], NullLogger.Instance);

    public RmcpServer Server { get; }

    public ConcurrentQueue<IpmiRequest> Requests { get; } = new();

    /// <summary>Awaited before each answer.</summary>
    public Func<IpmiRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    public string Name => "test";

    public string Description => "scripted";

    public int Concurrency => 8;

    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        await Before(request).WaitAsync(cancellationToken);
        return (request.NetFn, request.Command) switch
        {
            (0x06, 0x01) => new IpmiResponse(0, new byte[] { 0x20, 0x81, 2, 0x21, 2, 0x8F, 0, 0, 0, 1, 0 }),
            (0x04, 0x2D) => new IpmiResponse(0, new byte[] { request.Data.Span[0], 0xC0, 0 }),
            (0x00, 0x02) => new IpmiResponse(0, default),
            _ => new IpmiResponse(0xC1, default),
        };
    }

    public LanIpmiPort Connect(LanTiming timing, int? port = null, int suite = 17, string password = Password) =>
        new(new RemoteBmc("rack1", "127.0.0.1", port ?? Server.LocalEndPoint.Port, "admin", password, suite), NullLogger.Instance, timing);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
