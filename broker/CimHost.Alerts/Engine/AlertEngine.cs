using CimHost.Alerts.Store;
using Microsoft.Extensions.Logging;

namespace CimHost.Alerts.Engine;

/// <summary>
/// Makes alerts of what is observed. Each element has a state machine; all that is wrong with one device is one alert; what became of an
/// alert is told once, on disk before any receiver sees it, and not faster than configured. A restart neither repeats nor forgets.
/// </summary>
public sealed partial class AlertEngine : IAlertLog, IDisposable
{
    private const string CommunicationPrefix = "communication:";

    private readonly AlertStore _store;
    private readonly AlertOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ElementState> _elements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupState> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failures = new(StringComparer.Ordinal);
    private readonly HashSet<string> _baselines = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, Alert> _open = [];
    private readonly LinkedList<GroupState> _pending = new();
    private readonly TokenBucket _tokens;
    private long _lastAlert;
    private long _lastEvent;
    private long _suppressed;
    private DateTimeOffset _suppressedSince;
    private TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AlertEngine(AlertStore store, AlertOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
        _tokens = new TokenBucket(() => Math.Max(1, options.EventsPerMinute), time.GetUtcNow());
        Load();
    }

    /// <summary>Opens the engine over its file.</summary>
    /// <exception cref="InvalidDataException">The file is none of this host or is damaged.</exception>
    public static AlertEngine Open(string path, AlertOptions options, TimeProvider time, ILogger logger) => new(AlertStore.Open(path), options, time, logger);

    /// <inheritdoc/>
    IReadOnlyList<Alert> IAlertLog.Open => OpenAlerts;

    /// <summary>Alerts that are open now, by number.</summary>
    public IReadOnlyList<Alert> OpenAlerts
    {
        get
        {
            lock (_lock)
            {
                return [.. _open.Values];
            }
        }
    }

    /// <inheritdoc/>
    public long LastSequence => Interlocked.Read(ref _lastEvent);

    /// <inheritdoc/>
    public long FirstSequence => _store.FirstEvent;

    /// <inheritdoc/>
    public IReadOnlyList<AlertEvent> ReadAfter(long sequence, int count) => _store.EventsAfter(sequence, count);

    /// <inheritdoc/>
    public IReadOnlyList<Alert> Latest(int count) => _store.Latest(count);

    /// <summary>Which series the sequence numbers belong to: when the file of the alerts is lost, another one begins.</summary>
    public string Origin => _store.Origin;

    /// <summary>An alert by its number; null when there is none, or none any more.</summary>
    public Alert? Find(long id) => _store.Find(id);

    /// <summary>What became of an alert, oldest first.</summary>
    public IReadOnlyList<AlertEvent> EventsOf(long id) => _store.EventsOf(id);

