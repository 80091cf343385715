using System.Net;
using System.Net.Sockets;
using CimHost.Alerts;
using CimHost.Configuration;
using CimHost.ObjectManager.Dispatch;
using CimHost.Snmp;
using CimHost.Snmp.Agent;
using CimHost.Snmp.AgentX;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Notifications;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>
/// The service "snmp": the agent at its address, the host as a subagent, and what is notified of. Its engine counts its boots once per start
/// of the host. A configuration that was read again takes effect without a restart.
/// </summary>
/// <param name="address">Where it listens; null: it does not.</param>
/// <param name="options">The configuration in force; its receivers of alerts by SNMP get the agent's notifications too.</param>
/// <param name="state">Where engine, row numbers and settings are kept.</param>
/// <param name="systemName">Name of this host as CIM has it.</param>
/// <param name="broker">Where the object manager is.</param>
/// <param name="alerts">Alerts for the alert table.</param>
/// <param name="loggers">Makes logs.</param>
internal sealed partial class SnmpService(IPEndPoint? address, CimHostOptions options, StateDirectory state, string systemName, Broker broker, IAlertLog alerts, ILoggerFactory loggers) : IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("CimHost.Snmp");
    private readonly Lock _lock = new();
    private SnmpEngineFacts? _engine;
    private SnmpParts? _parts;
    private volatile MibModel? _mibs;
    private bool _isStarted;

    /// <summary>True when there is something to serve or somebody to notify.</summary>
    /// <exception cref="ServiceException">The configuration is wrong.</exception>
    public bool IsOn => address is not null || Parts.Subagent is not null || Parts.Targets.Count > 0;

    /// <summary>The variables, while they are served.</summary>
    public MibModel? Mibs => _mibs;

    /// <summary>Who may ask.</summary>
    public SnmpAccess Access => Parts.Access;

    /// <summary>The way to the AgentX master, and which alerts it is given; null when the host is no subagent.</summary>
    public (AgentXSubagent Subagent, string Filter)? Master => Parts is { Subagent: { } subagent, Options.AgentX.Filter: var filter } ? (subagent, filter) : null;

    /// <summary>How the host and its AgentX master stand; null when it has none.</summary>
    public AgentXStatus? AgentX => Parts.Subagent?.Status;

    /// <summary>How it stands with the targets.</summary>
    public IReadOnlyList<TargetState> Targets => Parts.Originator.States;

    private SnmpParts Parts
    {
        get
        {
            lock (_lock)
            {
                try
                {
                    return _parts ??= Make(options);
                }
                catch (FormatException e)
                {
                    throw new ServiceException(e.Message);
                }
            }
        }
    }

    /// <summary>Sends a notification to everybody who gets some and tells what came back.</summary>
    public Task<IReadOnlyList<TargetResult>> TestAsync(CancellationToken cancellationToken) => Parts.Originator.TestAsync(Parts.Subagent, cancellationToken);

    /// <summary>Runs until it is asked to end.</summary>
    /// <exception cref="ServiceException">The configuration is wrong or the address cannot be had: trying again is of no use.</exception>
    public async Task RunAsync(ServiceContext context)
    {
        while (!context.Stop.IsCancellationRequested)
        {
            SnmpParts parts = Parts;
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, parts.Replaced.Token);
            MibModel? mibs = address is null && parts.Subagent is null ? null : Model(parts);
            try
            {
                using SnmpServer? server = address is null ? null : Listen(address, parts, mibs!);
                _mibs = mibs;
                context.Serving();
                if (!_isStarted)
                {
                    _isStarted = true;
                    parts.Originator.Send(Notification.ColdStart);
                }

                await RunAsync(parts, server, mibs, ends);
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
            }
            finally
            {
                _mibs = null;
                if (mibs is not null)
                {
                    await mibs.DisposeAsync();
                }
            }
        }
    }

    /// <summary>The receiver of a name.</summary>
    /// <exception cref="FormatException">There is none: the configuration that was read again was wrong.</exception>
    /// <exception cref="ServiceException">The configuration is wrong.</exception>
    public IAlertReceiver Receiver(string name) => Parts.Targets.FirstOrDefault(t => t.Name == name) ?? throw new FormatException("SNMP has it not: its configuration was refused");

    /// <summary>Takes the configuration that was read again over, and tells the targets. One that is wrong is told in the log and changes nothing.</summary>
    public void Reload()
    {
        SnmpParts before, now;
        lock (_lock)
        {
            if (_parts is null)
            {
                return;
            }

            try
            {
                (before, now) = (_parts, Make(options));
            }
            catch (FormatException e)
            {
                LogNotReloaded(e.Message);
                return;
            }

            _parts = now;
        }

        now.Originator.Send(Notification.WarmStart);

        // What still uses the ones before ends by itself; their keys go with the garbage.
        before.Replaced.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parts?.Access.Dispose();
        _parts?.Replaced.Dispose();
    }

    private static async Task RunAsync(SnmpParts parts, SnmpServer? server, MibModel? mibs, CancellationTokenSource ends)
    {
        List<Task> tasks = [parts.Originator.RunAsync(ends.Token)];
        if (server is not null)
        {
            tasks.Add(server.RunAsync(ends.Token));
        }

        if (parts.Subagent is { } subagent)
        {
            tasks.Add(subagent.RunAsync(mibs!, ends.Token));
        }

        Task first = await Task.WhenAny(tasks);
        await ends.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private SnmpParts Make(CimHostOptions options)
    {
        SnmpOptions from = options.Snmp;
        _engine ??= SnmpEngineFacts.Open(state.File("snmp-engine"), CimHostOids.DefaultEnterprise, TimeProvider.System);
        SnmpEngineFacts engine = _engine;
        var alertNotifications = new AlertNotifications(CimHostOids.Default, from.Esxi);
        SnmpAccess access = SnmpAccess.Create(from, engine.EngineId);
        NotificationTarget[] targets =
        [
            .. options.Alerts.Receivers.Index().Where(r => r.Item.Kind == ReceiverKind.Snmp)
                .Select(r => Of($"Alerts:Receivers:{r.Index}", () => NotificationTarget.Create(r.Item, access, engine, alertNotifications))),
        ];
        AgentXSubagent? subagent = from.AgentX.Address.Length == 0 ? null : Of("Snmp:AgentX", () => AgentXSubagent.Create(from.AgentX, engine, alertNotifications, from.Esxi.Enabled, TimeProvider.System, _logger));
        var originator = new NotificationOriginator(targets, engine, TimeProvider.System, _logger);
        access.AuthenticationFailed = originator.AuthenticationFailed;
        return new SnmpParts(from, engine, access, targets, originator, subagent, new CancellationTokenSource());
    }

    private static T Of<T>(string key, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (FormatException e)
        {
            throw new FormatException($"{key}: {e.Message}", e);
        }
    }

    private MibModel Model(SnmpParts parts) => new(
        new MibOptions
        {
            SystemName = systemName, StorePath = state.File("snmp-mib.db"), Version = HostVersion.Text, Contact = parts.Options.Contact, Location = parts.Options.Location,
            Access = parts.Access, Targets = parts.Targets, Esxi = parts.Options.Esxi, Interval = TimeSpan.FromSeconds(Math.Clamp(parts.Options.IntervalSeconds, 1, 3600)),
        },
        () => broker.Current?.Manager.For(CimCaller.Host), parts.Engine, alerts, TimeProvider.System, loggers.CreateLogger<MibModel>());

    private SnmpServer Listen(IPEndPoint at, SnmpParts parts, MibModel mibs)
    {
        try
        {
            var server = new SnmpServer(at, parts.Access, mibs, parts.Engine, _logger);
            if (parts.Options.Communities.Count == 0 && parts.Options.Users.Count == 0)
            {
                LogSilent();
            }

            LogListening(at);
            return server;
        }
        catch (SocketException e)
        {
            throw new ServiceException($"Endpoints:Snmp = {at}: {e.Message}");
        }
    }

    [LoggerMessage(8010, LogLevel.Information, "SNMP (v1, v2c, v3) listens on {Address} (UDP and TCP)")]
    private partial void LogListening(IPEndPoint address);

    [LoggerMessage(8011, LogLevel.Information, "SNMP: nobody gets an answer until a user (Snmp:Users) or a community (Snmp:Communities) is configured")]
    private partial void LogSilent();

    [LoggerMessage(8012, LogLevel.Error, "SNMP goes on with the configuration that it had: {Reason}")]
    private partial void LogNotReloaded(string reason);

    private sealed record SnmpParts(
        SnmpOptions Options, SnmpEngineFacts Engine, SnmpAccess Access, IReadOnlyList<NotificationTarget> Targets, NotificationOriginator Originator, AgentXSubagent? Subagent, CancellationTokenSource Replaced);
}
