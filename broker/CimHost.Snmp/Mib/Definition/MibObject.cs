namespace CimHost.Snmp.Mib.Definition;

/// <summary>An object type of a MIB: what the agent serves and what the MIB's text says come from the same one (RFC 2578 section 7).</summary>
/// <param name="Oid">Its name, without instance.</param>
/// <param name="Name">Descriptor.</param>
/// <param name="Syntax">SYNTAX.</param>
/// <param name="Access">MAX-ACCESS.</param>
/// <param name="Description">DESCRIPTION; empty in MIBs that others published.</param>
/// <param name="Units">UNITS; empty when there are none.</param>
internal record MibObject(Oid Oid, string Name, MibSyntax Syntax, MibAccess Access, string Description = "", string Units = "");