    /// <inheritdoc/>
    public Task WaitAfterAsync(long sequence, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _lastEvent > sequence ? Task.CompletedTask : _told.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Where a receiver goes on: after which event, and how many it lost before. A new one begins with what happens next.</summary>
    internal (long Sequence, long Dropped) ReceiverPosition(string name)
    {
        if (_store.Receiver(name) is { } known)
        {
            return known;
        }

        long last = LastSequence;
        _store.Write(c => c.PutReceiver(name, last, 0));
        return (last, 0);
    }

    /// <summary>A receiver has everything up to an event.</summary>
    internal void SetReceiverPosition(string name, long sequence, long dropped) => _store.Write(c => c.PutReceiver(name, sequence, dropped));

    /// <summary>What time alone does: repeats, the end of flapping, what waits because of a storm. To be called every second or so.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            foreach (GroupState group in _groups.Values)
            {
                if (group.IsFlapping && now - group.ChangedAt >= TimeSpan.FromSeconds(_options.FlapSeconds))
                {
                    group.IsFlapping = false;
                    group.Changes.Clear();
                    Pend(group, now);
                }

                if (group.Open is { AcknowledgedAt: null } && RepeatAfter(group) is { } wait && now - group.ToldAt >= wait)
                {
                    Pend(group, now);
                }

                if (group is { Open: null, LogDevice.Length: > 0, Bad.Count: > 0 })
                {
                    Pend(group, now);
                }

                if (group.Open is { Kind: AlertKind.Log } && now - group.Open.RaisedAt >= TimeSpan.FromHours(_options.LogAlertHours))
                {
                    group.Bad.Clear();
                    Pend(group, now);
                }
            }

            Tell(now, _ => { }, false);
        }
    }

    /// <summary>Someone has taken note of an alert: it is not repeated.</summary>
    /// <returns>The alert as it is now; null when there is none of that number.</returns>
    public Alert? Acknowledge(long id, string user)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(id, out Alert? alert))
            {
                return _store.Find(id);
            }

            Alert acknowledged = alert with { AcknowledgedBy = user, AcknowledgedAt = _time.GetUtcNow() };

            // What nothing else ends: an entry of a log, and a device that was taken away for good.
            GroupState group = Group(alert.Key);
            bool ends = alert.Kind == AlertKind.Log || group.Bad.Values.All(e => e.IsGone);
            if (ends)
            {
                acknowledged = acknowledged with { ClearedAt = _time.GetUtcNow() };
                _open.Remove(id);
                ElementState[] forgotten = [.. group.Bad.Values];
                _groups.Remove(alert.Key);
                Store(c =>
                {
                    c.Put(acknowledged);
                    foreach (ElementState e in forgotten)
                    {
                        c.RemoveElement(e.Source);
                    }
                });
                foreach (ElementState e in forgotten)
                {
                    _elements.Remove(e.Source);
                    Of(_scopes, e.Scope).Remove(e.Source);
                }

                return acknowledged;
            }

            Store(c => c.Put(acknowledged));
            _open[id] = acknowledged;
            group.Open = acknowledged;
            return acknowledged;
        }
    }

    /// <summary>Sends an alert that is none, to try the way to the receivers.</summary>
    public AlertEvent Test(string message, PerceivedSeverity severity)
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            var alert = new Alert
            {
                Id = ++_lastAlert, Key = "test", Kind = AlertKind.Test, Severity = severity, Source = string.Empty, SourceName = "Test", Message = message,
                RaisedAt = now, ClearedAt = now,
            };
            AlertEvent told = Event(AlertEventType.Raised, now, alert, string.Empty);
            Store(c =>
            {
                c.Put(alert);
                c.Put(told);
                c.Trim(_options.Kept);
            });
            Wake();
            return told;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    // Also after a change could not be stored: then only what is on disk is true.
    private void Load()
    {
        _elements.Clear();
        _groups.Clear();
        _scopes.Clear();
        _entries.Clear();
        _failures.Clear();
        _baselines.Clear();
        _open.Clear();
        _pending.Clear();
        _lastAlert = _store.LastAlert;
        Interlocked.Exchange(ref _lastEvent, _store.LastEvent);
        _baselines.UnionWith(_store.Baselines());
        foreach ((string log, string entry) in _store.Entries())
        {
            Of(_entries, log).Add(entry);
        }

        foreach (Alert alert in _store.OpenAlerts())
        {
            _open[alert.Id] = alert;
            GroupState group = Group(alert.Key);
            group.Open = alert;
            group.ToldAt = alert.RaisedAt;
        }

        foreach (ElementRecord r in _store.Elements())
        {
            var element = new ElementState { Source = r.Source, SourceClass = r.SourceClass, Name = r.Name, Scope = r.Scope, Group = r.Group, IsDevice = r.IsDevice, Severity = r.Severity, Crossed = r.Crossed, IsBaseline = r.IsBaseline, IsGone = r.IsGone };
            _elements[r.Source] = element;
            Of(_scopes, r.Scope).Add(r.Source);
            if (element.IsBad)
            {
                GroupState group = Group(r.Group);
                group.Bad[r.Source] = element;
                if (group.Open is not null)
                {
                    group.Told.Add(r.Source);
                }
            }
        }
    }

    private void Store(Action<AlertStore.Change> change)
    {
        try
        {
            _store.Write(change);
        }
        catch (IOException)
        {
            Load();
            throw;
        }
    }

    private static HashSet<string> Of(Dictionary<string, HashSet<string>> sets, string key)
    {
        if (!sets.TryGetValue(key, out HashSet<string>? set))
        {
            sets[key] = set = new(StringComparer.Ordinal);
        }

        return set;
    }

    private GroupState Group(string key, string logDevice = "")
    {
        if (!_groups.TryGetValue(key, out GroupState? group))
        {
            _groups[key] = group = new GroupState(key) { LogDevice = logDevice };
        }

        return group;
    }

    private TimeSpan Gathering => TimeSpan.FromSeconds(Math.Min(0.5, _options.PollSeconds / 2));

    private TimeSpan Settling => TimeSpan.FromSeconds(_options.PollSeconds * 1.5);

    private TimeSpan? RepeatAfter(GroupState group) => _options.Pacing switch
    {
        AlertPacing.Daily => TimeSpan.FromDays(1),
        AlertPacing.Diminishing => TimeSpan.FromDays(Math.Pow(2, Math.Min(group.Repeats, 10))),
        _ => null,
    };
}
