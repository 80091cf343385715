using CimHost.Snmp.Mib.Definition;

namespace CimHost.Snmp.Mib.Tree;

/// <summary>Collects variables in any order; <see cref="Build"/> puts them in order.</summary>
internal sealed class MibTreeBuilder
{
    /// <summary>Most variables of a tree. What comes after is left out and counted.</summary>
    public const int MaxVariables = 1_000_000;

    private readonly List<(Oid Name, SnmpValue Value, Func<SnmpValue>? Live)> _variables = [];
    private readonly SortedDictionary<Oid, bool> _objects = [];

    /// <summary>Variables that were left out: named twice, of a wrong type, or too many. Each is a fault of a MIB here.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>Makes an object known, also when it has no instance: asking for one gives noSuchInstance and not noSuchObject.</summary>
    public void Declare(MibObject mibObject)
    {
        if (mibObject.Access is MibAccess.ReadOnly or MibAccess.ReadWrite)
        {
            _objects[mibObject.Oid] = mibObject.Syntax.Name == MibSyntax.TimeStamp.Name;
        }
    }

    /// <summary>Adds a variable.</summary>
    public void Add(MibObject mibObject, Oid name, SnmpValue value)
    {
        if (value.Type != mibObject.Syntax.Type)
        {
            Refuse($"{mibObject.Name} ({name}) is of type {mibObject.Syntax.Type}, not {value.Type}");
        }
        else if (_variables.Count >= MaxVariables)
        {
            Refuse($"{mibObject.Name} ({name}) is over the limit of {MaxVariables} variables");
        }
        else
        {
            _variables.Add((name, value, null));
        }
    }

    /// <summary>Adds a variable that is told anew each time it is asked for.</summary>
    public void AddLive(MibObject mibObject, Oid name, Func<SnmpValue> value)
    {
        ArgumentNullException.ThrowIfNull(mibObject);
        _variables.Add((name, default, value));
    }

    /// <summary>The tree.</summary>
    public MibTree Build()
    {
        // OrderBy keeps the order of equal names, so that of two with one name the first is kept.
        (Oid Name, SnmpValue Value, Func<SnmpValue>? Live)[] sorted = [.. _variables.OrderBy(v => v.Name)];
        var kept = new List<(Oid Name, SnmpValue Value, Func<SnmpValue>? Live)>(sorted.Length);
        foreach ((Oid Name, SnmpValue Value, Func<SnmpValue>? Live) variable in sorted)
        {
            if (kept.Count > 0 && kept[^1].Name == variable.Name)
            {
                Refuse($"{variable.Name} was told twice");
            }
            else
            {
                kept.Add(variable);
            }
        }

        return new MibTree([.. kept.Select(v => v.Name)], [.. kept.Select(v => v.Value)], [.. kept.Select(v => v.Live)], [.. _objects.Keys], [.. _objects.Values]);
    }

    private void Refuse(string what)
    {
        // Enough to find the fault by; the log need not hold a million lines.
        if (Refused.Count < 100)
        {
            Refused.Add(what);
        }
    }
}
