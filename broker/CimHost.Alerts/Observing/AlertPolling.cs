using CimHost.Alerts.Engine;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Microsoft.Extensions.Logging;

namespace CimHost.Alerts.Observing;

/// <summary>
/// Looks at all devices, sensors and hardware logs at an interval and gives what it sees to the engine. Each class is read by itself: one
/// that hangs delays no other.
/// </summary>
public sealed partial class AlertPolling
{
    private const string Namespace = "root/cimv2";
    private const string DeviceClass = "CIM_LogicalDevice";
    private const string EntryClass = "CIM_LogEntry";
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_associations = TimeSpan.FromMinutes(5);

    private readonly AlertEngine _engine;
    private readonly AlertOptions _options;
    private readonly CimObjectManager _manager;
    private readonly ICimOperations _operations;
    private readonly CimObserver _observer;
    private readonly ILogger _logger;
    private readonly Dictionary<string, Task> _running = new(StringComparer.OrdinalIgnoreCase);
    private volatile Dictionary<string, CimObjectPath> _devices = [];
    private DateTimeOffset _associationsRead;

    /// <summary>Creates it for an object manager.</summary>
    public AlertPolling(AlertEngine engine, AlertOptions options, CimObjectManager manager, ILogger logger)
    {
        _engine = engine;
        _options = options;
        _manager = manager;
        _operations = manager.For(CimCaller.Host);
        _observer = new CimObserver(options, IsSubclassOf);
        _logger = logger;
    }

    /// <summary>Polls until it is cancelled.</summary>
    /// <exception cref="IOException">The alerts cannot be stored.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = TimeSpan.FromSeconds(Math.Clamp(_options.PollSeconds, 0.1, 3600));
        DateTimeOffset next = DateTimeOffset.MinValue;
        Task? firstLook = null;
        bool isTold = false;
        using var timer = new PeriodicTimer(s_tick < interval ? s_tick : interval);
        do
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            if (now >= next)
            {
                next = now + interval;
                await PollAsync(now, cancellationToken);
                firstLook ??= Task.WhenAll(_running.Values);
            }

            _engine.Tick();
            if (!isTold && firstLook is { IsCompleted: true })
            {
                isTold = true;
                LogFirstLook(_running.Count);
            }

            foreach (Task failed in _running.Values.Where(t => t.IsFaulted))
            {
                await failed;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task PollAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - _associationsRead >= s_associations)
        {
            _associationsRead = now;
            await ReadAssociationsAsync(cancellationToken);
        }

