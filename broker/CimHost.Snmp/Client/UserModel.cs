using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Client;

/// <summary>
/// Messages of SNMPv3 to an engine that is the authoritative one (RFC 3414 section 3.1, 3.2 and 4): it is asked who it is and what time it
/// has, and what comes back is taken only if it is authentic and not late.
/// </summary>
internal sealed class UserModel(UserCredentials user, TimeProvider time) : IMessageModel, IDisposable
{
    private const int TimeWindow = 150;

    private static readonly Dictionary<Oid, string> s_reasons = new()
    {
        [SnmpCounters.NameOf(SnmpCounter.UsmStatsUnsupportedSecLevels)] = "the user may not use this security level there (usmStatsUnsupportedSecLevels)",
        [SnmpCounters.NameOf(SnmpCounter.UsmStatsUnknownUserNames)] = "the user does not exist there (usmStatsUnknownUserNames)",
        [SnmpCounters.NameOf(SnmpCounter.UsmStatsWrongDigests)] = "the authentication password or protocol is wrong (usmStatsWrongDigests)",
        [SnmpCounters.NameOf(SnmpCounter.UsmStatsDecryptionErrors)] = "the privacy password or protocol is wrong (usmStatsDecryptionErrors)",
        [SnmpCounters.NameOf(SnmpCounter.SnmpUnknownContexts)] = "the context does not exist there (snmpUnknownContexts)",
        [SnmpCounters.NameOf(SnmpCounter.SnmpUnknownPDUHandlers)] = "requests of this kind are not served there (snmpUnknownPDUHandlers)",
    };

    private readonly byte[] _plain = new byte[SnmpConnection.MaxMessage + 64];
    private byte[] _engineId = [];
    private UserKeys _keys = UserKeys.None;
    private SecurityLevel _level = SecurityLevel.NoAuthNoPriv;
    private int _boots;
    private int _time;
    private long _timeAt;
    private int _messageId = Random.Shared.Next(1, int.MaxValue / 2);

    /// <inheritdoc/>
    public SnmpVersion Version => SnmpVersion.V3;

    /// <inheritdoc/>
    public int Overhead => V3Message.Overhead + 64 + UserCredentials.MaxName + 48;

    private int Now => (int)Math.Min(_time + (long)time.GetElapsedTime(_timeAt).TotalSeconds, int.MaxValue);

    /// <inheritdoc/>
    public void Write(BerBuffer buffer, PduType type, int requestId, int status, int index, IReadOnlyList<VarBind> variables)
    {
        bool isDiscovery = _engineId.Length == 0;
        SnmpClient.Append(buffer, isDiscovery ? [] : variables);
        Pdu.WriteHead(buffer, isDiscovery ? PduType.Get : type, requestId, isDiscovery ? 0 : status, isDiscovery ? 0 : index);
        V3Message.WriteScoped(buffer, _engineId, default);
        var message = new V3Message
        {
            MessageId = ++_messageId,
            MaxSize = SnmpConnection.MaxMessage,
            Flags = (byte)(V3Message.FlagsOf(_level) | V3Message.ReportableFlag),
            EngineId = _engineId,
            EngineBoots = _level == SecurityLevel.NoAuthNoPriv ? 0 : _boots,
            EngineTime = _level == SecurityLevel.NoAuthNoPriv ? 0 : Now,
            UserName = isDiscovery ? default : user.NameOctets,
        };
        message.Write(buffer, _keys);
    }

