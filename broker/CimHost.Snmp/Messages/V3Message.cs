using CimHost.Snmp.Ber;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Messages;

/// <summary>Head of an SNMPv3 message with the parameters of the user-based security model, as read or to be written (RFC 3412 section 6, RFC 3414 section 2.4).</summary>
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

    /// <summary>Security level that the flags say; null for encryption without authentication, which is invalid (RFC 3412 section 7.2 step 5d).</summary>
    public readonly SecurityLevel? Level => (Flags & (AuthenticationFlag | PrivacyFlag)) switch
    {
        0 => SecurityLevel.NoAuthNoPriv,
        AuthenticationFlag => SecurityLevel.AuthNoPriv,
        AuthenticationFlag | PrivacyFlag => SecurityLevel.AuthPriv,
        _ => null,
    };

    /// <summary>Flags of a security level.</summary>
    public static byte FlagsOf(SecurityLevel level) => level switch
    {
        SecurityLevel.NoAuthNoPriv => 0,
        SecurityLevel.AuthNoPriv => AuthenticationFlag,
        _ => AuthenticationFlag | PrivacyFlag,
    };

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

    /// <summary>Puts whose context it is for before the PDU that a buffer holds, which makes a scoped PDU of it.</summary>
    public static void WriteScoped(BerBuffer buffer, ReadOnlySpan<byte> contextEngineId, ReadOnlySpan<byte> contextName)
    {
        buffer.PrependOctets(contextName);
        buffer.PrependOctets(contextEngineId);
        buffer.PrependHeader(BerReader.Sequence, buffer.Length);
    }

    /// <summary>Makes a whole message of the scoped PDU that a buffer holds: encrypted and authenticated as <see cref="Flags"/> say (RFC 3414 section 3.1).</summary>
    public readonly void Write(BerBuffer buffer, UserKeys keys)
    {
        Span<byte> salt = stackalloc byte[PrivacyCipher.SaltLength];
        if ((Flags & PrivacyFlag) == 0)
        {
            salt = default;
        }
        else
        {
            Encrypt(buffer, keys.Privacy!, salt);
        }

        int digestLength = (Flags & AuthenticationFlag) == 0 ? 0 : keys.Authentication!.Length;
        Span<byte> empty = stackalloc byte[digestLength];
        empty.Clear();
        int behind = buffer.Length;
        buffer.PrependOctets(salt);
        buffer.PrependOctets(empty);
        int digestFromEnd = buffer.Length - (BerBuffer.ElementLength(digestLength) - digestLength);
        buffer.PrependOctets(UserName);
        buffer.PrependInteger(EngineTime);
        buffer.PrependInteger(EngineBoots);
        buffer.PrependOctets(EngineId);
        buffer.PrependHeader(BerReader.Sequence, buffer.Length - behind);
        buffer.PrependHeader((byte)SnmpType.OctetString, buffer.Length - behind);
        behind = buffer.Length;
        buffer.PrependInteger(UserBasedModel);
        buffer.PrependOctets([Flags]);
        buffer.PrependInteger(MaxSize);
        buffer.PrependInteger(MessageId);
        buffer.PrependHeader(BerReader.Sequence, buffer.Length - behind);
        buffer.PrependInteger((int)SnmpVersion.V3);
        buffer.PrependHeader(BerReader.Sequence, buffer.Length);
        if (digestLength > 0)
        {
            keys.Authentication!.Sign(buffer.Written.Span, buffer.Length - digestFromEnd);
        }
    }

    private readonly void Encrypt(BerBuffer buffer, PrivacyCipher cipher, Span<byte> salt)
    {
        int length = buffer.Length, padding = (cipher.BlockLength - (length % cipher.BlockLength)) % cipher.BlockLength;
        buffer.Pad(padding);
        cipher.Encrypt(buffer.Written.Span, EngineBoots, EngineTime, salt);
        if (!cipher.KeepsPadding)
        {
            buffer.Truncate(length);
        }

        buffer.PrependHeader((byte)SnmpType.OctetString, buffer.Length);
    }
}
