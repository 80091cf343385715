using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// What a subscription does with indications that tell of the same event again (CIM_IndicationSubscription.RepeatNotificationPolicy). The
/// same event is: the same class, alerting element, event and probable cause for alerts, the same instance for lifecycle indications.
/// Counts are kept in memory; after a restart an event counts as new.
/// </summary>
internal sealed class RepeatPolicy
{
    public const ushort None = 2;
    public const ushort Suppress = 3;
    public const ushort Delay = 4;

    // More events at a time than anybody asks to pace: the oldest are forgotten, which lets one more through.
    private const int MaxEvents = 10_000;

    private static readonly string[] s_identity = ["AlertingManagedElement", "EventID", "ProbableCause", "AlertType", "ThresholdIdentifier", "SourceInstanceModelPath"];

    private readonly ushort _policy;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _gap;
    private readonly int _count;
    private readonly Dictionary<string, Event> _events = [];

    private RepeatPolicy(ushort policy, TimeSpan interval, TimeSpan gap, int count)
    {
        _policy = policy;
        _interval = interval;
        _gap = gap;
        _count = count;
    }

    /// <summary>The policy of a subscription.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_PARAMETER: a value that the policy needs is missing.</exception>
    public static RepeatPolicy Of(CimInstance subscription)
    {
        ushort policy = Number(subscription, "RepeatNotificationPolicy") is { } given ? (ushort)given : None;
        if (policy is 0 or None)
        {
            return new RepeatPolicy(None, default, default, 0);
        }

        if (policy is not (Suppress or Delay))
        {
            throw CimException.InvalidParameter($"RepeatNotificationPolicy is {policy}; supported are 0, 2 (None), 3 (Suppress) and 4 (Delay).");
        }

        ulong Required(string name) => Number(subscription, name) ?? throw CimException.InvalidParameter($"RepeatNotificationPolicy {policy} needs a value of {name}.");
        return new RepeatPolicy(
            policy,
            TimeSpan.FromSeconds(Math.Min(Required("RepeatNotificationInterval"), uint.MaxValue)),
            policy == Delay ? TimeSpan.FromSeconds(Math.Min(Required("RepeatNotificationGap"), uint.MaxValue)) : default,
            (int)Required("RepeatNotificationCount"));
    }

    /// <summary>Takes over what another policy with the same values has counted.</summary>
    public RepeatPolicy Inherit(RepeatPolicy? before) =>
        before is not null && (before._policy, before._interval, before._gap, before._count) == (_policy, _interval, _gap, _count) ? before : this;

    /// <summary>True when the indication is to be sent.</summary>
    public bool Admits(CimInstance indication, DateTimeOffset now)
    {
        if (_policy == None)
        {
            return true;
        }

        string identity = Identity(indication);
        if (!_events.TryGetValue(identity, out Event? known))
        {
            Forget(now);
            _events[identity] = known = new Event();
        }

        known.LastSeen = now;
        return _policy == Suppress ? AdmitsFirst(known, now) : AdmitsAfter(known, now);
    }

    // The first RepeatNotificationCount of an interval; a new interval starts with the next indication.
    private bool AdmitsFirst(Event known, DateTimeOffset now)
    {
        if (known.Start is not { } start || now - start >= _interval)
        {
            known.Start = now;
            known.Count = 0;
        }

        return known.Count < _count && ++known.Count > 0;
    }

    // Only when more than RepeatNotificationCount came within an interval; then silence for the gap.
    private bool AdmitsAfter(Event known, DateTimeOffset now)
    {
        if (known.SilentUntil is { } silent && now < silent)
        {
            return false;
        }

        while (known.Times.TryPeek(out DateTimeOffset oldest) && now - oldest >= _interval)
        {
            known.Times.Dequeue();
        }

        known.Times.Enqueue(now);
        if (known.Times.Count <= _count)
        {
            return false;
        }

        known.Times.Clear();
        known.SilentUntil = now + _gap;
        return true;
    }

    private void Forget(DateTimeOffset now)
    {
        if (_events.Count < MaxEvents)
        {
            return;
        }

        TimeSpan longest = _interval + _gap;
        foreach (string identity in _events.Where(e => now - e.Value.LastSeen > longest).Select(e => e.Key).ToArray())
        {
            _events.Remove(identity);
        }

        if (_events.Count >= MaxEvents)
        {
            _events.Remove(_events.MinBy(e => e.Value.LastSeen).Key);
        }
    }

    private static string Identity(CimInstance indication)
    {
        var text = new System.Text.StringBuilder(indication.ClassName);
        foreach (string name in s_identity)
        {
            text.Append('\n').Append(indication.TryGetValue(name, out CimValue value) ? value.ToString() : string.Empty);
        }

        return text.ToString();
    }

    private static ulong? Number(CimInstance subscription, string name) => subscription[name].TryGetUInt64(out ulong value) ? value : null;

    private sealed class Event
    {
        public DateTimeOffset LastSeen { get; set; }

        public DateTimeOffset? Start { get; set; }

        public int Count { get; set; }

        public Queue<DateTimeOffset> Times { get; } = new();

        public DateTimeOffset? SilentUntil { get; set; }
    }
}
