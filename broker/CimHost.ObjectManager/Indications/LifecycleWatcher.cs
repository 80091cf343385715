using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Operations;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Lifecycle indications (CIM_InstCreation, CIM_InstDeletion, CIM_InstModification). Changes of static instances are told as they are made.
/// Provided instances are looked at every PollSeconds, only of the classes that the filters of live subscriptions name with
/// <c>SourceInstance ISA</c>; each class by itself, so that a hung provider delays no other's. What could not be read is not gone.
/// </summary>
internal sealed partial class LifecycleWatcher(CimObjectManager manager, IndicationService service, IndicationState state, IndicationOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const string Creation = "CIM_InstCreation";
    private const string Deletion = "CIM_InstDeletion";
    private const string Modification = "CIM_InstModification";

    // Beyond this a class is not watched: two generations of it would have to be kept.
    private const int MaxInstances = 50_000;

    private readonly Dictionary<string, Watch> _watches = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Begins and ends watches as the subscriptions of the moment ask.</summary>
    public async Task RefreshAsync()
    {
        Dictionary<string, (string Namespace, string ClassName)> wanted = new(StringComparer.OrdinalIgnoreCase);
        foreach (FilterQuery query in LiveQueries())
        {
            foreach (string className in WantedClasses.Of(query) ?? [])
            {
                wanted[query.Namespace + ":" + className] = (query.Namespace, className);
            }
        }

        foreach ((string key, Watch watch) in _watches.Where(w => !wanted.ContainsKey(w.Key)).ToArray())
        {
            _watches.Remove(key);
            await watch.EndAsync();
        }

        foreach ((string key, (string ns, string className)) in wanted)
        {
            if (!_watches.ContainsKey(key))
            {
                var watch = new Watch();
                _watches[key] = watch;
                watch.Work = Task.Run(() => WatchAsync(ns, className, watch));
            }
        }
    }

    /// <summary>A static instance was changed.</summary>
    public async ValueTask ChangedAsync(InstanceChange change, CancellationToken cancellationToken)
    {
        if (LiveQueries().Any(q => string.Equals(q.Namespace, change.Namespace, StringComparison.OrdinalIgnoreCase))
            && Tell(change.Namespace, change.Previous, change.Current) is { } indication)
        {
            await service.PublishAsync(indication, change.Namespace, null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Watch watch in _watches.Values)
        {
            await watch.EndAsync();
        }

        _watches.Clear();
    }

    private IEnumerable<FilterQuery> LiveQueries()
    {
        IndicationModel model = state.Model;
        DateTimeOffset now = service.Now;
        return model.Subscriptions.Values.Where(s => s.IsLive(now))
            .SelectMany(model.FiltersOf)
            .SelectMany(f => f.Queries)
            .Where(q => manager.Repository.Schema.IsSubclassOf(q.Namespace, q.ClassName, "CIM_InstIndication") || string.Equals(q.ClassName, "CIM_Indication", StringComparison.OrdinalIgnoreCase));
    }

    private async Task WatchAsync(string ns, string className, Watch watch)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Clamp(options.PollSeconds, 0.1, 86_400)), time);
        try
        {
            do
            {
                await LookAsync(ns, className, watch);
            }
            while (await timer.WaitForNextTickAsync(watch.Stop.Token));
        }
        catch (OperationCanceledException) when (watch.Stop.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
    }

    private async Task LookAsync(string ns, string className, Watch watch)
    {
        var seen = new Dictionary<string, CimInstance>(StringComparer.Ordinal);
        bool isWhole = true;
        try
        {
            await foreach (CimInstance instance in manager.For(CimCaller.Host).EnumerateInstancesAsync(ns, className, CimInstanceOptions.Full, watch.Stop.Token))
            {
                if (instance.Path is { } path && manager.IsProvided(ns, instance.ClassName) && seen.Count < MaxInstances)
                {
                    seen[path.ToString()] = instance;
                }
            }

            if (seen.Count >= MaxInstances)
            {
                LogTooMany(className, MaxInstances);
                return;
            }
        }
        catch (CimException e)
        {
            // What is missing may be there all the same.
            isWhole = false;
            if (watch.LastFailure != e.Message)
            {
                watch.LastFailure = e.Message;
                LogPart(className, e.Message);
            }
        }

        List<CimInstance> told = watch.IsReady ? [.. Differences(ns, watch.Known, seen, isWhole)] : [];
        if (told.Count > 0)
        {
            try
            {
                await service.PublishAsync(told, ns, null, watch.Stop.Token);
            }
            catch (CimException e)
            {
                // The next look finds the same differences again.
                LogPart(className, e.Message);
                return;
            }
        }

        if (isWhole)
        {
            watch.Known = seen;
            watch.IsReady = true;
            watch.LastFailure = string.Empty;
        }
        else
        {
            foreach ((string path, CimInstance instance) in seen)
            {
                watch.Known[path] = instance;
            }
        }
    }

    private IEnumerable<CimInstance> Differences(string ns, Dictionary<string, CimInstance> known, Dictionary<string, CimInstance> seen, bool isWhole)
    {
        foreach ((string path, CimInstance instance) in seen)
        {
            if (Tell(ns, known.GetValueOrDefault(path), instance) is { } indication)
            {
                yield return indication;
            }
        }

        foreach ((string path, CimInstance instance) in known)
        {
            if (isWhole && !seen.ContainsKey(path) && Tell(ns, instance, null) is { } indication)
            {
                yield return indication;
            }
        }
    }

    // Null when nothing changed, or the class of the indication is not there.
    private CimInstance? Tell(string ns, CimInstance? previous, CimInstance? current)
    {
        CimInstance source = current ?? previous!;
        string[] changed = previous is null || current is null ? [] : [.. Changed(previous, current)];
        string className = previous is null ? Creation : current is null ? Deletion : Modification;
        if ((className == Modification && changed.Length == 0) || manager.Repository.Schema.FindClass(ns, className) is not { } cimClass)
        {
            return null;
        }

        var indication = new CimInstance(cimClass, ns);
        indication["SourceInstance"] = source;
        indication["SourceInstanceModelPath"] = source.Path?.ToString();
        indication["SourceInstanceHost"] = state.SystemName;
        indication["PerceivedSeverity"] = (ushort)2;
        if (className == Modification)
        {
            indication["PreviousInstance"] = previous;
            indication["ChangedPropertyNames"] = changed;
        }

        return indication;
    }

    private static IEnumerable<string> Changed(CimInstance previous, CimInstance current)
    {
        for (int i = 0; i < current.Count; i++)
        {
            string name = current.CimClass.CimClassProperties[i].Name;
            if (!previous.TryGetValue(name, out CimValue before) || !before.Equals(current[i]))
            {
                yield return name;
            }
        }
    }

    [LoggerMessage(2208, LogLevel.Warning, "Not all instances of {ClassName} could be looked at for lifecycle indications: {Reason}")]
    private partial void LogPart(string className, string reason);

    [LoggerMessage(2209, LogLevel.Warning, "Class {ClassName} has more than {Most} instances and is not watched for lifecycle indications")]
    private partial void LogTooMany(string className, int most);

    private sealed class Watch
    {
        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        public Dictionary<string, CimInstance> Known { get; set; } = new(StringComparer.Ordinal);

        /// <summary>True after the first whole look: what appears later is new.</summary>
        public bool IsReady { get; set; }

        public string LastFailure { get; set; } = string.Empty;

        public async ValueTask EndAsync()
        {
            await Stop.CancelAsync();
            await Work;
            Stop.Dispose();
        }
    }
}
