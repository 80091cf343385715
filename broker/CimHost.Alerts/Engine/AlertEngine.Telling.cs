using CimHost.Alerts.Store;
using Microsoft.Extensions.Logging;

namespace CimHost.Alerts.Engine;

/// <summary>What is told of the states, and when.</summary>
public sealed partial class AlertEngine
{
    // Tells what waits, as far as the bucket lets it through, and stores it together with what led to it.
    private void Tell(DateTimeOffset now, Action<AlertStore.Change> observed, bool hasObserved)
    {
        var alerts = new List<Alert>();
        var events = new List<AlertEvent>();

        // Redundancy is looked at last: it may be the consequence of something that is told in the same go.
        GroupState[] waiting = [.. _pending.OrderBy(g => g.Bad.Values.Any(e => e.Last?.Redundancy.Length > 0)).ThenByDescending(g => g.Severity)];
        _pending.Clear();
        bool full = false;
        foreach (GroupState group in waiting)
        {
            if (now - group.PendingSince < Gathering)
            {
                _pending.AddLast(group);
                continue;
            }

            group.IsPending = false;
            if (!full && !TellOne(group, now, alerts, events))
            {
                full = true;
            }

            if (full)
            {
                if (group.Open is null && group.Bad.Count == 0)
                {
                    // It came and went while there was no room to say so.
                    if (group.WasBadUntold)
                    {
                        Suppress(now);
                        group.WasBadUntold = false;
                    }

                    _groups.Remove(group.Key);
                }
                else
                {
                    group.IsPending = true;
                    _pending.AddLast(group);
                }
            }
        }

        if (_suppressed > 0 && !full && now - _suppressedSince >= TimeSpan.FromMinutes(1) && _tokens.TryTake(now))
        {
            TellSuppressed(now, alerts, events);
        }

        if (!hasObserved && alerts.Count == 0)
        {
            return;
        }

        Store(change =>
        {
            observed(change);
            foreach (Alert alert in alerts)
            {
                change.Put(alert);
            }

            foreach (AlertEvent told in events)
            {
                change.Put(told);
            }

            if (events.Count > 0)
            {
                change.Trim(_options.Kept);
            }
        });
        if (events.Count > 0)
        {
            Wake();
        }
    }

    // Tells what became of a group; false when the bucket is empty and it has to wait.
    private bool TellOne(GroupState group, DateTimeOffset now, List<Alert> alerts, List<AlertEvent> events)
    {
        if (group.Bad.Count == 0)
        {
            return TellWell(group, now, alerts, events);
        }

        if (group is { Open: null, LogDevice.Length: > 0 } && SensorTells(group, now) is { } tells)
        {
            // The sensor itself tells what its log entries tell, with the reading and the end of it. It may be read after the log.
            if (tells)
            {
                group.Bad.Clear();
                _groups.Remove(group.Key);
            }

            group.WasBadUntold = false;
            return true;
        }

        ElementState main = group.Main;
        if (group.Bad.Values.All(e => e.IsBaseline) || (main.Last is null && !main.IsGone))
        {
            // Old faults are told to nobody; what a restart remembers is told when it was seen again.
            group.WasBadUntold = false;
            return true;
        }

        if (group.Open is null)
        {
            if (main.Last?.Redundancy is { Length: > 0 } kind && (CauseOf(kind) is not null || now - group.BadSince < Settling))
            {
                // Its cause may be read after it.
                group.WasBadUntold = false;
                if (CauseOf(kind) is { } cause && !cause.Open!.Consequences.Contains(main.Name))
                {
                    Keep(cause, cause.Open with { Consequences = [.. cause.Open.Consequences, main.Name] }, alerts);
                }

                return true;
            }

            if (!_tokens.TryTake(now))
            {
                return false;
            }

            Alert alert = Describe(group, main, new Alert { Id = ++_lastAlert, Key = group.Key, Kind = AlertKind.State, Severity = main.Severity, Source = main.Source, SourceName = main.Name, Message = string.Empty, RaisedAt = now });
            group.SettlesAt = now + Settling;
            group.Repeats = 0;
            Say(AlertEventType.Raised, group, alert, now, alerts, events);
            LogRaised(alert.Id, alert.Severity, alert.Message);
            return true;
        }

        Alert open = group.Open;
        bool isNews = main.Severity != open.Severity || (now >= group.SettlesAt && group.Bad.Keys.Any(k => !group.Told.Contains(k)));
        if (!isNews)
        {
            if (open.AcknowledgedAt is null && RepeatAfter(group) is { } wait && now - group.ToldAt >= wait)
            {
                if (!_tokens.TryTake(now))
                {
                    return false;
                }

                group.Repeats++;
                Say(AlertEventType.Repeated, group, Describe(group, main, open), now, alerts, events);
            }
            else
            {
                group.Told.UnionWith(group.Bad.Keys);
                Keep(group, open with { Consequences = Consequences(group, main) }, alerts);
            }

            return true;
        }

        if (group.IsFlapping)
        {
            return true;
        }

        if (!_tokens.TryTake(now))
        {
            return false;
        }

        Say(AlertEventType.Changed, group, Describe(group, main, open), now, alerts, events);
        return true;
    }

