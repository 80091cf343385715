using CimHost.Alerts;
using CimHost.Snmp.AgentX.Wire;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Notifications;
using Microsoft.Extensions.Logging;

namespace CimHost.Snmp.AgentX;

/// <summary>
/// The host as a subagent (RFC 2741): keeps a session with its master, and begins a new one after 1, 2, 4 … 60 seconds when it ends or
/// cannot be had. Alerts go to the master as notifications; what cannot be told now is told when there is a session again.
/// </summary>
public sealed partial class AgentXSubagent : IAlertReceiver, INotificationReceiver
{
    /// <summary>Name under which the host remembers which alerts the master got.</summary>
    public const string ReceiverName = "agentx";

    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(1);

    // How long registering waits for values: whoever asks the master then is not to find empty tables.
    private static readonly TimeSpan s_freshen = TimeSpan.FromSeconds(20);

    private readonly AgentXAddress _address;
    private readonly IReadOnlyList<Oid> _subtrees;
    private readonly byte _priority;
    private readonly byte _timeoutSeconds;
    private readonly ISnmpEngineFacts _engine;
    private readonly AlertNotifications _alerts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile AgentXSession? _session;
    private volatile AgentXStatus _status;

    private AgentXSubagent(AgentXAddress address, IReadOnlyList<Oid> subtrees, AgentXOptions options, ISnmpEngineFacts engine, AlertNotifications alerts, TimeProvider time, ILogger logger)
    {
        (_address, _subtrees, _engine, _alerts, _time, _logger) = (address, subtrees, engine, alerts, time, logger);
        (_priority, _timeoutSeconds) = ((byte)options.Priority, (byte)options.TimeoutSeconds);
        _status = Disconnected("it was not tried yet");
    }

    /// <inheritdoc/>
    public string Name => ReceiverName;

    /// <inheritdoc/>
    public string Where => _address.ToString();

    /// <inheritdoc/>
    public string Kind => "AgentX";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <summary>How host and master stand.</summary>
    public AgentXStatus Status => _status;

    /// <summary>Makes it of the configuration.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says what.</exception>
    public static AgentXSubagent Create(AgentXOptions options, ISnmpEngineFacts engine, AlertNotifications alerts, bool isEsxi, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(alerts);
        if (options.Priority is < 1 or > 255 || options.TimeoutSeconds is < 1 or > 255)
        {
            throw new FormatException($"{nameof(options.Priority)} and {nameof(options.TimeoutSeconds)} are numbers from 1 to 255");
        }

        Oid[] subtrees = [.. options.Subtrees.Select(s => Oid.TryParse(s, out Oid oid) ? oid : throw new FormatException($"{nameof(options.Subtrees)} has object identifiers such as 1.3.6.1.2.1.99, not '{s}'"))];
        return new AgentXSubagent(AgentXAddress.Parse(options.Address), subtrees.Length > 0 ? subtrees : DefaultSubtrees(alerts.Names, isEsxi), options, engine, alerts, time, logger);
    }

