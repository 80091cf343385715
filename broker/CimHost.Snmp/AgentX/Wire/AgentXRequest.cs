namespace CimHost.Snmp.AgentX.Wire;

/// <summary>What a master asks of a subagent (RFC 2741 sections 6.2.5 to 6.2.9): Get, GetNext, GetBulk, TestSet, CommitSet, UndoSet, CleanupSet. Used again and again; not thread-safe.</summary>
internal sealed class AgentXRequest
{
    /// <summary>Most search ranges or variables of a request.</summary>
    public const int MaxVariables = 2000;

    /// <summary>The header.</summary>
    public AgentXHeader Header { get; private set; }

    /// <summary>Whether it is about a context of its own; this host has none.</summary>
    public bool HasContext => (Header.Flags & AgentXHeader.NonDefaultContext) != 0;

    /// <summary>g.non_repeaters, of a GetBulk.</summary>
    public int NonRepeaters { get; private set; }

    /// <summary>g.max_repetitions, of a GetBulk.</summary>
    public int MaxRepetitions { get; private set; }

    /// <summary>What a Get, GetNext or GetBulk asks for.</summary>
    public List<SearchRange> Ranges { get; } = [];

    /// <summary>What a TestSet wants to set.</summary>
    public List<VarBind> Variables { get; } = [];

    /// <summary>Reads what follows a header; false when it is no such request, or one with too many variables.</summary>
    public bool TryRead(AgentXHeader header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Ranges.Clear();
        Variables.Clear();
        (NonRepeaters, MaxRepetitions) = (0, 0);
        var reader = new AgentXReader(payload, header.IsBigEndian);
        if (HasContext && !reader.TryReadOctetString(out _))
        {
            return false;
        }

        switch (header.Type)
        {
            case AgentXType.Get or AgentXType.GetNext:
                return TryReadRanges(ref reader);
            case AgentXType.GetBulk:
                if (!reader.TryReadUInt16(out ushort nonRepeaters) || !reader.TryReadUInt16(out ushort maxRepetitions))
                {
                    return false;
                }

                (NonRepeaters, MaxRepetitions) = (nonRepeaters, maxRepetitions);
                return TryReadRanges(ref reader);
            case AgentXType.TestSet:
                return TryReadVariables(ref reader);
            case AgentXType.CommitSet or AgentXType.UndoSet or AgentXType.CleanupSet:
                return reader.IsAtEnd;
            default:
                return false;
        }
    }

    private bool TryReadRanges(ref AgentXReader reader)
    {
        while (!reader.IsAtEnd)
        {
            if (Ranges.Count == MaxVariables || !reader.TryReadRange(out SearchRange range))
            {
                return false;
            }

            Ranges.Add(range);
        }

        return true;
    }

    private bool TryReadVariables(ref AgentXReader reader)
    {
        while (!reader.IsAtEnd)
        {
            if (Variables.Count == MaxVariables || !reader.TryReadVarBind(out VarBind variable))
            {
                return false;
            }

            Variables.Add(variable);
        }

        return true;
    }
}
