using System.Net;
using System.Net.Sockets;

namespace CimHost.Peers.Ipmi;

/// <summary>
/// Makes a BMC of today look like one of before IPMI 2.0: passes all packets on, but takes RMCP+ out of its answer to Get Channel
/// Authentication Capabilities, and if asked to, the MD5 authentication too.
/// </summary>
internal sealed class OldBmcProxy : IAsyncDisposable
{
    private const int DataAt = 4 + 10 + 7;

    private readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _back = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _withoutMd5;
    private readonly Task[] _running;
    private EndPoint? _console;

    public OldBmcProxy(int bmcPort, bool withoutMd5)
    {
        _withoutMd5 = withoutMd5;
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _back.Connect(IPAddress.Loopback, bmcPort);
        _running = [ToBmcAsync(), ToConsoleAsync()];
    }

    public int Port => ((IPEndPoint)_front.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (Task running in _running)
        {
            await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.OnlyOnCanceled, TaskScheduler.Default);
        }

        _front.Dispose();
        _back.Dispose();
        _stop.Dispose();
    }

    private async Task ToBmcAsync()
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            SocketReceiveFromResult received = await _front.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
            _console = received.RemoteEndPoint;
            await _back.SendAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, _stop.Token);
        }
    }

    private async Task ToConsoleAsync()
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            int received = await _back.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
            Age(buffer.AsSpan(0, received));
            await _front.SendToAsync(buffer.AsMemory(0, received), SocketFlags.None, _console!, _stop.Token);
        }
    }

    private void Age(Span<byte> packet)
    {
        // RMCP and session header without authentication, then the message: command at 5, completion code, channel, types, status, extended.
        bool isCapabilities = packet.Length > DataAt + 3 && packet[4] == 0 && packet[14 + 1] >> 2 == 0x07 && packet[14 + 5] == 0x38 && packet[14 + 6] == 0;
        if (isCapabilities)
        {
            packet[DataAt + 1] &= (byte)(_withoutMd5 ? 0x7B : 0x7F);
            packet[DataAt + 3] &= 0xFD;
            byte sum = 0;
            foreach (byte b in packet[(14 + 3)..^1])
            {
                sum += b;
            }

            packet[^1] = (byte)-sum;
        }
    }
}
