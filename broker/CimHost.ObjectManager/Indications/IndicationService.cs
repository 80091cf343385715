using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// The indication service (DSP1054): takes indications, finds the subscriptions whose filters let them through, and delivers them to the
/// listeners. Filters, destinations, subscriptions and what is not delivered yet are in a database file and survive any end of the process.
/// </summary>
public sealed partial class IndicationService : IAsyncDisposable
{
    private static readonly TimeSpan s_housekeeping = TimeSpan.FromSeconds(1);

    private readonly CimObjectManager _manager;
    private readonly LifecycleWatcher _lifecycle;
    private readonly ProvidedIndications _provided;
    private readonly IndicationJoiner _joiner;
    private readonly IndicationState _state;
    private readonly IndicationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly X509Certificate2Collection _trusted;
    private readonly Dictionary<long, DeliveryWorker> _workers = [];
    private readonly Lock _workersLock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private long _dropped;

    private IndicationService(CimObjectManager manager, IndicationState state, IndicationOptions options, TimeProvider time, X509Certificate2Collection trusted, ILogger logger)
    {
        _manager = manager;
        _state = state;
        _options = options;
        _time = time;
        _trusted = trusted;
        _logger = logger;
        state.Dropped = OnDropped;
        _lifecycle = new LifecycleWatcher(manager, this, state, options, time, logger);
        _provided = new ProvidedIndications(manager, this, state, time, logger);
        _joiner = new IndicationJoiner(manager, state, options, logger);
        Providers =
        [
            Provider(new SubscriptionProvider(this, state), SubscriptionProvider.ClassNames, [CimSchema.Interop, SubscriptionRules.AlertNamespace]),
            Provider(new IndicationServiceProvider(this, state, manager.Repository.Schema), IndicationServiceProvider.ClassNames, [CimSchema.Interop]),
        ];
    }

    /// <summary>Opens the database and begins to deliver what is in its queues.</summary>
    /// <param name="manager">The object manager; <see cref="Providers"/> are to be put into its service.</param>
    /// <param name="databasePath">The database file; it is made when it is not there.</param>
    /// <param name="options">Configuration.</param>
    /// <param name="systemName">Name of this computer.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    /// <exception cref="InvalidDataException">The file is not this host's or is damaged, or the file of trusted certificates cannot be read.</exception>
    public static async Task<IndicationService> OpenAsync(
        CimObjectManager manager, string databasePath, IndicationOptions options, string systemName, TimeProvider time, ILogger<IndicationService> logger)
    {
        X509Certificate2Collection trusted = Trusted(options.TrustedCertificates);
        IndicationState state = await IndicationState.OpenAsync(databasePath, manager.Repository.Schema, options, systemName, time);
        var service = new IndicationService(manager, state, options, time, trusted, logger);
        service.Begin();
        return service;
    }

    /// <summary>The providers of filters, destinations, subscriptions and of the service itself.</summary>
    public IReadOnlyList<ProviderRegistration> Providers { get; }

    internal IndicationState State => _state;

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The last number of a source whose indication was stored (or that nobody had subscribed to); 0 when none was.</summary>
    public long LastSequence(string source) => _state.LastSequence(source);

    /// <summary>
    /// Takes an indication: when this returns it is in the queue of every destination whose subscriptions let it through, on disk. What it
    /// lacks is filled in (IndicationIdentifier, IndicationTime). Waits when more than the disk can take are on their way.
    /// </summary>
    /// <param name="indication">An instance of an indication class; it is not changed.</param>
    /// <param name="sourceNamespace">Namespace in which it arose.</param>
    /// <param name="origin">Its place in the log of its source; null when the source has none. What was taken before is not taken again.</param>
    /// <param name="cancellationToken">Ends the wait; whether the indication was taken is then not known.</param>
    /// <returns>How many deliveries it makes.</returns>
    /// <exception cref="CimException">CIM_ERR_FAILED: the disk is full or failing, or the host is stopping.</exception>
    public ValueTask<int> PublishAsync(CimInstance indication, string sourceNamespace, IndicationOrigin? origin, CancellationToken cancellationToken) =>
        PublishAsync([indication], sourceNamespace, origin, cancellationToken);

