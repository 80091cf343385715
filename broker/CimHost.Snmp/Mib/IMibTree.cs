namespace CimHost.Snmp.Mib;

/// <summary>The variables that the agent serves, in lexicographic order. Answers at once, from what was read last; may be asked from any thread.</summary>
public interface IMibTree
{
    /// <summary>Value of a variable, or noSuchObject or noSuchInstance.</summary>
    SnmpValue Get(Oid name);

    /// <summary>The first variable after a name; false at the end.</summary>
    bool TryGetNext(Oid after, out VarBind next);

    /// <summary>Whether a variable tells the sysUpTime of an event: it is a TimeStamp (RFC 2579).</summary>
    bool IsTimeStamp(Oid name);

    /// <summary>Whether variables could be set, all of them; nothing is.</summary>
    /// <returns>noError with index 0, or the error and the index, from 1, of the variable that has it.</returns>
    (SnmpErrorStatus Status, int Index) TestSet(IReadOnlyList<VarBind> variables);

    /// <summary>Sets variables, all or none (RFC 3416 section 4.2.5).</summary>
    /// <returns>noError with index 0, or the error and the index, from 1, of the variable that has it.</returns>
    ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(IReadOnlyList<VarBind> variables, CancellationToken cancellationToken);
}
