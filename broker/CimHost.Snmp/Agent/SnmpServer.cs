using System.Net;
using System.Net.Sockets;
using CimHost.Snmp.Mib;
using Microsoft.Extensions.Logging;

namespace CimHost.Snmp.Agent;

/// <summary>The agent at its address, over UDP (RFC 3417 section 3) and TCP (RFC 3430): one message of a peer after the other, each answered from what was read last.</summary>
public sealed partial class SnmpServer : IDisposable
{
    // RFC 3417 section 3.2 asks for 484 at least; this is what fits into a datagram over IPv4.
    internal const int MaxMessage = 65_507;

    // How long the first request after a quiet time waits for fresh values; clients ask again after one second or more.
    private static readonly TimeSpan s_freshen = TimeSpan.FromMilliseconds(900);

    private readonly Socket _socket;
    private readonly SnmpTcpListener _tcp;
    private readonly MibModel _mibs;
    private readonly SnmpAgent _agent;
    private readonly ILogger _logger;

    /// <summary>Listens.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public SnmpServer(IPEndPoint address, SnmpAccess access, MibModel mibs, SnmpEngineFacts facts, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(facts);
        _mibs = mibs;
        _logger = logger;
        _agent = new SnmpAgent(mibs, access, facts, MaxMessage);
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.ReceiveBufferSize = 1 << 20;
            _socket.Bind(address);
            _tcp = new SnmpTcpListener(
                new IPEndPoint(address.Address, ((IPEndPoint)_socket.LocalEndPoint!).Port), () => new SnmpAgent(mibs, access, facts, MaxMessage), FreshenAsync, logger);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens.</summary>
    public EndPoint Address => _socket.LocalEndPoint!;

    /// <summary>Answers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] both = [ServeDatagramsAsync(ends.Token), _tcp.RunAsync(ends.Token)];
        await Task.WhenAny(both);
        await ends.CancelAsync();
        await Task.WhenAll(both);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _tcp.Dispose();
    }

    private async Task ServeDatagramsAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(MaxMessage, pinned: true);
        var from = new SocketAddress(_socket.AddressFamily);
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            int length;
            try
            {
                length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, cancellationToken);
            }
            catch (SocketException e) when (!cancellationToken.IsCancellationRequested)
            {
                // An ICMP error for an earlier answer; the socket goes on.
                LogReceive(e.SocketErrorCode);
                continue;
            }

            var sender = (IPEndPoint)any.Create(from);
            await FreshenAsync(cancellationToken);
            ReadOnlyMemory<byte> answer = await _agent.AnswerAsync(buffer.AsMemory(0, length), sender.Address, cancellationToken);
            if (!answer.IsEmpty)
            {
                try
                {
                    await _socket.SendToAsync(answer, SocketFlags.None, from, cancellationToken);
                }
                catch (SocketException e) when (!cancellationToken.IsCancellationRequested)
                {
                    LogSend(sender, e.SocketErrorCode);
                }
            }
        }
    }

    private ValueTask FreshenAsync(CancellationToken cancellationToken)
    {
        return _mibs.ReadAt is null ? WaitAsync() : default;

        async ValueTask WaitAsync() => await _mibs.FreshenAsync(s_freshen, cancellationToken);
    }

    [LoggerMessage(8001, LogLevel.Debug, "SNMP: a message could not be received: {Error}")]
    private partial void LogReceive(SocketError error);

    [LoggerMessage(8002, LogLevel.Debug, "SNMP: the answer to {Sender} could not be sent: {Error}")]
    private partial void LogSend(IPEndPoint sender, SocketError error);
}
