using CimHost.Alerts.Store;

namespace CimHost.Alerts.Engine;

/// <summary>What is seen, and what states follow from it.</summary>
public sealed partial class AlertEngine
{
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
            bool isDoubtful = false;
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

                isDoubtful |= element.Silent > 0;
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

            if (failure is not null || silent.Count > 0)
            {
                Silence(package, scope, silent, failure, changed, now);
            }
            else if (!isDoubtful)
            {
                Answers(package, scope, AlertTexts.Well, removed, now);
            }

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
            var removed = new List<string>();
            Answers(package, scope, AlertTexts.Unwatched, removed, now);
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

    // What does not answer is one alert for each package, whether all of it is silent or some. Over a restart it is remembered like any other
    // element: that another class of the package answers says nothing of this one.
    private void Silence(string package, string scope, List<ElementState> silent, string? failure, List<ElementState> changed, DateTimeOffset now)
    {
        string key = CommunicationPrefix + package;
        string source = $"{key}/{scope}";
        if (failure is not null && _options.SilentReadings > 1 && _failures.Add(source))
        {
            // The first failure counts only when the next reading fails too.
            return;
        }

        bool isNew = !_elements.TryGetValue(source, out ElementState? element);
        element ??= _elements[source] = new ElementState { Source = source, SourceClass = scope, Scope = key };
        bool differs = element.Take(new Observation
        {
            Source = source, SourceClass = scope, Name = $"{package}, {scope}", Group = key,
            StateText = failure ?? $"{string.Join(", ", silent.Take(5).Select(e => e.Name))}{(silent.Count > 5 ? $" and {silent.Count - 5} more do" : silent.Count > 1 ? " do" : " does")} not answer: {silent[0].Last!.Reason}",
            Severity = failure is null ? PerceivedSeverity.Minor : PerceivedSeverity.Major,
        });
        if (isNew || differs)
        {
            changed.Add(element);
        }

        Update(element, now, isBaseline: false);
    }

    private void Answers(string package, string scope, string ending, List<string> removed, DateTimeOffset now)
    {
        string source = $"{CommunicationPrefix}{package}/{scope}";
        _failures.Remove(source);
        if (_elements.TryGetValue(source, out ElementState? silence))
        {
            Forget(silence, ending, removed, now);
        }
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
}
