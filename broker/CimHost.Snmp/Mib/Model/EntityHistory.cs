namespace CimHost.Snmp.Mib.Model;

/// <summary>When entities and their states changed, as far as this run of the host saw it.</summary>
internal sealed class EntityHistory
{
    private readonly EntityHistory? _before;
    private readonly DateTimeOffset _now;
    private Dictionary<int, (string State, DateTimeOffset? Since)> _states = [];

    private EntityHistory(EntityHistory? before, DateTimeOffset now) => (_before, _now) = (before, now);

    /// <summary>When the set of entities or what is said of them last changed; null when it did not since the start.</summary>
    public DateTimeOffset? LastChange { get; private set; }

    /// <summary>The history that goes on from an earlier view.</summary>
    public static EntityHistory Next(MachineView? before, DateTimeOffset now) => new(before?.History, now);

    /// <summary>When the state of an entity last changed; null when it did not since the start.</summary>
    public DateTimeOffset? StateSince(int index) => _states.TryGetValue(index, out (string State, DateTimeOffset? Since) known) ? known.Since : null;

    /// <summary>Takes the entities as they are now.</summary>
    public void Note(IReadOnlyList<EntityView> entities)
    {
        Dictionary<int, (string State, DateTimeOffset? Since)> before = _before?._states ?? [];
        _states = entities.ToDictionary(e => e.Index, e =>
        {
            string state = $"{e.HealthState} {e.EnabledState} {e.IsRead}";
            return !before.TryGetValue(e.Index, out (string State, DateTimeOffset? Since) old) ? (state, null)
                : old.State == state ? old : (state, (DateTimeOffset?)_now);
        });
        // The first entities after a start are no change of the machine.
        bool changed = before.Count > 1 && (before.Count != _states.Count || before.Keys.Any(k => !_states.ContainsKey(k)));
        LastChange = changed ? _now : _before?.LastChange;
    }
}
