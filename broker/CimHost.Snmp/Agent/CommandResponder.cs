using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>
/// Carries out requests (RFC 3413 section 3, RFC 3416 section 4.2, RFC 3584 section 4.2), and is the one place that decides what somebody
/// may see and set (RFC 3415 section 3). One at a time; the buffer is used again and again.
/// </summary>
internal sealed class CommandResponder(IMibTree tree, SnmpCounters counters, int maxMessage)
{
    private const int MaxRepetitions = 100;
    private const int MaxVariables = 500;

    /// <summary>The request.</summary>
    public Pdu Pdu { get; } = new();

    /// <summary>Where the answer is written.</summary>
    public BerBuffer Buffer { get; } = new(maxMessage);

    /// <summary>Reads a request; false, and counted, when it is none that can be read.</summary>
    public bool TryRead(ReadOnlySpan<byte> pdu)
    {
        if (Pdu.TryRead(pdu) && Pdu.Variables.Count <= MaxVariables)
        {
            return true;
        }

        counters.Count(SnmpCounter.SnmpInASNParseErrs);
        return false;
    }

    /// <summary>Counts the request by its kind; false when it is of a kind that has no place at a command responder: responses, notifications.</summary>
    public bool IsServed(SnmpVersion version)
    {
        SnmpCounter? kind = Pdu.Type switch
        {
            PduType.Get => SnmpCounter.SnmpInGetRequests,
            PduType.GetNext => SnmpCounter.SnmpInGetNexts,
            PduType.Set => SnmpCounter.SnmpInSetRequests,
            PduType.GetBulk when version != SnmpVersion.V1 => SnmpCounter.SnmpInGetNexts,
            _ => null,
        };
        counters.Count(kind ?? SnmpCounter.SnmpUnknownPDUHandlers);
        return kind is not null;
    }

    /// <summary>Carries the request out and writes a Response PDU into the buffer; false when not even an empty one fits.</summary>
    /// <param name="version">Version of the message.</param>
    /// <param name="access">What the one who asks may do.</param>
    /// <param name="level">Security level of the request.</param>
    /// <param name="limit">Most octets of variable bindings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<bool> RespondAsync(SnmpVersion version, AccessRight access, SecurityLevel level, int limit, CancellationToken cancellationToken)
    {
        Buffer.Clear();

        // No entry of the access table for this level (RFC 3415 section 3.2 step 3, RFC 3413 section 3.2).
        (SnmpErrorStatus Status, int Index) result = level < access.Level ? (SnmpErrorStatus.AuthorizationError, 0)
            : Pdu.Type == PduType.Set ? await SetAsync(version, access, limit, cancellationToken)
            : Get(version, access.View, limit);
        return TryFinish(version, version == SnmpVersion.V1 ? (ForV1(result.Status), result.Index) : result, limit);
    }

    private (SnmpErrorStatus Status, int Index) Get(SnmpVersion version, MibView view, int limit)
    {
        if (Pdu.Type == PduType.GetBulk)
        {
            GetBulk(view, limit);
            return (SnmpErrorStatus.NoError, 0);
        }

        for (int i = 0; i < Pdu.Variables.Count; i++)
        {
            Oid name = Pdu.Variables[i].Name;
            VarBind found;
            if (Pdu.Type == PduType.Get)
            {
                found = new VarBind(name, view.Contains(name) ? tree.Get(name) : SnmpValue.NoSuchObject);
                if (version == SnmpVersion.V1 && found.Value.Type is (SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.Counter64))
                {
                    return (SnmpErrorStatus.NoSuchName, i + 1);
                }
            }
            else
            {
                found = Next(name, version, view);
                if (version == SnmpVersion.V1 && found.Value.Type == SnmpType.EndOfMibView)
                {
                    return (SnmpErrorStatus.NoSuchName, i + 1);
                }
            }

            if (!Buffer.TryAppend(found.Name, found.Value, limit))
            {
                return (SnmpErrorStatus.TooBig, 0);
            }

            counters.Count(SnmpCounter.SnmpInTotalReqVars);
        }

        return (SnmpErrorStatus.NoError, 0);
    }

    // SNMPv1 has no Counter64: such a variable is passed over (RFC 3584 section 4.2.2.1).
    private VarBind Next(Oid name, SnmpVersion version, MibView view)
    {
        Oid after = name;
        while (view.TryGetNext(tree, after, out VarBind next))
        {
            if (version != SnmpVersion.V1 || next.Value.Type != SnmpType.Counter64)
            {
                return next;
            }

            after = next.Name;
        }

        return new VarBind(name, SnmpValue.EndOfMibView);
    }