        foreach ((string package, string className) in Classes())
        {
            if (_options.IgnoredClasses.Contains(className, StringComparer.OrdinalIgnoreCase))
            {
                _engine.Ignore(package, className);
            }
            else if (!_running.TryGetValue(className, out Task? task) || task.IsCompleted)
            {
                _running[className] = IsSubclassOf(className, EntryClass) ? ReadLogAsync(className, cancellationToken) : ReadAsync(package, className, cancellationToken);
            }
        }
    }

    private IEnumerable<(string Package, string ClassName)> Classes() => _manager.ProviderHealth
        .Select(h => h.Registration)
        .Where(r => r.Namespaces.Count == 0 || r.Namespaces.Contains(Namespace, StringComparer.OrdinalIgnoreCase))
        .SelectMany(r => r.ClassNames.Select(c => (r.PackageName, c)))
        .Where(c => IsSubclassOf(c.c, DeviceClass) || IsSubclassOf(c.c, EntryClass))
        .DistinctBy(c => c.c, StringComparer.OrdinalIgnoreCase);

    private bool IsSubclassOf(string className, string ancestor) => _manager.Repository.Schema.IsSubclassOf(Namespace, className, ancestor);

    private async Task ReadAsync(string package, string className, CancellationToken cancellationToken)
    {
        var observations = new List<Observation>();
        string? failure = null;
        try
        {
            await foreach (CimInstance instance in _operations.EnumerateInstancesAsync(Namespace, className, CimInstanceOptions.Full, cancellationToken).ConfigureAwait(false))
            {
                if (!instance.ClassName.Equals(className, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                CimObjectPath? device = _devices.GetValueOrDefault(Key(instance.Path!));
                observations.Add(_observer.Observe(instance, device));
            }
        }
        catch (CimException e)
        {
            failure = e.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        _engine.Observe(package, className, observations, failure);
    }

    private async Task ReadLogAsync(string className, CancellationToken cancellationToken)
    {
        var entries = new List<LogObservation>();
        try
        {
            await foreach (CimInstance instance in _operations.EnumerateInstancesAsync(Namespace, className, CimInstanceOptions.Full, cancellationToken).ConfigureAwait(false))
            {
                entries.Add(CimObserver.ObserveEntry(instance));
            }
        }
        catch (CimException e)
        {
            // The sensors of the same device tell that it does not answer; half a log would make entries look erased.
            LogUnread(className, e.Message);
            return;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        _engine.ObserveLog(className, entries);
    }

    // Which device a sensor belongs to. What belongs to a whole system stands for itself.
    private async Task ReadAssociationsAsync(CancellationToken cancellationToken)
    {
        var links = new List<(CimObjectPath Sensor, CimObjectPath Device)>();
        bool isWhole = true;
        foreach (string className in _manager.Repository.Schema.SubclassNames(Namespace, "CIM_AssociatedSensor", deep: true))
        {
            try
            {
                await foreach (CimInstance link in _operations.EnumerateInstancesAsync(Namespace, className, CimInstanceOptions.Full, cancellationToken))
                {
                    if (link["Antecedent"].AsReference() is { } sensor && link["Dependent"].AsReference() is { } device && IsSubclassOf(device.ClassName, DeviceClass))
                    {
                        links.Add((sensor, device));
                    }
                }
            }
            catch (CimException e)
            {
                LogUnread(className, e.Message);
                isWhole = false;
            }
        }

        // What could not be read is asked for again, and until then the last that is known counts.
        Dictionary<string, CimObjectPath> devices = Belongings(links);
        if (!isWhole)
        {
            _associationsRead = DateTimeOffset.MinValue;
            foreach ((string key, CimObjectPath device) in _devices)
            {
                devices.TryAdd(key, device);
            }
        }

        _devices = devices;
    }

    // A sensor that watches two devices (the fan of a power supply) makes the smaller one a part of the other, which has more sensors.
    internal static Dictionary<string, CimObjectPath> Belongings(IReadOnlyList<(CimObjectPath Sensor, CimObjectPath Device)> links)
    {
        Dictionary<string, int> sensors = links.GroupBy(l => Key(l.Device), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var belongings = new Dictionary<string, CimObjectPath>(StringComparer.Ordinal);
        foreach (IGrouping<string, (CimObjectPath Sensor, CimObjectPath Device)> sensor in links.GroupBy(l => Key(l.Sensor), StringComparer.Ordinal))
        {
            CimObjectPath whole = sensor.Select(l => l.Device).MaxBy(d => sensors[Key(d)])!;
            belongings[sensor.Key] = whole;
            foreach (CimObjectPath part in sensor.Select(l => l.Device).Where(d => sensors[Key(d)] < sensors[Key(whole)]))
            {
                belongings[Key(part)] = whole;
            }
        }

        return belongings;
    }

    private static string Key(CimObjectPath path) => $"{path.ClassName}.{path.KeyString}";

    [LoggerMessage(7004, LogLevel.Information, "The first look at the devices is complete: {Count} classes; what is bad from now on is told")]
    private partial void LogFirstLook(int count);

    [LoggerMessage(7003, LogLevel.Debug, "{ClassName} could not be read whole: {Reason}")]
    private partial void LogUnread(string className, string reason);
}
