namespace CimHost.Snmp;

/// <summary>A variable binding (RFC 3416 section 3).</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Value">Its value.</param>
public readonly record struct VarBind(Oid Name, SnmpValue Value);
