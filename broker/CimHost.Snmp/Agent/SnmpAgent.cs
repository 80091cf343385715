using System.Net;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Agent;

/// <summary>
/// Answers messages of SNMPv1 and SNMPv2c (RFC 3416 section 4.2, RFC 3584 section 4.2). What is wrong is counted and answered only as the
/// standards allow. One at a time; the buffers are used again and again.
/// </summary>
internal sealed class SnmpAgent(IMibTree tree, IReadOnlyList<Community> communities, SnmpCounters counters, int maxMessage)
{
    private const int MaxRepetitions = 100;
    private const int MaxVariables = 500;

    private readonly BerBuffer _buffer = new(maxMessage);
    private readonly Pdu _pdu = new();

    /// <summary>Answers a message; empty when there is no answer. What is returned is valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> message, IPAddress from, CancellationToken cancellationToken)
    {
        counters.Count(SnmpCounter.SnmpInPkts);
        if (Read(message.Span, from) is not { } request)
        {
            return default;
        }

        (SnmpVersion version, ReadOnlyMemory<byte> communityName, Community community) = request;
        _buffer.Clear();
        int limit = maxMessage - CommunityMessage.Overhead - communityName.Length;
        (SnmpErrorStatus Status, int Index) result = _pdu.Type == PduType.Set
            ? await SetAsync(version, community, limit, cancellationToken)
            : Get(version, limit);
        return Respond(version, communityName.Span, result);
    }

    private (SnmpVersion Version, ReadOnlyMemory<byte> Name, Community Community)? Read(ReadOnlySpan<byte> message, IPAddress from)
    {
        var outer = new BerReader(message);
        if (!outer.TryEnter(BerReader.Sequence, out BerReader inside) || !outer.IsAtEnd || !inside.TryReadInt32(out int number))
        {
            counters.Count(SnmpCounter.SnmpInASNParseErrs);
            return null;
        }

        if (number is not ((int)SnmpVersion.V1 or (int)SnmpVersion.V2c))
        {
            counters.Count(SnmpCounter.SnmpInBadVersions);
            return null;
        }

        if (!inside.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> name) || name.Length > CommunityMessage.MaxCommunity)
        {
            counters.Count(SnmpCounter.SnmpInASNParseErrs);
            return null;
        }

        // Who asks is found out before the rest is looked at.
        Community? community = null;
        foreach (Community candidate in communities)
        {
            if (candidate.Fits(name, from))
            {
                community = candidate;
                break;
            }
        }

        if (community is null)
        {
            counters.Count(SnmpCounter.SnmpInBadCommunityNames);
            return null;
        }

        if (!_pdu.TryRead(inside.Rest) || _pdu.Variables.Count > MaxVariables)
        {
            counters.Count(SnmpCounter.SnmpInASNParseErrs);
            return null;
        }

        SnmpCounter? kind = _pdu.Type switch
        {
            PduType.Get => SnmpCounter.SnmpInGetRequests,
            PduType.GetNext => SnmpCounter.SnmpInGetNexts,
            PduType.Set => SnmpCounter.SnmpInSetRequests,
            PduType.GetBulk when number != (int)SnmpVersion.V1 => SnmpCounter.SnmpInGetNexts,
            _ => null,
        };
        if (kind is not { } counted)
        {
            // Responses, traps and informs have no place at a command responder.
            counters.Count(SnmpCounter.SnmpUnknownPDUHandlers);
            return null;
        }

