using System.Net;
using System.Net.Sockets;
using CimHost.Alerts;
using CimHost.ObjectManager.Dispatch;
using CimHost.Snmp;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Notifications;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>The service "snmp": the agent at its address, and what it notifies of. Its engine counts its boots once per start of the host.</summary>
/// <param name="address">Where it listens; null: it only sends notifications.</param>
/// <param name="options">Configuration.</param>
/// <param name="receivers">Receivers of alerts; those by SNMP get its notifications.</param>
/// <param name="state">Where engine, row numbers and settings are kept.</param>
/// <param name="systemName">Name of this host as CIM has it.</param>
/// <param name="broker">Where the object manager is.</param>
/// <param name="alerts">Alerts for the alert table.</param>
/// <param name="loggers">Makes logs.</param>
internal sealed partial class SnmpService(IPEndPoint? address, SnmpOptions options, IReadOnlyList<ReceiverOptions> receivers, StateDirectory state, string systemName, Broker broker, IAlertLog alerts, ILoggerFactory loggers) : IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("CimHost.Snmp");
    private readonly Lazy<SnmpParts> _parts = new(() => Make(options, receivers, state, loggers.CreateLogger("CimHost.Snmp")));
    private volatile MibModel? _mibs;
    private bool _isStarted;

    /// <summary>The variables, while the agent runs.</summary>
    public MibModel? Mibs => _mibs;

    /// <summary>Who may ask.</summary>
    public SnmpAccess Access => _parts.Value.Access;

    /// <summary>Sends what is told of the agent itself.</summary>
    public NotificationOriginator Originator => _parts.Value.Originator;

    /// <summary>Runs until it is asked to end.</summary>
    /// <exception cref="ServiceException">The configuration is wrong or the address cannot be had: trying again is of no use.</exception>
    public async Task RunAsync(ServiceContext context)
    {
        SnmpParts parts = _parts.Value;
        using SnmpRun? run = address is null ? null : Listen(address, parts);
        context.Serving();
        if (!_isStarted)
        {
            _isStarted = true;
            parts.Originator.Send(Notification.ColdStart);
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        try
        {
            Task[] tasks = [parts.Originator.RunAsync(ends.Token), run?.Server.RunAsync(ends.Token) ?? Task.Delay(Timeout.Infinite, ends.Token)];
            Task first = await Task.WhenAny(tasks);
            await ends.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
        }
        finally
        {
            _mibs = null;
            if (run is not null)
            {
                await run.Mibs.DisposeAsync();
            }
        }
    }

    /// <summary>The receiver of a name.</summary>
    /// <exception cref="ServiceException">One is configured wrongly.</exception>
    public IAlertReceiver Receiver(string name) => _parts.Value.Targets.First(t => t.Name == name);

    /// <summary>Tells the targets that the configuration was read again.</summary>
    public void Reloaded()
    {
        if (_parts.IsValueCreated)
        {
            _parts.Value.Originator.Send(Notification.WarmStart);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_parts.IsValueCreated)
        {
            _parts.Value.Access.Dispose();
        }
    }

    private static SnmpParts Make(SnmpOptions options, IReadOnlyList<ReceiverOptions> receivers, StateDirectory state, ILogger logger)
    {
        try
        {
            SnmpEngineFacts engine = SnmpEngineFacts.Open(state.File("snmp-engine"), CimHostOids.DefaultEnterprise, TimeProvider.System);
            SnmpAccess access = SnmpAccess.Create(options, engine.EngineId);
            NotificationTarget[] targets = [.. receivers.Index().Where(r => r.Item.Kind == ReceiverKind.Snmp).Select(r => Target(r.Item, r.Index, access, engine))];
            var originator = new NotificationOriginator(targets, engine, TimeProvider.System, logger);
            access.AuthenticationFailed = originator.AuthenticationFailed;
            return new SnmpParts(engine, access, targets, originator);
        }
        catch (FormatException e)
        {
            throw new ServiceException(e.Message);
        }
    }

    private static NotificationTarget Target(ReceiverOptions target, int index, SnmpAccess access, SnmpEngineFacts engine)
    {
        try
        {
            return NotificationTarget.Create(target, access, engine, CimHostOids.Default);
        }
        catch (FormatException e)
        {
            throw new FormatException($"Alerts:Receivers:{index}: {e.Message}", e);
        }
    }

    private SnmpRun Listen(IPEndPoint at, SnmpParts parts)
    {
        var mibs = new MibModel(
            new MibOptions
            {
                SystemName = systemName, StorePath = state.File("snmp-mib.db"), Version = HostVersion.Text, Contact = options.Contact, Location = options.Location,
                Access = parts.Access, Targets = parts.Targets, Interval = TimeSpan.FromSeconds(Math.Clamp(options.IntervalSeconds, 1, 3600)),
            },
            () => broker.Current?.Manager.For(CimCaller.Host), parts.Engine, alerts, TimeProvider.System, loggers.CreateLogger<MibModel>());
        try
        {
            var server = new SnmpServer(at, parts.Access, mibs, parts.Engine, _logger);
            _mibs = mibs;
            if (options.Communities.Count == 0 && options.Users.Count == 0)
            {
                LogSilent();
            }

            LogListening(at);
            return new SnmpRun(mibs, server);
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

    private sealed record SnmpParts(SnmpEngineFacts Engine, SnmpAccess Access, IReadOnlyList<NotificationTarget> Targets, NotificationOriginator Originator);

    private sealed record SnmpRun(MibModel Mibs, SnmpServer Server) : IDisposable
    {
        public void Dispose() => Server.Dispose();
    }
}
