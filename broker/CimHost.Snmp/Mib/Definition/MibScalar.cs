using CimHost.Snmp.Mib.Model;
using CimHost.Snmp.Mib.Tree;

namespace CimHost.Snmp.Mib.Definition;

/// <summary>A scalar with its value: one instance, .0.</summary>
internal sealed record MibScalar : MibObject, IMibNode
{
    private readonly Func<MachineView, SnmpValue?> _value;
    private readonly Func<SnmpValue>? _live;

    /// <summary>A scalar that is told when the machine was read; null leaves it out.</summary>
    public MibScalar(Oid oid, string name, MibSyntax syntax, Func<MachineView, SnmpValue?> value, string description = "", string units = "", MibAccess access = MibAccess.ReadOnly)
        : base(oid, name, syntax, access, description, units) => _value = value;

    /// <summary>A scalar that is told anew each time it is asked for.</summary>
    public MibScalar(Oid oid, string name, MibSyntax syntax, Func<SnmpValue> live, string description = "", string units = "", MibAccess access = MibAccess.ReadOnly)
        : base(oid, name, syntax, access, description, units)
    {
        _value = static _ => null;
        _live = live;
    }

    /// <inheritdoc/>
    public IEnumerable<MibObject> Objects => [this];

    /// <inheritdoc/>
    public void AddTo(MibTreeBuilder tree, MachineView machine)
    {
        if (_live is not null)
        {
            tree.AddLive(this, Oid.Append(0), _live);
        }
        else if (_value(machine) is { } value)
        {
            tree.Add(this, Oid.Append(0), value);
        }
    }
}