    /// <inheritdoc/>
    public Reception Read(ReadOnlySpan<byte> message, int requestId, Pdu pdu, out string reason)
    {
        reason = string.Empty;
        var outer = new BerReader(message);
        if (!outer.TryEnter(BerReader.Sequence, out BerReader inside) || !outer.IsAtEnd || !inside.TryReadInt32(out int version) || version != (int)SnmpVersion.V3
            || !V3Message.TryRead(inside, out V3Message head) || head.MessageId != _messageId || head.SecurityModel != V3Message.UserBasedModel
            || head.Level is not { } level || !head.TryReadUserBased() || level > _keys.Level)
        {
            return Reception.Ignored;
        }

        bool isKnown = _engineId.Length > 0 && head.EngineId.SequenceEqual(_engineId);
        if (level >= SecurityLevel.AuthNoPriv && (!isKnown || !_keys.Authentication!.IsRight(message, head.Digest)))
        {
            return Reception.Ignored;
        }

        ReadOnlySpan<byte> scoped = head.Data;
        if ((level == SecurityLevel.AuthPriv && !TryDecrypt(head, out scoped))
            || !V3Message.TryReadScoped(scoped, level == SecurityLevel.AuthPriv, out _, out _, out ReadOnlySpan<byte> octets) || !pdu.TryRead(octets))
        {
            return Reception.Ignored;
        }

        return pdu.Type == PduType.Report ? Report(head, level, isKnown, pdu, out reason)
            : isKnown && level >= _level && pdu.Type == PduType.Response && pdu.RequestId == requestId && head.UserName.SequenceEqual(user.NameOctets) && IsInTime(head, level) ? Reception.Answer
            : Reception.Ignored;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_keys != UserKeys.None)
        {
            _keys.Dispose();
        }
    }

    private bool TryDecrypt(scoped in V3Message head, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        var data = new BerReader(head.Data);
        if (!data.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> encrypted) || !data.IsAtEnd || head.Salt.Length != PrivacyCipher.SaltLength || encrypted.Length > SnmpConnection.MaxMessage)
        {
            return false;
        }

        encrypted.CopyTo(_plain);
        plain = _plain.AsSpan(0, encrypted.Length);
        return _keys.Privacy!.TryDecrypt(_plain, encrypted.Length, head.EngineBoots, head.EngineTime, head.Salt);
    }

    private Reception Report(in V3Message head, SecurityLevel level, bool isKnown, Pdu report, out string reason)
    {
        reason = string.Empty;
        Oid counter = report.Variables.Count > 0 ? report.Variables[0].Name : default;
        if (counter == SnmpCounters.NameOf(SnmpCounter.UsmStatsUnknownEngineIDs))
        {
            return !isKnown && head.EngineId.Length >= 5 ? Learn(head) : Reception.Ignored;
        }

        if (counter == SnmpCounters.NameOf(SnmpCounter.UsmStatsNotInTimeWindows))
        {
            // Only a report that is authentic may move the clock (RFC 3414 section 3.2 step 7b).
            return level >= SecurityLevel.AuthNoPriv ? Learn(head) : Reception.Ignored;
        }

        reason = s_reasons.GetValueOrDefault(counter) ?? $"it reports {counter}";
        return Reception.Refused;
    }

    private Reception Learn(in V3Message head)
    {
        if (!head.EngineId.SequenceEqual(_engineId))
        {
            Dispose();
            _engineId = head.EngineId.ToArray();
            _keys = user.At(_engineId);
            _level = _keys.Level;
        }

        (_boots, _time, _timeAt) = (head.EngineBoots, head.EngineTime, time.GetTimestamp());
        return Reception.Learned;
    }

    // RFC 3414 section 3.2 step 7b: what is authentic moves the clock forward; what is older than the window is a replay.
    private bool IsInTime(in V3Message head, SecurityLevel level)
    {
        if (level == SecurityLevel.NoAuthNoPriv)
        {
            return true;
        }

        if (head.EngineBoots < _boots || head.EngineBoots == int.MaxValue || (head.EngineBoots == _boots && head.EngineTime < (long)Now - TimeWindow))
        {
            return false;
        }

        if (head.EngineBoots > _boots || head.EngineTime > Now)
        {
            (_boots, _time, _timeAt) = (head.EngineBoots, head.EngineTime, time.GetTimestamp());
        }

        return true;
    }
}
