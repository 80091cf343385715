using CimHost.Snmp.Mib.Model;
using CimHost.Snmp.Mib.Tree;

namespace CimHost.Snmp.Mib.Definition;

/// <summary>A part of a module: a scalar or a table.</summary>
internal interface IMibNode
{
    /// <summary>Its name.</summary>
    Oid Oid { get; }

    /// <summary>Descriptor.</summary>
    string Name { get; }

    /// <summary>DESCRIPTION; empty in MIBs that others published.</summary>
    string Description { get; }

    /// <summary>The scalar, or the columns.</summary>
    IEnumerable<MibObject> Objects { get; }

    /// <summary>Adds the instances that there are.</summary>
    void AddTo(MibTreeBuilder tree, MachineView machine);
}
