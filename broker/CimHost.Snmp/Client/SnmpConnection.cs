using System.Net;
using System.Net.Sockets;
using CimHost.Snmp.Ber;

namespace CimHost.Snmp.Client;

/// <summary>A way to another engine: UDP (RFC 3417 section 3) or TCP (RFC 3430), where a message's own length tells its end.</summary>
internal sealed class SnmpConnection : IDisposable
{
    /// <summary>Longest message that is read, in octets.</summary>
    public const int MaxMessage = 65_507;

    private readonly Socket _socket;
    private readonly bool _isTcp;
    private readonly byte[] _buffer = new byte[MaxMessage];
    private int _buffered;
    private int _taken;

    private SnmpConnection(Socket socket, bool isTcp) => (_socket, _isTcp) = (socket, isTcp);

    /// <summary>This end's address.</summary>
    public IPAddress LocalAddress => ((IPEndPoint)_socket.LocalEndPoint!).Address;

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">There is no such host or it cannot be reached.</exception>
    public static async Task<SnmpConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
            var peer = new IPEndPoint(found.Length > 0 ? found[0] : throw new IOException($"{address.Host} has no address"), address.Port);
            var socket = address.IsTcp
                ? new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
                : new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                await socket.ConnectAsync(peer, cancellationToken);
                return new SnmpConnection(socket, address.IsTcp);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (SocketException e)
        {
            throw new IOException($"{address}: {e.Message}", e);
        }
    }

    /// <summary>Sends a message.</summary>
    /// <exception cref="SocketException">It could not be sent.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        while (!message.IsEmpty)
        {
            message = message[await _socket.SendAsync(message, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>Receives a message, which is valid until the next call.</summary>
    /// <exception cref="SocketException">The way broke.</exception>
    /// <exception cref="IOException">The other end closed, or sent what is no message.</exception>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (!_isTcp)
        {
            return _buffer.AsMemory(0, await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken));
        }

        _buffer.AsSpan(_taken, _buffered - _taken).CopyTo(_buffer);
        (_buffered, _taken) = (_buffered - _taken, 0);
        while (true)
        {
            int length = BerReader.MessageLength(_buffer.AsSpan(0, _buffered));
            if (length is < 0 or > MaxMessage)
            {
                throw new IOException("What came over TCP is no SNMP message.");
            }

            if (length > 0 && length <= _buffered)
            {
                _taken = length;
                return _buffer.AsMemory(0, length);
            }

            int more = await _socket.ReceiveAsync(_buffer.AsMemory(_buffered), SocketFlags.None, cancellationToken);
            _buffered += more > 0 ? more : throw new IOException("The other end closed the connection.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
