using System.Net;
using System.Net.Sockets;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>
/// A UDP network between one console and one BMC on loopback that loses, repeats or reorders packets as a test says: for each packet it
/// gets the direction and returns what is passed on.
/// </summary>
internal sealed class LanProxy : IAsyncDisposable
{
    private readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _back = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<bool, byte[], IEnumerable<byte[]>> _network;
    private readonly Task _running;
    private EndPoint? _console;

    /// <summary>Starts it.</summary>
    /// <param name="bmc">Where the BMC listens.</param>
    /// <param name="network">True for packets to the BMC; the packet; what arrives.</param>
    public LanProxy(IPEndPoint bmc, Func<bool, byte[], IEnumerable<byte[]>> network)
    {
        _network = network;
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _back.Connect(bmc);
        Port = ((IPEndPoint)_front.LocalEndPoint!).Port;
        _running = Task.WhenAll(ToBmcAsync(), ToConsoleAsync());
    }

    /// <summary>Where the console sends to.</summary>
    public int Port { get; }

    /// <summary>All packets that the console sent so far.</summary>
    public int FromConsole { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            Assert.True(_stop.IsCancellationRequested);
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
            FromConsole++;
            foreach (byte[] packet in _network(true, buffer[..received.ReceivedBytes]))
            {
                await _back.SendAsync(packet, SocketFlags.None, _stop.Token);
            }
        }
    }

    private async Task ToConsoleAsync()
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            int received = await _back.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
            foreach (byte[] packet in _network(false, buffer[..received]))
            {
                await _front.SendToAsync(packet, SocketFlags.None, _console!, _stop.Token);
            }
        }
    }
}