    // RFC 3416 section 4.2.3. An answer may hold less than was asked for.
    private void GetBulk(MibView view, int limit)
    {
        int count = Pdu.Variables.Count;
        int single = Math.Clamp(Pdu.ErrorStatus, 0, count);
        int repetitions = Math.Clamp(Pdu.ErrorIndex, 0, MaxRepetitions);
        for (int i = 0; i < single; i++)
        {
            VarBind next = Next(Pdu.Variables[i].Name, SnmpVersion.V2c, view);
            if (!Buffer.TryAppend(next.Name, next.Value, limit))
            {
                return;
            }

            counters.Count(SnmpCounter.SnmpInTotalReqVars);
        }

        for (int r = 0; r < repetitions && count > single; r++)
        {
            bool isMore = false;
            for (int i = single; i < count; i++)
            {
                VarBind next = Next(Pdu.Variables[i].Name, SnmpVersion.V2c, view);
                if (!Buffer.TryAppend(next.Name, next.Value, limit))
                {
                    return;
                }

                counters.Count(SnmpCounter.SnmpInTotalReqVars);
                isMore |= next.Value.Type != SnmpType.EndOfMibView;
                Pdu.Variables[i] = next;
            }

            if (!isMore)
            {
                return;
            }
        }
    }

    private async ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(SnmpVersion version, AccessRight access, int limit, CancellationToken cancellationToken)
    {
        if (!access.CanWrite)
        {
            if (version != SnmpVersion.V3)
            {
                counters.Count(SnmpCounter.SnmpInBadCommunityUses);
            }

            return (SnmpErrorStatus.NoAccess, 1);
        }

        for (int i = 0; i < Pdu.Variables.Count; i++)
        {
            if (!access.View.Contains(Pdu.Variables[i].Name))
            {
                return (SnmpErrorStatus.NoAccess, i + 1);
            }

            if (!Buffer.TryAppend(Pdu.Variables[i].Name, Pdu.Variables[i].Value, limit))
            {
                return (SnmpErrorStatus.TooBig, 0);
            }
        }

        (SnmpErrorStatus status, int index) = await tree.SetAsync(Pdu.Variables, cancellationToken);
        if (status == SnmpErrorStatus.NoError)
        {
            counters.Add(SnmpCounter.SnmpInTotalSetVars, Pdu.Variables.Count);
        }

        return (status, index);
    }

    // RFC 3584 section 4.4.
    private static SnmpErrorStatus ForV1(SnmpErrorStatus status) => status switch
    {
        SnmpErrorStatus.WrongValue or SnmpErrorStatus.WrongEncoding or SnmpErrorStatus.WrongType or SnmpErrorStatus.WrongLength or SnmpErrorStatus.InconsistentValue => SnmpErrorStatus.BadValue,
        SnmpErrorStatus.NoAccess or SnmpErrorStatus.NotWritable or SnmpErrorStatus.NoCreation or SnmpErrorStatus.InconsistentName or SnmpErrorStatus.AuthorizationError => SnmpErrorStatus.NoSuchName,
        SnmpErrorStatus.ResourceUnavailable or SnmpErrorStatus.CommitFailed or SnmpErrorStatus.UndoFailed => SnmpErrorStatus.GenErr,
        _ => status,
    };

    private bool TryFinish(SnmpVersion version, (SnmpErrorStatus Status, int Index) result, int limit)
    {
        if (result.Status != SnmpErrorStatus.NoError && !TryWriteError(version, result.Status, limit))
        {
            counters.Count(SnmpCounter.SnmpSilentDrops);
            return false;
        }

        Pdu.WriteHead(Buffer, PduType.Response, Pdu.RequestId, (int)result.Status, result.Index);
        counters.Count(SnmpCounter.SnmpOutGetResponses);
        return true;
    }

    // An error has the variables of the request; tooBig has none (in SNMPv1 those of the request too).
    private bool TryWriteError(SnmpVersion version, SnmpErrorStatus status, int limit)
    {
        Buffer.Clear();
        if (status != SnmpErrorStatus.TooBig || version == SnmpVersion.V1)
        {
            foreach (VarBind variable in Pdu.Variables)
            {
                if (!Buffer.TryAppend(variable.Name, variable.Value, limit))
                {
                    return false;
                }
            }
        }

        SnmpCounter? counter = status switch
        {
            SnmpErrorStatus.TooBig => SnmpCounter.SnmpOutTooBigs,
            SnmpErrorStatus.NoSuchName => SnmpCounter.SnmpOutNoSuchNames,
            SnmpErrorStatus.BadValue => SnmpCounter.SnmpOutBadValues,
            SnmpErrorStatus.GenErr => SnmpCounter.SnmpOutGenErrs,
            _ => null,
        };
        if (counter is { } counted)
        {
            counters.Count(counted);
        }

        return true;
    }
}