        counters.Count(counted);
        return ((SnmpVersion)number, name.ToArray(), community);
    }

    private (SnmpErrorStatus Status, int Index) Get(SnmpVersion version, int limit)
    {
        if (_pdu.Type == PduType.GetBulk)
        {
            GetBulk(limit);
            return (SnmpErrorStatus.NoError, 0);
        }

        for (int i = 0; i < _pdu.Variables.Count; i++)
        {
            Oid name = _pdu.Variables[i].Name;
            VarBind found;
            if (_pdu.Type == PduType.Get)
            {
                found = new VarBind(name, tree.Get(name));
                if (version == SnmpVersion.V1 && found.Value.Type is (SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.Counter64))
                {
                    return (SnmpErrorStatus.NoSuchName, i + 1);
                }
            }
            else
            {
                found = Next(name, version);
                if (version == SnmpVersion.V1 && found.Value.Type == SnmpType.EndOfMibView)
                {
                    return (SnmpErrorStatus.NoSuchName, i + 1);
                }
            }

            if (!_buffer.TryAppend(found.Name, found.Value, limit))
            {
                return (SnmpErrorStatus.TooBig, 0);
            }

            counters.Count(SnmpCounter.SnmpInTotalReqVars);
        }

        return (SnmpErrorStatus.NoError, 0);
    }

    // SNMPv1 has no Counter64: such a variable is passed over (RFC 3584 section 4.2.2.1).
    private VarBind Next(Oid name, SnmpVersion version)
    {
        Oid after = name;
        while (tree.TryGetNext(after, out VarBind next))
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
    private void GetBulk(int limit)
    {
        int count = _pdu.Variables.Count;
        int single = Math.Clamp(_pdu.ErrorStatus, 0, count);
        int repetitions = Math.Clamp(_pdu.ErrorIndex, 0, MaxRepetitions);
        for (int i = 0; i < single; i++)
        {
            VarBind next = Next(_pdu.Variables[i].Name, SnmpVersion.V2c);
            if (!_buffer.TryAppend(next.Name, next.Value, limit))
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
                VarBind next = Next(_pdu.Variables[i].Name, SnmpVersion.V2c);
                if (!_buffer.TryAppend(next.Name, next.Value, limit))
                {
                    return;
                }

                counters.Count(SnmpCounter.SnmpInTotalReqVars);
                isMore |= next.Value.Type != SnmpType.EndOfMibView;
                _pdu.Variables[i] = next;
            }

            if (!isMore)
            {
                return;
            }
        }
    }

    private async ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(SnmpVersion version, Community community, int limit, CancellationToken cancellationToken)
    {
        if (!community.CanWrite)
        {
            counters.Count(SnmpCounter.SnmpInBadCommunityUses);
            return version == SnmpVersion.V1 ? (SnmpErrorStatus.NoSuchName, 1) : (SnmpErrorStatus.NoAccess, 1);
        }

        foreach (VarBind variable in _pdu.Variables)
        {
            if (!_buffer.TryAppend(variable.Name, variable.Value, limit))
            {
                return (SnmpErrorStatus.TooBig, 0);
            }
        }

        (SnmpErrorStatus status, int index) = await tree.SetAsync(_pdu.Variables, cancellationToken);
        if (status == SnmpErrorStatus.NoError)
        {
            counters.Add(SnmpCounter.SnmpInTotalSetVars, _pdu.Variables.Count);
        }

        return (version == SnmpVersion.V1 ? ForV1(status) : status, index);
    }

    // RFC 3584 section 4.4.
    private static SnmpErrorStatus ForV1(SnmpErrorStatus status) => status switch
    {
        SnmpErrorStatus.WrongValue or SnmpErrorStatus.WrongEncoding or SnmpErrorStatus.WrongType or SnmpErrorStatus.WrongLength or SnmpErrorStatus.InconsistentValue => SnmpErrorStatus.BadValue,
        SnmpErrorStatus.NoAccess or SnmpErrorStatus.NotWritable or SnmpErrorStatus.NoCreation or SnmpErrorStatus.InconsistentName or SnmpErrorStatus.AuthorizationError => SnmpErrorStatus.NoSuchName,
        SnmpErrorStatus.ResourceUnavailable or SnmpErrorStatus.CommitFailed or SnmpErrorStatus.UndoFailed => SnmpErrorStatus.GenErr,
        _ => status,
    };

    private ReadOnlyMemory<byte> Respond(SnmpVersion version, ReadOnlySpan<byte> community, (SnmpErrorStatus Status, int Index) result)
    {
        if (result.Status != SnmpErrorStatus.NoError)
        {
            // An error has the variables of the request; tooBig has none (in SNMPv1 those of the request too).
            _buffer.Clear();
            if (result.Status != SnmpErrorStatus.TooBig || version == SnmpVersion.V1)
            {
                foreach (VarBind variable in _pdu.Variables)
                {
                    if (!_buffer.TryAppend(variable.Name, variable.Value, maxMessage - CommunityMessage.Overhead - community.Length))
                    {
                        counters.Count(SnmpCounter.SnmpSilentDrops);
                        return default;
                    }
                }
            }

            switch (result.Status)
            {
                case SnmpErrorStatus.TooBig:
                    counters.Count(SnmpCounter.SnmpOutTooBigs);
                    break;
                case SnmpErrorStatus.NoSuchName:
                    counters.Count(SnmpCounter.SnmpOutNoSuchNames);
                    break;
                case SnmpErrorStatus.BadValue:
                    counters.Count(SnmpCounter.SnmpOutBadValues);
                    break;
                case SnmpErrorStatus.GenErr:
                    counters.Count(SnmpCounter.SnmpOutGenErrs);
                    break;
                default:
                    break;
            }
        }

        Pdu.WriteHead(_buffer, PduType.Response, _pdu.RequestId, (int)result.Status, result.Index);
        CommunityMessage.Wrap(_buffer, version, community);
        counters.Count(SnmpCounter.SnmpOutGetResponses);
        counters.Count(SnmpCounter.SnmpOutPkts);
        return _buffer.Written;
    }
}
