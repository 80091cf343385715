using CimHost.Alerts;
using CimHost.Alerts.Engine;
using CimHost.Alerts.Observing;
using CimHost.Alerts.Receivers;
using CimHost.ObjectManager;
using CimHost.Sdk.Cim;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>
/// The service "alerts": looks at the devices, and tells the receivers what became of them. A configuration that was read again takes
/// effect without a restart.
/// </summary>
/// <param name="options">Configuration.</param>
/// <param name="engine">The alert engine.</param>
/// <param name="broker">Where the object manager is.</param>
/// <param name="systemName">Name of this host.</param>
/// <param name="snmp">Has the receivers by SNMP.</param>
/// <param name="loggers">Makes logs.</param>
internal sealed partial class AlertService(AlertOptions options, AlertEngine engine, Broker broker, string systemName, SnmpService snmp, ILoggerFactory loggers) : IDisposable
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_informs = TimeSpan.FromMinutes(5);

    private readonly ILogger _logger = loggers.CreateLogger("CimHost.Alerts");
    private volatile IReadOnlyList<AlertDelivery> _deliveries = [];
    private IReadOnlyList<ReceiverOptions>? _inForce;
    private CancellationTokenSource _reloaded = new();

    /// <summary>The ways to the receivers, while the service runs.</summary>
    public IReadOnlyList<AlertDelivery> Deliveries => _deliveries;

    /// <summary>Takes the configuration that was read again over.</summary>
    public void Reload() => Interlocked.Exchange(ref _reloaded, new CancellationTokenSource()).Cancel();

    /// <summary>Runs until it is asked to end.</summary>
    /// <exception cref="ServiceException">The configuration is wrong: trying again is of no use.</exception>
    public async Task RunAsync(ServiceContext context)
    {
        while (!context.Stop.IsCancellationRequested)
        {
            RunningBroker running = await broker.WhenRunningAsync(context.Stop);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, running.Ended, Volatile.Read(ref _reloaded).Token);
            AlertDelivery[] deliveries = DeliverToAll(running.Manager);
            _deliveries = deliveries;
            context.Serving();
            try
            {
                List<Task> tasks = [new AlertPolling(engine, options, running.Manager, _logger).RunAsync(ends.Token), Feed(running).RunAsync(ends.Token), .. deliveries.Select(d => d.RunAsync(ends.Token))];
                try
                {
                    // One that fails ends all: init starts the service again and says why.
                    await await Task.WhenAny(tasks);
                }
                finally
                {
                    await ends.CancelAsync();
                    await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
            }
            finally
            {
                _deliveries = [];
                foreach (AlertDelivery delivery in deliveries)
                {
                    delivery.Dispose();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reloaded.Dispose();

    private AlertIndicationFeed Feed(RunningBroker running) => new(engine, running.Indications, new AlertInstances(name => running.Manager.Repository.Schema.FindClass("root/cimv2", name), systemName));

    private AlertDelivery[] DeliverToAll(CimObjectManager manager)
    {
        IReadOnlyList<ReceiverOptions> wanted = options.Receivers;
        try
        {
            AlertDelivery[] deliveries = Deliver(manager, wanted);
            _inForce = wanted;
            return deliveries;
        }
        catch (FormatException e) when (_inForce is { } before && before != wanted)
        {
            LogNotReloaded(e.Message);
            return Deliver(manager, before);
        }
        catch (FormatException e)
        {
            throw new ServiceException(e.Message);
        }
    }

    private AlertDelivery[] Deliver(CimObjectManager manager, IReadOnlyList<ReceiverOptions> receivers)
    {
        CimClass? Find(string name) => manager.Repository.Schema.FindClass("root/cimv2", name);
        var factory = new ReceiverFactory(new AlertInstances(Find, systemName), Find, systemName);
        var deliveries = new List<AlertDelivery>();
        for (int i = 0; i < receivers.Count; i++)
        {
            ReceiverOptions o = receivers[i];
            try
            {
                // An inform is sent again and again until it is acknowledged: an attempt is all of that.
                (IAlertReceiver receiver, TimeSpan timeout) = o.Kind == ReceiverKind.Snmp
                    ? (snmp.Receiver(o.Name), s_informs)
                    : (factory.Create(o), o.TimeoutSeconds == 0 ? s_attempt : TimeSpan.FromSeconds(Math.Clamp(o.TimeoutSeconds, 0.1, 3600)));
                deliveries.Add(new AlertDelivery(engine, o.Name, receiver, factory.Filter(o.Filter), timeout, TimeProvider.System, _logger));
            }
            catch (FormatException e)
            {
                throw new FormatException($"Alerts:Receivers:{i}: {e.Message}", e);
            }
        }

        if (snmp.Master is { } master)
        {
            deliveries.Add(new AlertDelivery(engine, master.Subagent.Name, master.Subagent, factory.Filter(master.Filter), s_informs, TimeProvider.System, _logger));
        }

        return [.. deliveries];
    }

    [LoggerMessage(7020, LogLevel.Error, "Alerts go on to the receivers that they had: {Reason}")]
    private partial void LogNotReloaded(string reason);
}