    private bool TellWell(GroupState group, DateTimeOffset now, List<Alert> alerts, List<AlertEvent> events)
    {
        if (group.Open is not { } open)
        {
            if (group.WasBadUntold)
            {
                Suppress(now);
            }

            _groups.Remove(group.Key);
            return true;
        }

        if (group.IsFlapping)
        {
            return true;
        }

        if (IsFlapping(group, now))
        {
            // It stays open until it is steady, and this is the last that is told until then.
            if (!_tokens.TryTake(now))
            {
                return false;
            }

            group.IsFlapping = true;
            Say(AlertEventType.Changed, group, open with { Condition = "Flapping", Message = $"{open.SourceName} began and ended {group.Changes.Count} times within {_options.FlapSeconds:0} s; it is told again when it is steady." }, now, alerts, events);
            return true;
        }

        if (!_tokens.TryTake(now))
        {
            return false;
        }

        Alert cleared = open with { ClearedAt = now, Message = $"{open.SourceName} {group.Ending}", RecommendedAction = string.Empty, Consequences = [] };
        group.Open = null;
        group.Told.Clear();
        _open.Remove(open.Id);
        alerts.Add(cleared);
        events.Add(Event(AlertEventType.Cleared, now, cleared, open.RaisedEvent));
        LogCleared(open.Id, open.SourceName);
        group.WasBadUntold = false;
        return true;
    }

    // True: the sensor of a log entry is bad itself; null: it is not, or there is none; false: it has not been read since, which is waited for.
    private bool? SensorTells(GroupState group, DateTimeOffset now)
    {
        string key = $"DeviceID=\"{group.LogDevice}\"";
        ElementState[] sensors = [.. _elements.Values.Where(e => e.Last is not null && e.Source.EndsWith(key, StringComparison.Ordinal))];
        return sensors.Any(e => e.IsBad) ? true
            : sensors.Any(e => e.SeenAt < group.BadSince) && now - group.BadSince < Settling ? false
            : null;
    }

    private bool IsFlapping(GroupState group, DateTimeOffset now)
    {
        group.Changes.Enqueue(now);
        while (group.Changes.Count > 0 && now - group.Changes.Peek() > TimeSpan.FromSeconds(_options.FlapSeconds))
        {
            group.Changes.Dequeue();
        }

        return _options.FlapChanges > 0 && group.Changes.Count > _options.FlapChanges;
    }

    private GroupState? CauseOf(string kind) =>
        _groups.Values.FirstOrDefault(g => g.Open is not null && g.Bad.Values.Any(e => e.Last is { Redundancy.Length: 0 } last && last.DeviceKind == kind));

