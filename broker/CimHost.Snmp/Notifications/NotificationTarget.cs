using System.Net;
using System.Net.Sockets;
using System.Text;
using CimHost.Alerts;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Notifications;

/// <summary>A receiver of traps or informs of SNMPv2c (RFC 3416 section 4.2.6 and 4.2.7).</summary>
public sealed class NotificationTarget : IAlertReceiver
{
    private const int DefaultPort = 162;

    // Least size that every receiver takes (RFC 3417 section 3.2) is less than an alert has; this is what passes an Ethernet whole.
    private const int MaxMessage = 1472;

    private static readonly Oid s_sysUpTime = Oid.Parse("1.3.6.1.2.1.1.3.0");
    private static readonly Oid s_trapOid = Oid.Parse("1.3.6.1.6.3.1.1.4.1.0");

    private readonly string _host;
    private readonly int _port;
    private readonly byte[] _community;
    private readonly bool _inform;
    private readonly TimeSpan _timeout;
    private readonly SnmpEngineFacts _engine;
    private readonly CimHostOids _names;
    private int _request = Random.Shared.Next(1, int.MaxValue / 2);

    private NotificationTarget(string host, int port, TargetOptions options, SnmpEngineFacts engine, CimHostOids names)
    {
        _host = host;
        _port = port;
        _community = Encoding.UTF8.GetBytes(options.Community);
        _inform = options.Inform;
        _timeout = TimeSpan.FromSeconds(Math.Clamp(options.TimeoutSeconds, 0.1, 300));
        _engine = engine;
        _names = names;
    }

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says what.</exception>
    public static NotificationTarget Create(TargetOptions options, SnmpEngineFacts engine, CimHostOids names)
    {
        ArgumentNullException.ThrowIfNull(options);
        int colon = options.Address.LastIndexOf(':');
        bool hasPort = colon > 0 && !options.Address.EndsWith(']') && options.Address.IndexOf(':') == colon || options.Address.StartsWith('[') && colon > options.Address.IndexOf(']');
        string host = (hasPort ? options.Address[..colon] : options.Address).Trim('[', ']');
        int port = DefaultPort;
        if (host.Length == 0 || (hasPort && (!int.TryParse(options.Address.AsSpan(colon + 1), out port) || port is < 1 or > 65_535)))
        {
            throw new FormatException($"{nameof(options.Address)} is host:port, not '{options.Address}'");
        }

        if (Encoding.UTF8.GetByteCount(options.Community) is 0 or > CommunityMessage.MaxCommunity)
        {
            throw new FormatException($"{nameof(options.Community)} has 1 to {CommunityMessage.MaxCommunity} octets");
        }

        return new NotificationTarget(host, port, options, engine, names);
    }

    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alertEvent);
        int request = Interlocked.Increment(ref _request);
        byte[] message = Write(alertEvent, request);
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(_host, cancellationToken);
            var address = new IPEndPoint(addresses.Length > 0 ? addresses[0] : throw new IOException($"{_host} has no address"), _port);
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(address, cancellationToken);
            do
            {
                await socket.SendAsync(message, SocketFlags.None, cancellationToken);
                _engine.Counters.Count(SnmpCounter.SnmpOutPkts);
                _engine.Counters.Count(SnmpCounter.SnmpOutTraps);
            }
            while (_inform && !await IsAcknowledgedAsync(socket, request, cancellationToken));
        }
        catch (SocketException e)
        {
            throw new IOException($"{_host}:{_port}: {e.Message}", e);
        }
    }

    /// <summary>The message: sysUpTime, which notification, and the columns of the alert.</summary>
    internal byte[] Write(AlertEvent alertEvent, int request)
    {
        var buffer = new BerBuffer(MaxMessage);
        int limit = MaxMessage - CommunityMessage.Overhead - _community.Length;
        Oid kind = alertEvent.Type switch
        {
            AlertEventType.Cleared => _names.AlertCleared,
            AlertEventType.Changed or AlertEventType.Repeated => _names.AlertChanged,
            _ => _names.AlertRaised,
        };
        buffer.TryAppend(s_sysUpTime, SnmpValue.TimeTicks(_engine.UpTime), limit);
        buffer.TryAppend(s_trapOid, SnmpValue.ObjectIdentifier(kind), limit);
        foreach (AlertColumn column in Enum.GetValues<AlertColumn>())
        {
            // One that does not fit is left out: the rest is worth more than nothing.
            buffer.TryAppend(_names.Alert(column, alertEvent.Alert.Id), AlertVariables.ValueOf(alertEvent, column), limit);
        }

        Pdu.WriteHead(buffer, _inform ? PduType.Inform : PduType.Trap, request, 0, 0);
        CommunityMessage.Wrap(buffer, SnmpVersion.V2c, _community);
        return buffer.Written.ToArray();
    }

    private async Task<bool> IsAcknowledgedAsync(Socket socket, int request, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[MaxMessage * 2];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            while (true)
            {
                int length = await socket.ReceiveAsync(answer, SocketFlags.None, limit.Token);
                if (IsResponse(answer.AsSpan(0, length), request))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private bool IsResponse(ReadOnlySpan<byte> octets, int request)
    {
        var pdu = new Pdu();
        var outer = new BerReader(octets);
        return outer.TryEnter(BerReader.Sequence, out BerReader inside) && inside.TryReadInt32(out int version) && version == (int)SnmpVersion.V2c
            && inside.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> community) && community.SequenceEqual(_community)
            && pdu.TryRead(inside.Rest) && pdu.Type == PduType.Response && pdu.RequestId == request;
    }
}