    /// <summary>Takes indications that belong together, all or none of them.</summary>
    /// <inheritdoc cref="PublishAsync(CimInstance, string, IndicationOrigin?, CancellationToken)"/>
    public async ValueTask<int> PublishAsync(IReadOnlyList<CimInstance> indications, string sourceNamespace, IndicationOrigin? origin, CancellationToken cancellationToken)
    {
        if (origin is null && _state.Model.Subscriptions.IsEmpty)
        {
            return 0;
        }

        List<CimInstance> complete = [.. indications.Select(Complete)];
        string ns = CimSchema.NormalizeNamespace(sourceNamespace);
        JoinedIndications joined = await _joiner.JoinAsync(complete, ns, Now, cancellationToken);
        List<DestinationEntry> deliveries = await _state.EnqueueAsync(complete, ns, origin, joined, cancellationToken);
        foreach (DestinationEntry destination in deliveries.Distinct())
        {
            Wake(destination);
        }

        return deliveries.Count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _manager.Changed = null;
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        await _lifecycle.DisposeAsync();
        await _provided.DisposeAsync();
        List<DeliveryWorker> workers;
        lock (_workersLock)
        {
            workers = [.. _workers.Values];
            _workers.Clear();
        }

        await Task.WhenAll(workers.Select(w => w.DisposeAsync().AsTask()));
        await _state.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>A destination was made: its deliveries begin.</summary>
    internal void Add(DestinationEntry destination)
    {
        lock (_workersLock)
        {
            if (!_stop.IsCancellationRequested)
            {
                _workers[destination.Id] = new DeliveryWorker(destination, _state, new ExportClient(_options, _trusted), _options, _time, _logger);
            }
        }
    }

    /// <summary>A destination was changed: what waits is tried at once.</summary>
    internal void Changed(DestinationEntry destination) => Worker(destination)?.Retry();

    /// <summary>A destination was deleted: its deliveries end.</summary>
    internal async ValueTask RemoveAsync(DestinationEntry destination)
    {
        DeliveryWorker? worker;
        lock (_workersLock)
        {
            _workers.Remove(destination.Id, out worker);
        }

        if (worker is not null)
        {
            await worker.DisposeAsync();
        }
    }

    /// <summary>There may be something in the queue of a destination.</summary>
    internal void Wake(DestinationEntry destination) => Worker(destination)?.Wake();

    private void Begin()
    {
        foreach (DestinationEntry destination in _state.Model.Destinations.Values)
        {
            Add(destination);
        }

        foreach (FilterEntry filter in _state.Model.Filters.Values.Where(f => f.Failure is not null))
        {
            LogFilter(filter.Name, filter.Failure!);
        }

        _manager.Changed = ChangedAsync;
        _tasks.Add(Task.Run(KeepHouseAsync));
        LogBegin(_state.Model.Subscriptions.Count, _state.Model.Destinations.Values.Sum(d => d.Status.Queued));
    }

    private DeliveryWorker? Worker(DestinationEntry destination)
    {
        lock (_workersLock)
        {
            return _workers.GetValueOrDefault(destination.Id);
        }
    }

    private CimInstance Complete(CimInstance indication)
    {
        CimInstance complete = indication.Clone();
        if (complete.TryGetValue("IndicationIdentifier", out CimValue identifier) && identifier.IsNull)
        {
            complete["IndicationIdentifier"] = $"urn:uuid:{Guid.CreateVersion7():D}";
        }

        if (complete.TryGetValue("IndicationTime", out CimValue time) && time.IsNull)
        {
            complete["IndicationTime"] = new CimDateTime(_time.GetUtcNow());
        }

        return complete.Freeze();
    }

    private async Task KeepHouseAsync()
    {
        using var timer = new PeriodicTimer(s_housekeeping, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    foreach (DestinationEntry told in await _state.DeleteEndedAsync(_stop.Token))
                    {
                        Wake(told);
                    }

                    await _lifecycle.RefreshAsync();
                    _provided.Refresh();
                }
                catch (CimException e)
                {
                    LogHouse(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service is being stopped.
        }
    }

    // The instance is changed by now; that a listener does not hear of it must not look to the client as if it were not.
    private async ValueTask ChangedAsync(Operations.InstanceChange change)
    {
        try
        {
            await _lifecycle.ChangedAsync(change, _stop.Token);
        }
        catch (Exception e) when (e is CimException or OperationCanceledException)
        {
            LogLifecycle(e.Message);
        }
    }

    // A full queue drops one for each new one; the log says it at the first and then rarely, CIM has the count.
    private void OnDropped(DestinationEntry destination, long count, string reason)
    {
        long before = Interlocked.Add(ref _dropped, count) - count;
        if (before == 0 || before / 1000 != (before + count) / 1000)
        {
            LogDropped(destination.Name, destination.Status.Dropped, reason);
        }
    }

    private static ProviderRegistration Provider(Sdk.Providers.ICimProvider provider, IReadOnlyList<string> classNames, string[] namespaces) =>
        new("CimHost", provider, new ProviderMetadata { ClassNames = [.. classNames], Namespaces = namespaces });

    private static X509Certificate2Collection Trusted(string path)
    {
        var certificates = new X509Certificate2Collection();
        if (path.Length == 0)
        {
            return certificates;
        }

        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidDataException($"Indications:TrustedCertificates = '{path}': {e.Message}", e);
        }

        return certificates.Count > 0 ? certificates : throw new InvalidDataException($"Indications:TrustedCertificates = '{path}': there is no certificate in PEM in it.");
    }

    [LoggerMessage(2201, LogLevel.Information, "Indications are delivered: {Subscriptions} subscriptions, {Queued} indications wait")]
    private partial void LogBegin(int subscriptions, int queued);

    [LoggerMessage(2205, LogLevel.Warning, "Indications for {Destination} were given up, {Count} so far: {Reason}")]
    private partial void LogDropped(string destination, long count, string reason);

    [LoggerMessage(2206, LogLevel.Warning, "The filter {Filter} lets nothing through any more: {Reason}")]
    private partial void LogFilter(string filter, string reason);

    [LoggerMessage(2210, LogLevel.Error, "A lifecycle indication is lost: {Reason}")]
    private partial void LogLifecycle(string reason);

    [LoggerMessage(2207, LogLevel.Error, "Subscriptions that are over could not be deleted: {Reason}")]
    private partial void LogHouse(string reason);
}
