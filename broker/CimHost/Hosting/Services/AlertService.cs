using CimHost.Alerts;
using CimHost.Alerts.Engine;
using CimHost.Alerts.Observing;
using CimHost.Alerts.Receivers;
using CimHost.ObjectManager;
using CimHost.Sdk.Cim;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>The service "alerts": looks at the devices, and tells the receivers what became of them.</summary>
/// <param name="options">Configuration.</param>
/// <param name="engine">The alert engine.</param>
/// <param name="broker">Where the object manager is.</param>
/// <param name="systemName">Name of this host.</param>
/// <param name="further">Receivers of other services.</param>
/// <param name="loggers">Makes logs.</param>
internal sealed class AlertService(AlertOptions options, AlertEngine engine, Broker broker, string systemName, Func<FurtherReceivers> further, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("CimHost.Alerts");
    private volatile IReadOnlyList<AlertDelivery> _deliveries = [];

    /// <summary>The ways to the receivers, while the service runs.</summary>
    public IReadOnlyList<AlertDelivery> Deliveries => _deliveries;

    /// <summary>Runs until it is asked to end.</summary>
    /// <exception cref="ServiceException">The configuration is wrong: trying again is of no use.</exception>
    public async Task RunAsync(ServiceContext context)
    {
        while (!context.Stop.IsCancellationRequested)
        {
            RunningBroker running = await broker.WhenRunningAsync(context.Stop);
            FurtherReceivers others = further();
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, running.Ended, others.Changed);
            AlertDelivery[] deliveries = Deliver(running.Manager, others.Receivers);
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

    private AlertIndicationFeed Feed(RunningBroker running) => new(engine, running.Indications, new AlertInstances(name => running.Manager.Repository.Schema.FindClass("root/cimv2", name), systemName));

    private AlertDelivery[] Deliver(CimObjectManager manager, IReadOnlyList<NamedReceiver> others)
    {
        CimClass? Find(string name) => manager.Repository.Schema.FindClass("root/cimv2", name);
        var factory = new ReceiverFactory(new AlertInstances(Find, systemName), Find, systemName);
        var deliveries = new List<AlertDelivery>();
        for (int i = 0; i < options.Receivers.Count; i++)
        {
            ReceiverOptions o = options.Receivers[i];
            Add($"Alerts:Receivers:{i}", o.Name, o.Filter, TimeSpan.FromSeconds(Math.Clamp(o.TimeoutSeconds, 0.1, 3600)), () => factory.Create(o));
        }

        foreach (NamedReceiver r in others)
        {
            Add(r.Name, r.Name, r.Filter, r.Timeout, () => r.Receiver);
        }

        return [.. deliveries];

        void Add(string key, string name, string filter, TimeSpan timeout, Func<IAlertReceiver> create)
        {
            try
            {
                deliveries.Add(new AlertDelivery(engine, name, create(), factory.Filter(filter), timeout, TimeProvider.System, _logger));
            }
            catch (FormatException e)
            {
                throw new ServiceException($"{key}: {e.Message}");
            }
        }
    }
}

/// <summary>Receivers that other services bring.</summary>
/// <param name="Receivers">The receivers.</param>
/// <param name="Changed">Cancelled when they are others.</param>
internal sealed record FurtherReceivers(IReadOnlyList<NamedReceiver> Receivers, CancellationToken Changed);

/// <summary>A receiver that another service brings.</summary>
/// <param name="Name">Name under which its position is kept.</param>
/// <param name="Receiver">The receiver.</param>
/// <param name="Filter">Which alerts it wants, in CQL; empty: all.</param>
/// <param name="Timeout">How long one attempt may take.</param>
internal sealed record NamedReceiver(string Name, IAlertReceiver Receiver, string Filter, TimeSpan Timeout);
