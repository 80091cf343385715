using CimHost.Snmp.AgentX.Wire;
using CimHost.Snmp.Mib;

namespace CimHost.Snmp.AgentX;

/// <summary>
/// Carries out what a master asks (RFC 2741 section 7.2) on the same variables as the host's own agent. The master decides who may see and
/// set them. One request at a time.
/// </summary>
/// <param name="tree">The variables.</param>
/// <param name="ahead">By how much the master's sysUpTime is ahead of this engine's, in hundredths of a second: the variables that tell a sysUpTime tell the master's.</param>
internal sealed class AgentXResponder(IMibTree tree, Func<long> ahead)
{
    private const int MaxRepetitions = 100;

    // A master has one at a time, or a few; each is ended by a CleanupSet or by an UndoSet.
    private const int MaxTransactions = 16;

    private readonly Dictionary<uint, Transaction> _transactions = [];

    /// <summary>Carries a request out and writes the response.</summary>
    /// <returns>False when none is sent: nobody waits for one to a CleanupSet.</returns>
    public async ValueTask<bool> RespondAsync(AgentXRequest request, AgentXWriter writer, CancellationToken cancellationToken)
    {
        AgentXHeader header = request.Header;
        if (request.HasContext)
        {
            WriteHead(writer, header, (ushort)AgentXError.UnsupportedContext, 0);
            return true;
        }

        switch (header.Type)
        {
            case AgentXType.Get or AgentXType.GetNext:
                WriteHead(writer, header, 0, 0);
                foreach (SearchRange range in request.Ranges)
                {
                    writer.WriteVarBind(header.Type == AgentXType.Get ? Told(new VarBind(range.Start, tree.Get(range.Start))) : Next(range));
                }

                return true;
            case AgentXType.GetBulk:
                WriteHead(writer, header, 0, 0);
                GetBulk(request, writer);
                return true;
            case AgentXType.CleanupSet:
                _transactions.Remove(header.TransactionId);
                return false;
            default:
                (SnmpErrorStatus status, int index) = header.Type switch
                {
                    AgentXType.TestSet => TestSet(request),
                    AgentXType.CommitSet => await CommitSetAsync(header.TransactionId, cancellationToken),
                    AgentXType.UndoSet => await UndoSetAsync(header.TransactionId, cancellationToken),
                    _ => (SnmpErrorStatus.GenErr, 0),
                };
                WriteHead(writer, header, (ushort)status, (ushort)index);
                return true;
        }
    }

    /// <summary>Begins a response without variables (RFC 2741 section 6.2.16).</summary>
    public static void WriteHead(AgentXWriter writer, AgentXHeader request, ushort error, ushort index)
    {
        writer.Begin(AgentXType.Response, request.SessionId, request.TransactionId, request.PacketId);

        // res.sysUpTime is for responses of masters.
        writer.WriteUInt32(0);
        writer.WriteUInt16(error);
        writer.WriteUInt16(index);
    }

    // Section 7.2.3.2.
    private VarBind Next(SearchRange range)
    {
        if (range.Include && tree.Get(range.Start) is { Type: not (SnmpType.NoSuchObject or SnmpType.NoSuchInstance) } itself)
        {
            return Told(new VarBind(range.Start, itself));
        }

        return tree.TryGetNext(range.Start, out VarBind next) && (range.End.Length == 0 || next.Name < range.End) ? Told(next) : new VarBind(range.Start, SnmpValue.EndOfMibView);
    }

    // Section 7.2.3.3.
    private void GetBulk(AgentXRequest request, AgentXWriter writer)
    {
        List<SearchRange> ranges = request.Ranges;
        int single = Math.Min(request.NonRepeaters, ranges.Count);
        for (int i = 0; i < single; i++)
        {
            writer.WriteVarBind(Next(ranges[i]));
        }

        int left = AgentXRequest.MaxVariables - single;
        for (int r = 0; r < Math.Min(request.MaxRepetitions, MaxRepetitions) && single < ranges.Count; r++)
        {
            bool isMore = false;
            for (int i = single; i < ranges.Count; i++)
            {
                if (left-- == 0)
                {
                    return;
                }

                VarBind next = Next(ranges[i]);
                writer.WriteVarBind(next);
                isMore |= next.Value.Type != SnmpType.EndOfMibView;
                ranges[i] = ranges[i] with { Start = next.Name, Include = false };
            }

            if (!isMore)
            {
                return;
            }
        }
    }

    // Section 7.2.4.1.
    private (SnmpErrorStatus Status, int Index) TestSet(AgentXRequest request)
    {
        if (_transactions.Count >= MaxTransactions)
        {
            return (SnmpErrorStatus.ResourceUnavailable, 1);
        }

        (SnmpErrorStatus status, int index) = tree.TestSet(request.Variables);
        if (status == SnmpErrorStatus.NoError)
        {
            _transactions[request.Header.TransactionId] = new Transaction([.. request.Variables], []);
        }

        return (status, index);
    }

    // Section 7.2.4.2.
    private async ValueTask<(SnmpErrorStatus Status, int Index)> CommitSetAsync(uint id, CancellationToken cancellationToken)
    {
        if (!_transactions.TryGetValue(id, out Transaction? transaction))
        {
            return (SnmpErrorStatus.CommitFailed, 0);
        }

        transaction.Before.AddRange(transaction.Wanted.Select(v => new VarBind(v.Name, ValueBefore(v.Name))));
        (SnmpErrorStatus status, int index) = await tree.SetAsync(transaction.Wanted, cancellationToken);
        return status == SnmpErrorStatus.NoError ? (status, 0) : (SnmpErrorStatus.CommitFailed, index);
    }

    // Section 7.2.4.3: it also ends the transaction.
    private async ValueTask<(SnmpErrorStatus Status, int Index)> UndoSetAsync(uint id, CancellationToken cancellationToken)
    {
        if (!_transactions.Remove(id, out Transaction? transaction) || transaction.Before.Count == 0)
        {
            return (SnmpErrorStatus.NoError, 0);
        }

        (SnmpErrorStatus status, int index) = await tree.SetAsync(transaction.Before, cancellationToken);
        return status == SnmpErrorStatus.NoError ? (status, 0) : (SnmpErrorStatus.UndoFailed, index);
    }

    // What had no instance before it was set is a text that nobody gave.
    private SnmpValue ValueBefore(Oid name) => tree.Get(name) is { Type: not (SnmpType.NoSuchObject or SnmpType.NoSuchInstance) } value ? value : SnmpValue.OctetString([]);

    private VarBind Told(VarBind variable)
    {
        if (variable.Value.Type != SnmpType.TimeTicks || !tree.IsTimeStamp(variable.Name))
        {
            return variable;
        }

        // What was before the master's start was at 0 (RFC 2579, TimeStamp).
        long ticks = (long)variable.Value.Unsigned + ahead();
        return variable with { Value = SnmpValue.TimeTicks(ticks < 0 ? 0 : unchecked((uint)ticks)) };
    }

    private sealed record Transaction(List<VarBind> Wanted, List<VarBind> Before);
}
