using System.Net;
using System.Net.Sockets;
using CimHost.Alerts;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Client;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Notifications;

/// <summary>
/// A receiver of traps or informs (RFC 3416 section 4.2.6 and 4.2.7, RFC 1157 section 4.1.6). Traps of SNMPv3 are secured with the keys of
/// this engine, informs with those of the receiver's (RFC 3413 section 3.3, RFC 3414 section 1.5.1).
/// </summary>
public sealed class NotificationTarget : IAlertReceiver, INotificationReceiver
{
    private const int DefaultPort = 162;

    // Least size that every receiver takes (RFC 3417 section 3.2) is less than an alert has; this is what passes an Ethernet whole.
    private const int MaxMessage = 1472;

    private static readonly TimeSpan s_acknowledgement = TimeSpan.FromSeconds(5);
    private static readonly Oid s_sysUpTime = Oid.Parse("1.3.6.1.2.1.1.3.0");

    private readonly CommunityModel? _community;
    private readonly SnmpUser? _user;
    private readonly SnmpEngineFacts _engine;
    private readonly AlertNotifications _alerts;
    private int _request = Random.Shared.Next(1, int.MaxValue / 2);

    private NotificationTarget(PeerAddress address, SnmpVersion version, ReceiverOptions options, SnmpUser? user, SnmpEngineFacts engine, AlertNotifications alerts)
    {
        Name = options.Name;
        Address = address;
        Version = version;
        IsInform = options.Inform;
        _community = user is null ? new CommunityModel(version, options.Community) : null;
        _user = user;
        Timeout = options.TimeoutSeconds == 0 ? s_acknowledgement : TimeSpan.FromSeconds(Math.Clamp(options.TimeoutSeconds, 0.1, 300));
        _engine = engine;
        _alerts = alerts;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Where it is.</summary>
    public PeerAddress Address { get; }

    /// <summary>Version of SNMP.</summary>
    public SnmpVersion Version { get; }

    /// <summary>Whether it gets informs, which it acknowledges.</summary>
    public bool IsInform { get; }

    /// <inheritdoc/>
    public bool Acknowledges => IsInform;

    /// <inheritdoc/>
    public string Where => Address.ToString();

    /// <inheritdoc/>
    public string Kind => $"v{(Version == SnmpVersion.V2c ? "2c" : Version == SnmpVersion.V1 ? "1" : "3")} {(IsInform ? "inform" : "trap")}";

    /// <summary>How long an acknowledgement is waited for before the inform is sent again.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>User of SNMPv3; empty with a community.</summary>
    internal string UserName => _user?.Credentials.Name ?? string.Empty;

    /// <summary>Security level of the messages.</summary>
    internal SecurityLevel Level => _user?.Keys.Level ?? SecurityLevel.NoAuthNoPriv;

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says what.</exception>
    public static NotificationTarget Create(ReceiverOptions options, SnmpAccess access, SnmpEngineFacts engine, AlertNotifications alerts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(access);
        SnmpVersion version = options.Version switch
        {
            "1" => SnmpVersion.V1,
            "2c" => SnmpVersion.V2c,
            "3" => SnmpVersion.V3,
            _ => throw new FormatException($"{nameof(options.Version)} is 1, 2c or 3, not '{options.Version}'"),
        };
        if (version == SnmpVersion.V1 && options.Inform)
        {
            throw new FormatException("SNMPv1 has no informs");
        }

        SnmpUser? user = null;
        if (version == SnmpVersion.V3)
        {
            user = access.Users.FirstOrDefault(u => u.Credentials.Name == options.User) ?? throw new FormatException($"{nameof(options.User)} is the name of one of Snmp:Users, not '{options.User}'");
            if (options.Inform && user.Credentials.IsLocalised)
            {
                throw new FormatException($"informs need the passwords of {options.User}: its keys fit this engine alone, and an inform is secured with those of its receiver");
            }
        }

        return new NotificationTarget(PeerAddress.Parse(options.Address, DefaultPort), version, options, user, engine, alerts);
    }

    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        foreach (Notification notification in _alerts.Of(alertEvent))
        {
            await SendAsync(notification, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        using SnmpConnection connection = await SnmpConnection.ConnectAsync(Address, cancellationToken);
        _engine.Counters.Count(SnmpCounter.SnmpOutPkts);
        _engine.Counters.Count(SnmpCounter.SnmpOutTraps);
        if (!IsInform)
        {
            try
            {
                await connection.SendAsync(WriteTrap(notification, connection.LocalAddress), cancellationToken);
                return;
            }
            catch (SocketException e)
            {
                throw new IOException($"{Address}: {e.Message}", e);
            }
        }

        IMessageModel model = _user is null ? _community! : new UserModel(_user.Credentials, TimeProvider.System);
        using var client = new SnmpClient(Address, connection, model, Timeout, int.MaxValue);
        (SnmpErrorStatus status, _, _) = await client.RequestAsync(PduType.Inform, 0, 0, Variables(notification, MaxMessage - model.Overhead), cancellationToken);
        if (status != SnmpErrorStatus.NoError)
        {
            throw new IOException($"{Address} answers the inform with {status}");
        }
    }

    /// <summary>A trap as a whole message.</summary>
    internal ReadOnlyMemory<byte> WriteTrap(Notification notification, IPAddress local)
    {
        var buffer = new BerBuffer(MaxMessage);
        if (Version == SnmpVersion.V1)
        {
            foreach (VarBind variable in notification.Variables)
            {
                buffer.TryAppend(variable.Name, variable.Value, MaxMessage - _community!.Overhead);
            }

            TrapV1.WriteHead(buffer, notification.Name, _alerts.Names.Root, local, _engine.UpTime);
            _community!.Wrap(buffer);
            return buffer.Written;
        }

        if (_user is null)
        {
            _community!.Write(buffer, PduType.Trap, Interlocked.Increment(ref _request), 0, 0, Variables(notification, MaxMessage - _community.Overhead));
            return buffer.Written;
        }

        // The sender of a trap is the authoritative engine (RFC 3414 section 1.5.1); nothing is reported back.
        byte[] engineId = _engine.EngineId.ToArray();
        int around = V3Message.Overhead + (2 * engineId.Length) + UserCredentials.MaxName + (_user.Keys.Authentication?.Length ?? 0);
        SnmpClient.Append(buffer, Variables(notification, MaxMessage - around));
        Pdu.WriteHead(buffer, PduType.Trap, Interlocked.Increment(ref _request), 0, 0);
        V3Message.WriteScoped(buffer, engineId, default);
        new V3Message
        {
            MessageId = _request,
            MaxSize = SnmpConnection.MaxMessage,
            Flags = V3Message.FlagsOf(_user.Keys.Level),
            EngineId = engineId,
            EngineBoots = _engine.EngineBoots,
            EngineTime = _engine.EngineTime,
            UserName = _user.Credentials.NameOctets,
        }.Write(buffer, _user.Keys);
        return buffer.Written;
    }

    // Variables that do not fit are left out: the rest is worth more than nothing.
    private List<VarBind> Variables(Notification notification, int limit)
    {
        var buffer = new BerBuffer(MaxMessage);
        var fitting = new List<VarBind>();
        VarBind[] all = [new(s_sysUpTime, SnmpValue.TimeTicks(_engine.UpTime)), new(Notification.TrapOid, SnmpValue.ObjectIdentifier(notification.Name)), .. notification.Variables];
        foreach (VarBind variable in all)
        {
            if (buffer.TryAppend(variable.Name, variable.Value, limit))
            {
                fitting.Add(variable);
            }
        }

        return fitting;
    }
}
