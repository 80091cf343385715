namespace CimHost.Snmp.AgentX.Wire;

/// <summary>What a Get, GetNext or GetBulk asks for (RFC 2741 section 5.2): in a Get the variable <paramref name="Start"/>, else the first one after it.</summary>
/// <param name="Start">Where to begin.</param>
/// <param name="Include">Whether <paramref name="Start"/> itself is a fitting answer.</param>
/// <param name="End">First name that is none any more; empty when there is no such end.</param>
internal readonly record struct SearchRange(Oid Start, bool Include, Oid End);
