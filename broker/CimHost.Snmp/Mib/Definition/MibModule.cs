namespace CimHost.Snmp.Mib.Definition;

/// <summary>A MIB module that the agent implements.</summary>
/// <param name="Name">Name, as "ENTITY-MIB".</param>
/// <param name="Oid">Its MODULE-IDENTITY, for sysORTable.</param>
/// <param name="Summary">What it is for, for sysORDescr.</param>
/// <param name="Nodes">Scalars and tables, by name.</param>
internal sealed record MibModule(string Name, Oid Oid, string Summary, IReadOnlyList<IMibNode> Nodes);