    /// <summary>Keeps the session until it is cancelled.</summary>
    public async Task RunAsync(MibModel mibs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mibs);
        TimeSpan wait = TimeSpan.FromSeconds(1);
        while (true)
        {
            string reason = "the session ended";
            try
            {
                await ServeAsync(mibs, cancellationToken);
            }
            catch (IOException e)
            {
                reason = e.Message;
            }

            // A session that was there means that the master only has to come back.
            wait = _status.IsConnected ? TimeSpan.FromSeconds(1) : wait;
            if (_status.IsConnected || _status.Reason != reason)
            {
                LogDisconnected(_address, reason);
            }

            _status = Disconnected(reason) with { Since = _status.IsConnected ? _time.GetUtcNow() : _status.Since };
            await Task.Delay(wait, _time, cancellationToken);
            wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait;
        }
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
    public Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return _session?.NotifyAsync(notification, cancellationToken) ?? throw new IOException($"there is no session with the AgentX master at {_address}: {_status.Reason}");
    }

    // What snmpd does not have itself: ENTITY-MIB, ENTITY-SENSOR-MIB, ENTITY-STATE-MIB, UPS-MIB, CIMHOST-MIB, VMware's; and LM-SENSORS-MIB, which
    // Debian's has, so that the longer names of its tables stay in front.
    private static Oid[] DefaultSubtrees(CimHostOids names, bool isEsxi) =>
    [
        new(1, 3, 6, 1, 2, 1, 33), new(1, 3, 6, 1, 2, 1, 47), new(1, 3, 6, 1, 2, 1, 99), new(1, 3, 6, 1, 2, 1, 131), new(1, 3, 6, 1, 4, 1, 2021, 13, 16), names.Objects,
        .. isEsxi ? [VMwareOids.System, VMwareOids.Resources, VMwareOids.Environment] : Array.Empty<Oid>(),
    ];

    private async Task ServeAsync(MibModel mibs, CancellationToken cancellationToken)
    {
        using var session = new AgentXSession(await ConnectAsync(cancellationToken), mibs, _engine);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task receiving = session.ReceiveAsync(ends.Token);
        try
        {
            await OpenAsync(session, mibs, ends.Token);
            using var ping = new PeriodicTimer(s_ping, _time);
            Task<bool> tick = ping.WaitForNextTickAsync(ends.Token).AsTask();
            while (await Task.WhenAny(receiving, tick) == tick && await tick)
            {
                await session.PingAsync(ends.Token);
                tick = ping.WaitForNextTickAsync(ends.Token).AsTask();
            }

            await receiving;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(s_leave);
            await session.CloseAsync(AgentXCloseReason.Shutdown, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        finally
        {
            _session = null;
            await ends.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<System.Net.Sockets.Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_connectWithin);
        try
        {
            return await _address.ConnectAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"no connection within {s_connectWithin.TotalSeconds:0} s");
        }
    }

    // A subtree that the master refuses costs no other anything.
    private async Task OpenAsync(AgentXSession session, MibModel mibs, CancellationToken cancellationToken)
    {
        await mibs.FreshenAsync(s_freshen, cancellationToken);
        await session.OpenAsync(_timeoutSeconds, _alerts.Names.Root, "CimHost", cancellationToken);
        var registrations = new List<AgentXRegistration>();
        foreach (Oid subtree in _subtrees)
        {
            AgentXError error = await session.RegisterAsync(subtree, _priority, cancellationToken);
            registrations.Add(new AgentXRegistration(subtree.ToString(), error == AgentXError.None, error == AgentXError.None ? "registered" : $"refused: {error}"));
            if (error != AgentXError.None)
            {
                LogRefused(_address, subtree, error);
            }
        }

        foreach (MibModule module in mibs.Modules.Where(IsServed))
        {
            await session.AddCapabilitiesAsync(module.Oid, module.Summary, cancellationToken);
        }

        _session = session;
        _status = new AgentXStatus(Where, true, _time.GetUtcNow(), string.Empty, registrations);
        LogConnected(_address, registrations.Count(r => r.IsRegistered), registrations.Count);

        bool IsServed(MibModule module) => module.Nodes.Any(n => _subtrees.Where((s, i) => registrations[i].IsRegistered).Any(s => n.Oid.StartsWith(s)));
    }

    private AgentXStatus Disconnected(string reason) => new(Where, false, _time.GetUtcNow(), reason, []);

    [LoggerMessage(8030, LogLevel.Information, "SNMP: session with the AgentX master at {Address}; {Registered} of {Count} subtrees are registered")]
    private partial void LogConnected(AgentXAddress address, int registered, int count);

    [LoggerMessage(8031, LogLevel.Warning, "SNMP: no session with the AgentX master at {Address}: {Reason}. It is tried again")]
    private partial void LogDisconnected(AgentXAddress address, string reason);

    [LoggerMessage(8032, LogLevel.Warning, "SNMP: the AgentX master at {Address} does not let this host serve {Subtree}: {Error}")]
    private partial void LogRefused(AgentXAddress address, Oid subtree, AgentXError error);
}
