namespace CimHost.Snmp.Ber;

/// <summary>
/// Reads the subset of BER that SNMP allows (RFC 3417 section 8): definite lengths, primitive strings, tags of one octet. Integers may have
/// more octets than they need, as real peers send them. Every method returns false, and has read nothing of use, when the octets are not
/// what was asked for; nothing is thrown and nothing outside the given octets is looked at.
/// </summary>
internal ref struct BerReader(ReadOnlySpan<byte> octets)
{
    /// <summary>SEQUENCE.</summary>
    public const byte Sequence = 0x30;

    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Tag of the next element; 0 at the end.</summary>
    public readonly byte NextTag => _rest.IsEmpty ? (byte)0 : _rest[0];

    /// <summary>Reads the header of an element; what follows has at least that length unless <paramref name="mayBeCut"/>.</summary>
    /// <param name="octets">Octets from the tag on.</param>
    /// <param name="header">Octets of the header.</param>
    /// <param name="length">Octets of the content.</param>
    /// <param name="mayBeCut">True if the content may not be there whole.</param>
    public static bool TryReadHeader(ReadOnlySpan<byte> octets, out int header, out int length, bool mayBeCut = false)
    {
        header = 2;
        length = 0;
        if (octets.Length < 2 || (octets[0] & 0x1F) == 0x1F)
        {
            return false;
        }

        length = octets[1];
        if (length >= 0x80)
        {
            // 0x80 is the indefinite form, which SNMP forbids; more than four octets are more than any message has.
            int count = length & 0x7F;
            if (count is 0 or > 4 || octets.Length < 2 + count)
            {
                return false;
            }

            long value = 0;
            foreach (byte octet in octets.Slice(2, count))
            {
                value = (value << 8) | octet;
            }

            if (value > int.MaxValue - 6)
            {
                return false;
            }

            header += count;
            length = (int)value;
        }

        return mayBeCut || octets.Length - header >= length;
    }

    /// <summary>Reads an element of any tag.</summary>
    public bool TryReadAny(out byte tag, out ReadOnlySpan<byte> content)
    {
        tag = NextTag;
        if (!TryReadHeader(_rest, out int header, out int length))
        {
            content = default;
            return false;
        }

        content = _rest.Slice(header, length);
        _rest = _rest[(header + length)..];
        return true;
    }

    /// <summary>Reads an element that must have a tag.</summary>
    public bool TryRead(byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        return NextTag == tag && TryReadAny(out _, out content);
    }

    /// <summary>Reads an element that must have a tag, for reading what is inside.</summary>
    public bool TryEnter(byte tag, out BerReader inside)
    {
        bool isRead = TryRead(tag, out ReadOnlySpan<byte> content);
        inside = new BerReader(content);
        return isRead;
    }

    /// <summary>Reads an INTEGER of 32 bits.</summary>
    public bool TryReadInt32(out int value)
    {
        value = 0;
        return TryRead((byte)SnmpType.Integer32, out ReadOnlySpan<byte> content) && TryParseInt32(content, out value);
    }

    /// <summary>Reads an INTEGER that is within limits.</summary>
    public bool TryReadInt32(int low, int high, out int value) => TryReadInt32(out value) && value >= low && value <= high;

    /// <summary>Reads an OBJECT IDENTIFIER.</summary>
    public bool TryReadOid(out Oid oid)
    {
        oid = default;
        return TryRead((byte)SnmpType.ObjectIdentifier, out ReadOnlySpan<byte> content) && TryParseOid(content, out oid);
    }

    /// <summary>Reads a value of any type that SNMP has.</summary>
    public bool TryReadValue(out SnmpValue value)
    {
        value = SnmpValue.Null;
        if (!TryReadAny(out byte tag, out ReadOnlySpan<byte> content))
        {
            return false;
        }

        ulong number;
        switch ((SnmpType)tag)
        {
            case SnmpType.Integer32 when TryParseInt32(content, out int integer):
                value = SnmpValue.Integer(integer);
                return true;
            case SnmpType.OctetString:
                value = SnmpValue.OctetString(content.ToArray());
                return true;
            case SnmpType.Null when content.IsEmpty:
                return true;
            case SnmpType.ObjectIdentifier when TryParseOid(content, out Oid oid):
                value = SnmpValue.ObjectIdentifier(oid);
                return true;
            case SnmpType.IpAddress when content.Length == 4:
                value = SnmpValue.IpAddress(content.ToArray());
                return true;
            case SnmpType.Counter32 when TryParseUnsigned(content, 4, out number):
                value = SnmpValue.Counter32((uint)number);
                return true;
            case SnmpType.Gauge32 when TryParseUnsigned(content, 4, out number):
                value = SnmpValue.Gauge32((uint)number);
                return true;
            case SnmpType.TimeTicks when TryParseUnsigned(content, 4, out number):
                value = SnmpValue.TimeTicks((uint)number);
                return true;
            case SnmpType.Opaque:
                value = SnmpValue.Opaque(content.ToArray());
                return true;
            case SnmpType.Counter64 when TryParseUnsigned(content, 8, out number):
                value = SnmpValue.Counter64(number);
                return true;
            case SnmpType.NoSuchObject when content.IsEmpty:
                value = SnmpValue.NoSuchObject;
                return true;
            case SnmpType.NoSuchInstance when content.IsEmpty:
                value = SnmpValue.NoSuchInstance;
                return true;
            case SnmpType.EndOfMibView when content.IsEmpty:
                value = SnmpValue.EndOfMibView;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Parses the content of an INTEGER of 32 bits.</summary>
    public static bool TryParseInt32(ReadOnlySpan<byte> content, out int value)
    {
        value = 0;
        if (content.IsEmpty)
        {
            return false;
        }

        int sign = (sbyte)content[0] < 0 ? -1 : 0;
        while (content.Length > 4 && content[0] == (byte)sign)
        {
            content = content[1..];
        }

        value = sign;
        if (content.Length > 4 || (sign ^ (sbyte)content[0]) < 0)
        {
            return false;
        }

        foreach (byte octet in content)
        {
            value = (value << 8) | octet;
        }

        return true;
    }

    /// <summary>Parses the content of an unsigned INTEGER; a missing zero octet before the highest bit is not missed, as many peers leave it out.</summary>
    public static bool TryParseUnsigned(ReadOnlySpan<byte> content, int octets, out ulong value)
    {
        value = 0;
        if (content.IsEmpty)
        {
            return false;
        }

        while (content.Length > octets && content[0] == 0)
        {
            content = content[1..];
        }

        if (content.Length > octets)
        {
            return false;
        }

        // A short one with its highest bit set is a negative number.
        if (content.Length < octets && (content[0] & 0x80) != 0)
        {
            return false;
        }

        foreach (byte octet in content)
        {
            value = (value << 8) | octet;
        }

        return true;
    }

    /// <summary>Parses the content of an OBJECT IDENTIFIER; no content at all is 0.0, as some agents send it.</summary>
    public static bool TryParseOid(ReadOnlySpan<byte> content, out Oid oid)
    {
        oid = new Oid(0, 0);
        if (content.IsEmpty)
        {
            return true;
        }

        int count = 1;
        foreach (byte octet in content)
        {
            count += octet < 0x80 ? 1 : 0;
        }

        if (count > Oid.MaxLength || content[^1] >= 0x80)
        {
            return false;
        }

        uint[] ids = new uint[count];
        int at = 1;
        uint value = 0;
        bool isStart = true;
        foreach (byte octet in content)
        {
            // No sub-identifier begins with an octet that says nothing, and none has more than 32 bits.
            if ((isStart && octet == 0x80) || value >= 1u << 25)
            {
                return false;
            }

            value = (value << 7) | (octet & 0x7Fu);
            isStart = octet < 0x80;
            if (isStart)
            {
                ids[at++] = value;
                value = 0;
            }
        }

        // The first two arcs share one number (X.690 section 8.19.4).
        ids[0] = Math.Min(ids[1] / 40, 2);
        ids[1] -= ids[0] * 40;
        oid = new Oid(ids);
        return true;
    }

    /// <summary>Length in octets of the message that begins here, as far as its header tells; 0 when more octets are needed, -1 when it is none.</summary>
    public static int MessageLength(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || octets.Length < 2)
        {
            return 0;
        }

        if (octets[0] != Sequence)
        {
            return -1;
        }

        if (octets[1] > 0x80 && octets[1] <= 0x84 && octets.Length < 2 + (octets[1] & 0x7F))
        {
            return 0;
        }

        return TryReadHeader(octets, out int header, out int length, mayBeCut: true) ? header + length : -1;
    }
}
