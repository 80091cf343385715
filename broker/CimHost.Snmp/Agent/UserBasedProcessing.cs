using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Agent;

/// <summary>
/// Messages of SNMPv3 with the user-based security model, this engine being the authoritative one (RFC 3412 section 7, RFC 3414 section 3.2).
/// What is wrong is counted, and answered with a report where the one who asks can do something about it.
/// </summary>
internal sealed class UserBasedProcessing(SnmpAccess access, ISnmpEngineFacts engine, CommandResponder responder, int maxMessage)
{
    // RFC 3414 section 2.2.3.
    private const int TimeWindow = 150;

    private readonly SnmpCounters _counters = engine.Counters;
    private readonly byte[] _engineId = engine.EngineId.ToArray();
    private readonly byte[] _plain = new byte[maxMessage + 64];
    private int _messageId;
    private int _requestId;
    private int _limit;
    private bool _wantsReport;
    private SecurityLevel _level;
    private SnmpUser? _user;

    /// <summary>Answers a message; empty when there is no answer.</summary>
    /// <param name="whole">The whole message, which the digest is over.</param>
    /// <param name="message">What follows its version.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlySpan<byte> whole, BerReader message, CancellationToken cancellationToken)
    {
        if (!V3Message.TryRead(message, out V3Message head))
        {
            return Drop(SnmpCounter.SnmpInASNParseErrs);
        }

        if (head.SecurityModel != V3Message.UserBasedModel)
        {
            return Drop(SnmpCounter.SnmpUnknownSecurityModels);
        }

        if (head.Level is not { } level)
        {
            return Drop(SnmpCounter.SnmpInvalidMsgs);
        }

        if (!head.TryReadUserBased())
        {
            return Drop(SnmpCounter.SnmpInASNParseErrs);
        }

        _messageId = head.MessageId;
        _limit = Math.Min(maxMessage, head.MaxSize);
        _wantsReport = (head.Flags & V3Message.ReportableFlag) != 0;
        _level = level;
        _user = null;
        _requestId = 0;
        return IsSecure(whole, head, out ReadOnlySpan<byte> scoped, out ReadOnlyMemory<byte> report) ? DispatchAsync(scoped, cancellationToken) : ValueTask.FromResult(report);
    }

    // RFC 3414 section 3.2, in its order.
    private bool IsSecure(ReadOnlySpan<byte> whole, scoped in V3Message head, out ReadOnlySpan<byte> scoped, out ReadOnlyMemory<byte> report)
    {
        scoped = head.Data;
        report = default;
        if (!head.EngineId.SequenceEqual(_engineId))
        {
            report = Report(SnmpCounter.UsmStatsUnknownEngineIDs, head);
            return false;
        }

        if (access.User(head.UserName) is not { } user)
        {
            report = Report(SnmpCounter.UsmStatsUnknownUserNames, head);
            return false;
        }

        if (_level > user.Keys.Level)
        {
            report = Report(SnmpCounter.UsmStatsUnsupportedSecLevels, head);
            return false;
        }

        if (_level >= SecurityLevel.AuthNoPriv)
        {
            if (!user.Keys.Authentication!.IsRight(whole, head.Digest))
            {
                access.AuthenticationFailed?.Invoke();
                report = Report(SnmpCounter.UsmStatsWrongDigests, head);
                return false;
            }

            // From here on it is known who asks: what is wrong now can be told authentically.
            _user = user;
            int boots = engine.EngineBoots;
            if (head.EngineBoots != boots || boots == int.MaxValue || Math.Abs((long)head.EngineTime - engine.EngineTime) > TimeWindow)
            {
                report = Report(SnmpCounter.UsmStatsNotInTimeWindows, head, SecurityLevel.AuthNoPriv);
                return false;
            }
        }

        _user = user;
        if (_level == SecurityLevel.AuthPriv && !TryDecrypt(head, user.Keys.Privacy!, out scoped))
        {
            report = Report(SnmpCounter.UsmStatsDecryptionErrors, head);
            return false;
        }

        return true;
    }

    // Another key gives octets that mean nothing. Both sides hear of it: RFC 3414 section 3.2 step 8 leaves to the privacy module what it can find out.
    private bool TryDecrypt(scoped in V3Message head, PrivacyCipher cipher, out ReadOnlySpan<byte> scoped)
    {
        scoped = default;
        var data = new BerReader(head.Data);
        if (!data.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> encrypted) || !data.IsAtEnd || head.Salt.Length != PrivacyCipher.SaltLength || encrypted.Length > maxMessage)
        {
            return false;
        }

        encrypted.CopyTo(_plain);
        if (!cipher.TryDecrypt(_plain, encrypted.Length, head.EngineBoots, head.EngineTime, head.Salt))
        {
            return false;
        }

