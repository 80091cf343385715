namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>
/// The faults in force: those of faults.json and, beside them, those that a program sets. A rule that stays the same over a change keeps
/// its count; whoever hangs on a rule that goes away is answered.
/// </summary>
public sealed class FaultRules
{
    private readonly Lock _lock = new();
    private ActiveFault[] _fromFile = [];
    private ActiveFault[] _set = [];
    private volatile ActiveFault[] _all = [];

    /// <summary>The rules in force.</summary>
    public IReadOnlyList<FaultRule> Rules => [.. _all.Select(f => f.Rule)];

    internal IReadOnlyList<ActiveFault> Active => _all;

    /// <summary>Replaces the rules that a program set; those of faults.json stay.</summary>
    public void Set(params IReadOnlyList<FaultRule> rules)
    {
        lock (_lock)
        {
            _set = Replace(_set, rules);
            _all = [.. _fromFile, .. _set];
        }
    }

    /// <summary>Takes back every rule that a program set.</summary>
    public void Clear() => Set();

    internal void SetFromFile(IReadOnlyList<FaultRule> rules)
    {
        lock (_lock)
        {
            _fromFile = Replace(_fromFile, rules);
            _all = [.. _fromFile, .. _set];
        }
    }

    private static ActiveFault[] Replace(ActiveFault[] old, IReadOnlyList<FaultRule> rules)
    {
        var left = old.ToList();
        var active = new List<ActiveFault>();
        foreach (FaultRule rule in rules)
        {
            ActiveFault fault = left.Find(f => f.Rule == rule) ?? new ActiveFault(rule);
            left.Remove(fault);
            active.Add(fault);
        }

        left.ForEach(f => f.Remove());
        return [.. active];
    }
}
