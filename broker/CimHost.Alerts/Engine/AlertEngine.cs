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
    private readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);
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

    /// <summary>Takes a reading of everything that is read together.</summary>
    /// <param name="package">Package that reads it: when it cannot, that is one alert.</param>
    /// <param name="scope">Name of what is read together: a class.</param>
    /// <param name="observations">What was seen.</param>
    /// <param name="failure">Why not everything was; null when it was.</param>
    /// <exception cref="IOException">It could not be stored.</exception>
    public void Observe(string package, string scope, IReadOnlyList<Observation> observations, string? failure = null)
    {
        ArgumentNullException.ThrowIfNull(observations);
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            bool isBaseline = !_baselines.Contains(scope);
            var changed = new List<ElementState>();
            var removed = new List<string>();
            HashSet<string> known = Of(_scopes, scope);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var silent = new List<ElementState>();
            foreach (Observation observation in observations)
            {
                if (!seen.Add(observation.Source))
                {
                    continue;
                }

                bool isNew = !_elements.TryGetValue(observation.Source, out ElementState? element);
                if (observation.State == ObservedState.Ignored)
                {
                    if (element is not null)
                    {
                        Forget(element, AlertTexts.Unwatched, removed, now);
                    }

                    continue;
                }

                element ??= _elements[observation.Source] = new ElementState { Source = observation.Source, SourceClass = observation.SourceClass, Scope = scope };
                string before = element.Group;
                bool differs = element.Take(observation);
                element.SeenAt = now;
                known.Add(element.Source);
                if (before.Length > 0 && before != element.Group && _groups.TryGetValue(before, out GroupState? old))
                {
                    old.Bad.Remove(element.Source);
                    Touch(old, now);
                }

                if (differs || isNew)
                {
                    changed.Add(element);
                }

                if (element.Silent >= Math.Max(1, _options.SilentReadings))
                {
                    silent.Add(element);
                }

                Update(element, now, isBaseline && isNew);
            }

            if (failure is null)
            {
                foreach (string source in known.Where(s => !seen.Contains(s)).ToArray())
                {
                    Vanished(_elements[source], changed, removed, now);
                }
            }

            Communication(package, scope, silent, failure, now, AlertTexts.Well);
            Tell(now, change =>
            {
                foreach (ElementState e in changed)
                {
                    change.Put(new ElementRecord(e.Source, e.SourceClass, e.Name, e.Scope, e.Group, e.IsDevice, e.Severity, e.Crossed, e.IsBaseline, e.IsGone));
                }

                foreach (string source in removed)
                {
                    change.RemoveElement(source);
                }

                if (isBaseline && failure is null)
                {
                    change.PutBaseline(scope);
                    _baselines.Add(scope);
                }
            }, changed.Count + removed.Count > 0 || (isBaseline && failure is null));
        }
    }

    /// <summary>Forgets what is read together: it is not looked at any more. Its alerts end.</summary>
    /// <param name="package">Package that reads it.</param>
    /// <param name="scope">Name of what is read together: a class.</param>
    /// <exception cref="IOException">It could not be stored.</exception>
    public void Ignore(string package, string scope)
    {
        lock (_lock)
        {
            HashSet<string> known = Of(_scopes, scope);
            DateTimeOffset now = _time.GetUtcNow();
            Communication(package, scope, [], failure: null, now, AlertTexts.Unwatched);
            var removed = new List<string>();
            foreach (string source in known.ToArray())
            {
                Forget(_elements[source], AlertTexts.Unwatched, removed, now);
            }

            if (removed.Count > 0)
            {
                Tell(now, change => removed.ForEach(change.RemoveElement), hasObserved: true);
            }
        }
    }

    /// <summary>Takes all entries of a hardware log. Those that were there at the first look are told to nobody.</summary>
    public void ObserveLog(string log, IReadOnlyList<LogObservation> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            bool isBaseline = !_baselines.Contains(log);
            HashSet<string> known = Of(_entries, log);
            LogObservation[] added = [.. entries.Where(e => known.Add(e.Entry))];
            HashSet<string> there = entries.Select(e => e.Entry).ToHashSet(StringComparer.Ordinal);
            string[] gone = [.. known.Where(k => !there.Contains(k))];
            known.ExceptWith(gone);
            if (!isBaseline)
            {
                foreach (LogObservation entry in added)
                {
                    TakeEntry(entry, now);
                }
            }

            Tell(now, change =>
            {
                foreach (LogObservation entry in added)
                {
                    change.PutEntry(log, entry.Entry);
                }

                foreach (string entry in gone)
                {
                    change.RemoveEntry(log, entry);
                }

                if (isBaseline)
                {
                    change.PutBaseline(log);
                    _baselines.Add(log);
                }
            }, isBaseline || added.Length + gone.Length > 0);
        }
    }

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

    // Puts an element where it belongs now: among the bad of its group, or not.
    private void Update(ElementState element, DateTimeOffset now, bool isBaseline)
    {
        if (!element.IsBad)
        {
            if (_groups.TryGetValue(element.Group, out GroupState? well) && well.Bad.Remove(element.Source))
            {
                well.Ending = AlertTexts.Well;
                Touch(well, now);
            }

            return;
        }

        GroupState group = Group(element.Group);
        if (group.Bad.Count == 0)
        {
            group.BadSince = now;
        }

        bool joins = !group.Bad.ContainsKey(element.Source);
        group.Bad[element.Source] = element;
        element.IsBaseline |= joins && isBaseline;
        if (joins || (group.Open is { } open && group.Severity != open.Severity))
        {
            Touch(group, now);
        }
        else if (group.Open is null && !element.IsBaseline)
        {
            Pend(group, now);
        }
    }

    private void Vanished(ElementState element, List<ElementState> changed, List<string> removed, DateTimeOffset now)
    {
        if (element.IsDevice)
        {
            if (!element.IsGone)
            {
                var gone = new ElementState
                {
                    Source = element.Source, SourceClass = element.SourceClass, Scope = element.Scope, Name = element.Name, Group = element.Group, IsDevice = true,
                    Severity = PerceivedSeverity.Major, IsGone = true,
                };
                _elements[element.Source] = gone;
                if (_groups.TryGetValue(element.Group, out GroupState? group))
                {
                    group.Bad.Remove(element.Source);
                }

                Update(gone, now, isBaseline: false);
                changed.Add(gone);
            }

            return;
        }

        Forget(element, AlertTexts.Gone, removed, now);
    }

    private void Forget(ElementState element, string ending, List<string> removed, DateTimeOffset now)
    {
        Of(_scopes, element.Scope).Remove(element.Source);
        _elements.Remove(element.Source);
        removed.Add(element.Source);
        if (_groups.TryGetValue(element.Group, out GroupState? of) && of.Bad.Remove(element.Source))
        {
            of.Ending = ending;
            Touch(of, now);
        }
    }

    // What does not answer is one alert for each package, whether all of it is silent or some.
    private void Communication(string package, string scope, List<ElementState> silent, string? failure, DateTimeOffset now, string ending)
    {
        string key = CommunicationPrefix + package;
        string source = $"{key}/{scope}";
        _failures.TryGetValue(source, out string? before);
        if (failure is not null && before is null && _options.SilentReadings > 1)
        {
            // The first failure counts only when the next reading fails too.
            _failures[source] = string.Empty;
            return;
        }

        string? text = failure ?? (silent.Count == 0 ? null : $"{string.Join(", ", silent.Take(5).Select(e => e.Name))}{(silent.Count > 5 ? $" and {silent.Count - 5} more do" : silent.Count > 1 ? " do" : " does")} not answer: {silent[0].Last!.Reason}");
        if (text is null)
        {
            _failures.Remove(source);
            if (_elements.Remove(source, out ElementState? well) && _groups.TryGetValue(key, out GroupState? group) && group.Bad.Remove(source))
            {
                group.Ending = ending;
                Touch(group, now);
            }
            else if (_groups.TryGetValue(key, out GroupState? old) && old.Bad.Count == 0 && old.Open is not null)
            {
                old.Ending = ending;
                Touch(old, now);
            }

            return;
        }

        _failures[source] = text;
        if (!_elements.TryGetValue(source, out ElementState? element))
        {
            _elements[source] = element = new ElementState { Source = source, SourceClass = scope, Scope = key };
        }

        element.Take(new Observation
        {
            Source = source, SourceClass = scope, Name = $"{package}, {scope}", Group = key, StateText = text,
            Severity = failure is null ? PerceivedSeverity.Minor : PerceivedSeverity.Major,
        });
        Update(element, now, isBaseline: false);
    }

    private void TakeEntry(LogObservation entry, DateTimeOffset now)
    {
        string key = "log:" + (entry.Device.Length > 0 ? entry.Device : entry.Subject) + "/" + entry.SourceClass;
        if (!entry.IsAssertion || entry.Severity <= PerceivedSeverity.Information)
        {
            if (_groups.TryGetValue(key, out GroupState? ended) && ended.Bad.Count > 0)
            {
                ended.Bad.Clear();
                Touch(ended, now);
            }

            return;
        }

        GroupState group = Group(key, entry.Device);
        var element = new ElementState { Source = entry.Source, SourceClass = entry.SourceClass, Scope = key };
        element.Take(new Observation { Source = entry.Source, SourceClass = entry.SourceClass, Name = entry.Subject, Group = key, Severity = entry.Severity, StateText = entry.Message });
        group.BadSince = group.Bad.Count == 0 ? now : group.BadSince;
        group.Bad[entry.Source] = element;
        Touch(group, now);
    }

    private void Touch(GroupState group, DateTimeOffset now)
    {
        group.ChangedAt = now;
        if (group.Bad.Count > 0)
        {
            group.WasBadUntold = true;
        }

        Pend(group, now);
    }

    private void Pend(GroupState group, DateTimeOffset now)
    {
        if (!group.IsPending)
        {
            group.IsPending = true;
            group.PendingSince = now;
            _pending.AddLast(group);
        }
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