        scoped = _plain.AsSpan(0, encrypted.Length);
        return V3Message.TryReadScoped(scoped, mayBePadded: true, out _, out _, out _);
    }

    // RFC 3412 section 7.2 from step 7 on.
    private ValueTask<ReadOnlyMemory<byte>> DispatchAsync(ReadOnlySpan<byte> scoped, CancellationToken cancellationToken)
    {
        if (!V3Message.TryReadScoped(scoped, _level == SecurityLevel.AuthPriv, out ReadOnlySpan<byte> contextEngineId, out ReadOnlySpan<byte> contextName, out ReadOnlySpan<byte> pdu))
        {
            return Drop(SnmpCounter.SnmpInASNParseErrs);
        }

        if (!responder.TryRead(pdu))
        {
            return default;
        }

        _wantsReport &= IsConfirmed(responder.Pdu.Type);
        _requestId = responder.Pdu.RequestId;
        if (!contextEngineId.SequenceEqual(_engineId))
        {
            _counters.Count(SnmpCounter.SnmpUnknownPDUHandlers);
        }
        else if (responder.IsServed(SnmpVersion.V3))
        {
            return contextName.IsEmpty ? RespondAsync(_user!, cancellationToken) : ValueTask.FromResult(Report(Counted(SnmpCounter.SnmpUnknownContexts), _level, contextEngineId, contextName));
        }

        return ValueTask.FromResult(Report(SnmpCounter.SnmpUnknownPDUHandlers, _level, contextEngineId, contextName));
    }

    private async ValueTask<ReadOnlyMemory<byte>> RespondAsync(SnmpUser user, CancellationToken cancellationToken)
    {
        int around = V3Message.Overhead + (2 * _engineId.Length) + user.Credentials.NameOctets.Length + (user.Keys.Authentication?.Length ?? 0);
        if (!await responder.RespondAsync(SnmpVersion.V3, user.Access, _level, _limit - around, cancellationToken))
        {
            return default;
        }

        V3Message.WriteScoped(responder.Buffer, _engineId, default);
        return Write(_level);
    }

    // RFC 3412 section 7.1 step 3: nothing is reported to one who did not ask for it, nor about what needs no answer.
    private ReadOnlyMemory<byte> Report(SnmpCounter counter, SecurityLevel level, ReadOnlySpan<byte> contextEngineId, ReadOnlySpan<byte> contextName)
    {
        if (!_wantsReport)
        {
            return default;
        }

        responder.Buffer.Clear();
        responder.Buffer.TryAppend(SnmpCounters.NameOf(counter), SnmpValue.Counter32(_counters[counter]), _limit);
        Pdu.WriteHead(responder.Buffer, PduType.Report, _requestId, 0, 0);
        V3Message.WriteScoped(responder.Buffer, contextEngineId, contextName);
        return Write(level);
    }

    // About a message whose request is not looked at any further: its number is told if it can be read.
    private ReadOnlyMemory<byte> Report(SnmpCounter counter, in V3Message head, SecurityLevel level = SecurityLevel.NoAuthNoPriv)
    {
        if (_level != SecurityLevel.AuthPriv && V3Message.TryReadScoped(head.Data, mayBePadded: false, out _, out _, out ReadOnlySpan<byte> pdu))
        {
            var reader = new BerReader(pdu);
            _wantsReport &= reader.TryReadAny(out byte tag, out ReadOnlySpan<byte> content) && IsConfirmed((PduType)tag);
            _requestId = new BerReader(content).TryReadInt32(out int requestId) ? requestId : 0;
        }

        return Report(Counted(counter), level, _engineId, default);
    }

    private ReadOnlyMemory<byte> Write(SecurityLevel level)
    {
        var answer = new V3Message
        {
            MessageId = _messageId,
            MaxSize = maxMessage,
            Flags = V3Message.FlagsOf(level),
            EngineId = _engineId,
            EngineBoots = engine.EngineBoots,
            EngineTime = engine.EngineTime,
            UserName = _user is null ? default : _user.Credentials.NameOctets,
        };
        answer.Write(responder.Buffer, _user?.Keys ?? UserKeys.None);
        _counters.Count(SnmpCounter.SnmpOutPkts);
        return responder.Buffer.Written;
    }

    private SnmpCounter Counted(SnmpCounter counter)
    {
        _counters.Count(counter);
        return counter;
    }

    private ValueTask<ReadOnlyMemory<byte>> Drop(SnmpCounter counter)
    {
        _counters.Count(counter);
        return default;
    }

    private static bool IsConfirmed(PduType type) => type is PduType.Get or PduType.GetNext or PduType.GetBulk or PduType.Set or PduType.Inform;
}
