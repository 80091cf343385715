using System.Net;
using System.Net.Sockets;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// A UDP socket that is connected to one BMC, so that the system passes on only that BMC's packets, and the exchange of single packets that
/// a handshake consists of.
/// </summary>
internal sealed class LanTransport : IDisposable
{
    private const int MaxPacket = 1024;

    private readonly byte[] _buffer = new byte[MaxPacket];
    private readonly LanTiming _timing;
    private readonly TimeProvider _time;
    private readonly string _who;
    private readonly long _start;
    private bool _keepSocket;

    private LanTransport(Socket socket, string who, LanTiming timing, TimeProvider time)
    {
        Socket = socket;
        _who = who;
        _timing = timing;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>Number of packets that had to be sent again so far.</summary>
    public int Retransmissions { get; private set; }

    /// <summary>True once the time for the whole handshake has passed.</summary>
    public bool IsExpired => _time.GetElapsedTime(_start) >= _timing.Total;

    /// <summary>Connects.</summary>
    /// <param name="bmc">Where to.</param>
    /// <param name="who">The BMC's name and address for messages.</param>
    /// <param name="timing">Limits; the whole handshake has to fit into the total.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HardwareException">The host name cannot be resolved or the network cannot be reached.</exception>
    public static async Task<LanTransport> ConnectAsync(RemoteBmc bmc, string who, LanTiming timing, TimeProvider time, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(bmc.Host, out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(bmc.Host, cancellationToken);
            socket = new Socket(addresses[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(new IPEndPoint(addresses[0], bmc.Port), cancellationToken);
            return new LanTransport(socket, who, timing, time);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new HardwareException(HardwareFault.Unavailable, $"{who} cannot be reached: {e.Message}", e);
        }
    }

    /// <summary>Leaves the socket open when this is disposed: a session has taken it over.</summary>
    public Socket Release()
    {
        _keepSocket = true;
        return Socket;
    }

    /// <summary>
    /// Sends a packet until an answer comes and returns the first packet that is one. Whatever else comes in meanwhile is passed over.
    /// </summary>
    /// <exception cref="HardwareException">Nothing listens there (Unavailable), or no answer in time (TimedOut).</exception>
    public async Task<byte[]> ExchangeAsync(ReadOnlyMemory<byte> packet, Func<ReadOnlyMemory<byte>, bool> isAnswer, string step, CancellationToken cancellationToken)
    {
        TimeSpan wait = _timing.Try;
        for (int attempt = 0; !IsExpired; attempt++)
        {
            Retransmissions += attempt > 0 ? 1 : 0;
            TimeSpan left = _timing.Total - _time.GetElapsedTime(_start);
            using var expiry = new CancellationTokenSource(left < wait ? left : wait, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
            try
            {
                await Socket.SendAsync(packet, SocketFlags.None, either.Token);
                return await ReceiveAsync(isAnswer, either.Token);
            }
            catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                wait = LanTiming.Longer(wait);
            }
            catch (SocketException e)
            {
                string why = e.SocketErrorCode == SocketError.ConnectionRefused ? "nothing listens on that UDP port" : e.Message;
                throw new HardwareException(HardwareFault.Unavailable, $"{_who} cannot be reached: {why}.", e);
            }
        }

        throw new HardwareException(HardwareFault.TimedOut, $"{_who} did not answer {step} within {_timing.Total.TotalSeconds:0.#} s.");
    }

    /// <summary>Sends a packet that has no answer.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken)
    {
        try
        {
            await Socket.SendAsync(packet, SocketFlags.None, cancellationToken);
        }
        catch (SocketException e) when (IsTransient(e))
        {
            // Nobody waits for an answer, and the failure that led here is reported by its own exception.
            Retransmissions++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_keepSocket)
        {
            Socket.Dispose();
        }
    }

    /// <summary>True for errors that ICMP reports about earlier packets; the socket stays usable.</summary>
    internal static bool IsTransient(SocketException e) => e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset
        or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown or SocketError.MessageSize;

    private async Task<byte[]> ReceiveAsync(Func<ReadOnlyMemory<byte>, bool> isAnswer, CancellationToken cancellationToken)
    {
        while (true)
        {
            int received = await Socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken);
            if (isAnswer(_buffer.AsMemory(0, received)))
            {
                return _buffer[..received];
            }
        }
    }
}