    private void Say(AlertEventType type, GroupState group, Alert alert, DateTimeOffset now, List<Alert> alerts, List<AlertEvent> events)
    {
        AlertEvent told = Event(type, now, alert, alert.RaisedEvent);
        alert = type == AlertEventType.Raised ? alert with { RaisedEvent = told.Identity } : alert;
        events.Add(told with { Alert = alert });
        Keep(group, alert, alerts);
        group.ToldAt = now;
        group.Told.UnionWith(group.Bad.Keys);
        group.WasBadUntold = false;
    }

    private void Keep(GroupState group, Alert alert, List<Alert> alerts)
    {
        group.Open = alert;
        _open[alert.Id] = alert;
        alerts.RemoveAll(a => a.Id == alert.Id);
        alerts.Add(alert);
    }

    private static Alert Describe(GroupState group, ElementState main, Alert alert)
    {
        if (main.IsGone || main.Last is not { } last)
        {
            return alert with
            {
                Kind = AlertKind.State, Severity = main.Severity, Source = main.Source, SourceClass = main.SourceClass, SourceName = main.Name, Condition = "Removed",
                Message = $"{main.Name} {AlertTexts.Gone}", RecommendedAction = "Acknowledge the alert if it was taken away on purpose.",
            };
        }

        Limit? limit = main.Worst;
        bool isCommunication = group.Key.StartsWith(CommunicationPrefix, StringComparison.Ordinal);
        return alert with
        {
            Kind = isCommunication ? AlertKind.Communication
                : group.Key.StartsWith("log:", StringComparison.Ordinal) ? AlertKind.Log
                : limit is not null ? AlertKind.Threshold : AlertKind.State,
            Severity = main.Severity,
            Source = isCommunication ? string.Empty : main.Source,
            SourceClass = main.SourceClass,
            SourceName = main.Name,
            Condition = limit?.Name ?? last.StateText,
            Reading = last.Reading,
            Threshold = limit?.Value,
            Units = last.Units,
            Message = AlertTexts.Of(main),
            RecommendedAction = isCommunication ? "Check the device and the way to it; the values are the last that were read." : AlertTexts.Action(main),
            Consequences = Consequences(group, main),
        };
    }

    private static string[] Consequences(GroupState group, ElementState main) =>
        [.. group.Bad.Values.Where(e => e != main).Select(e => e.Name).Order(StringComparer.Ordinal).Take(32)];

    private void TellSuppressed(DateTimeOffset now, List<Alert> alerts, List<AlertEvent> events)
    {
        var alert = new Alert
        {
            Id = ++_lastAlert, Key = "summary", Kind = AlertKind.Summary, Severity = PerceivedSeverity.Information, Source = string.Empty, SourceName = "Alerts",
            Message = $"{_suppressed} faults that began and ended since {_suppressedSince:u} were not told one by one: there were too many, or they were flapping.",
            RaisedAt = now, ClearedAt = now,
        };
        _suppressed = 0;
        alerts.Add(alert);
        events.Add(Event(AlertEventType.Raised, now, alert, string.Empty));
    }

    private void Suppress(DateTimeOffset now)
    {
        if (_suppressed++ == 0)
        {
            _suppressedSince = now;
        }
    }

    private AlertEvent Event(AlertEventType type, DateTimeOffset now, Alert alert, string correlated) =>
        new(Interlocked.Increment(ref _lastEvent), "urn:uuid:" + Guid.CreateVersion7(now), type, now, alert, correlated);

    private void Wake()
    {
        TaskCompletionSource told = _told;
        _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        told.TrySetResult();
    }

    [LoggerMessage(7001, LogLevel.Warning, "Alert {Id} ({Severity}): {Message}")]
    private partial void LogRaised(long id, PerceivedSeverity severity, string message);

    [LoggerMessage(7002, LogLevel.Information, "Alert {Id} is over: {Name}")]
    private partial void LogCleared(long id, string name);
}
