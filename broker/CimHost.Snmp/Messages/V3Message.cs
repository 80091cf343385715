using CimHost.Snmp.Ber;

namespace CimHost.Snmp.Messages;

/// <summary>Head of an SNMPv3 message with the parameters of the user-based security model, as read (RFC 3412 section 6, RFC 3414 section 2.4).</summary>
internal ref struct V3Message
{
    /// <summary>Smallest msgMaxSize that one may announce.</summary>
    public const int LeastMaxSize = 484;

    /// <summary>The user-based security model.</summary>
    public const int UserBasedModel = 3;

    /// <summary>Most octets around a list of variable bindings, without engine identifiers, names and digest.</summary>
    public const int Overhead = 128;

    /// <summary>msgFlags: authenticated.</summary>
    public const byte AuthenticationFlag = 1;

    /// <summary>msgFlags: encrypted.</summary>
    public const byte PrivacyFlag = 2;

    /// <summary>msgFlags: a report is wanted when something is wrong.</summary>
    public const byte ReportableFlag = 4;

    /// <summary>msgID.</summary>
    public int MessageId;

    /// <summary>msgMaxSize.</summary>
    public int MaxSize;

    /// <summary>msgFlags.</summary>
    public byte Flags;

    /// <summary>msgSecurityModel.</summary>
    public int SecurityModel;

    /// <summary>msgAuthoritativeEngineID.</summary>
    public ReadOnlySpan<byte> EngineId;

    /// <summary>msgAuthoritativeEngineBoots.</summary>
    public int EngineBoots;

    /// <summary>msgAuthoritativeEngineTime.</summary>
    public int EngineTime;

    /// <summary>msgUserName.</summary>
    public ReadOnlySpan<byte> UserName;

    /// <summary>msgAuthenticationParameters.</summary>
    public ReadOnlySpan<byte> Digest;

    /// <summary>msgPrivacyParameters.</summary>
    public ReadOnlySpan<byte> Salt;

    /// <summary>msgSecurityParameters as they came.</summary>
    public ReadOnlySpan<byte> SecurityParameters;

    /// <summary>ScopedPduData: the scoped PDU from its tag on, or an OCTET STRING with the encrypted one.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>Reads what follows the version, up to the security parameters, which are not looked into.</summary>
    /// <param name="message">Content of the message, behind the version.</param>
    /// <param name="read">What was read.</param>
    public static bool TryRead(BerReader message, out V3Message read)
    {
        read = default;
        if (!message.TryEnter(BerReader.Sequence, out BerReader header)
            || !header.TryReadInt32(0, int.MaxValue, out read.MessageId)
            || !header.TryReadInt32(LeastMaxSize, int.MaxValue, out read.MaxSize)
            || !header.TryRead((byte)SnmpType.OctetString, out ReadOnlySpan<byte> flags) || flags.Length != 1
            || !header.TryReadInt32(1, int.MaxValue, out read.SecurityModel)
            || !header.IsAtEnd
            || !message.TryRead((byte)SnmpType.OctetString, out read.SecurityParameters))
        {
            return false;
        }

        read.Flags = flags[0];
        read.Data = message.Rest;
        return !read.Data.IsEmpty;
    }

    /// <summary>Reads the parameters of the user-based security model out of <see cref="SecurityParameters"/>.</summary>
    public bool TryReadUserBased()
    {
        var outer = new BerReader(SecurityParameters);
        return outer.TryEnter(BerReader.Sequence, out BerReader inside) && outer.IsAtEnd
            && inside.TryRead((byte)SnmpType.OctetString, out EngineId) && EngineId.Length <= 32
            && inside.TryReadInt32(0, int.MaxValue, out EngineBoots)
            && inside.TryReadInt32(0, int.MaxValue, out EngineTime)
            && inside.TryRead((byte)SnmpType.OctetString, out UserName) && UserName.Length <= 32
            && inside.TryRead((byte)SnmpType.OctetString, out Digest)
            && inside.TryRead((byte)SnmpType.OctetString, out Salt)
            && inside.IsAtEnd;
    }

    /// <summary>Reads a scoped PDU: whose context it is for, and the PDU from its tag on.</summary>
    /// <param name="octets">Octets from its tag on. Behind it may be what encryption filled up with.</param>
    /// <param name="mayBePadded">Whether anything may follow.</param>
    /// <param name="contextEngineId">contextEngineID.</param>
    /// <param name="contextName">contextName.</param>
    /// <param name="pdu">The PDU.</param>
    public static bool TryReadScoped(ReadOnlySpan<byte> octets, bool mayBePadded, out ReadOnlySpan<byte> contextEngineId, out ReadOnlySpan<byte> contextName, out ReadOnlySpan<byte> pdu)
    {
        contextEngineId = contextName = pdu = default;
        var outer = new BerReader(octets);
        if (!outer.TryEnter(BerReader.Sequence, out BerReader inside) || (!mayBePadded && !outer.IsAtEnd)
            || !inside.TryRead((byte)SnmpType.OctetString, out contextEngineId)
            || !inside.TryRead((byte)SnmpType.OctetString, out contextName)
            || contextEngineId.Length > 32 || contextName.Length > 255)
        {
            return false;
        }

        pdu = inside.Rest;
        return true;
    }
}
