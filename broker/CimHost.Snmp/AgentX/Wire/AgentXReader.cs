using System.Buffers.Binary;

namespace CimHost.Snmp.AgentX.Wire;

/// <summary>
/// Reads the data types of AgentX (RFC 2741 section 5). Every method returns false, and has read nothing of use, when the octets are not
/// what was asked for; nothing is thrown and nothing outside the given octets is looked at.
/// </summary>
internal ref struct AgentXReader(ReadOnlySpan<byte> octets, bool isBigEndian)
{
    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads octets.</summary>
    public bool TryReadOctets(int count, out ReadOnlySpan<byte> value)
    {
        if (_rest.Length < count)
        {
            value = default;
            return false;
        }

        value = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Reads a number of 16 bits.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (!TryReadOctets(2, out ReadOnlySpan<byte> read))
        {
            return false;
        }

        value = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(read) : BinaryPrimitives.ReadUInt16LittleEndian(read);
        return true;
    }

    /// <summary>Reads a number of 32 bits.</summary>
    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (!TryReadOctets(4, out ReadOnlySpan<byte> read))
        {
            return false;
        }

        value = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(read) : BinaryPrimitives.ReadUInt32LittleEndian(read);
        return true;
    }

    /// <summary>Reads a number of 64 bits.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        value = 0;
        if (!TryReadOctets(8, out ReadOnlySpan<byte> read))
        {
            return false;
        }

        value = isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(read) : BinaryPrimitives.ReadUInt64LittleEndian(read);
        return true;
    }

    /// <summary>Reads an object identifier (section 5.1): a prefix that is not 0 stands for 1.3.6.1 and itself.</summary>
    public bool TryReadOid(out Oid oid, out bool include)
    {
        oid = default;
        include = false;
        if (!TryReadOctets(4, out ReadOnlySpan<byte> head))
        {
            return false;
        }

        int count = head[0], before = head[1] == 0 ? 0 : 5;
        include = head[2] != 0;
        if (count + before > Oid.MaxLength || _rest.Length < count * 4)
        {
            return false;
        }

        if (count + before == 0)
        {
            return true;
        }

        uint[] ids = new uint[before + count];
        if (before > 0)
        {
            (ids[0], ids[1], ids[2], ids[3], ids[4]) = (1, 3, 6, 1, head[1]);
        }

        for (int i = before; i < ids.Length; i++)
        {
            TryReadUInt32(out ids[i]);
        }

        oid = new Oid(ids);
        return true;
    }

    /// <summary>Reads an octet string (section 5.3) with what fills it up to a multiple of four.</summary>
    public bool TryReadOctetString(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadUInt32(out uint length) && length <= _rest.Length && TryReadOctets((int)length, out value) && TryReadOctets(AgentXWriter.Padding((int)length), out _);
    }

    /// <summary>Reads a search range (section 5.2).</summary>
    public bool TryReadRange(out SearchRange range)
    {
        range = default;
        if (!TryReadOid(out Oid start, out bool include) || !TryReadOid(out Oid end, out _))
        {
            return false;
        }

        range = new SearchRange(start, include, end);
        return true;
    }

    /// <summary>Reads a variable binding (section 5.4).</summary>
    public bool TryReadVarBind(out VarBind variable)
    {
        variable = default;
        if (!TryReadUInt16(out ushort type) || !TryReadUInt16(out _) || !TryReadOid(out Oid name, out _) || !TryReadValue((SnmpType)type, out SnmpValue value))
        {
            return false;
        }

        variable = new VarBind(name, value);
        return true;
    }

    // The numbers of the types are the tags of SNMP.
    private bool TryReadValue(SnmpType type, out SnmpValue value)
    {
        value = SnmpValue.Null;
        uint number;
        switch (type)
        {
            case SnmpType.Integer32 when TryReadUInt32(out number):
                value = SnmpValue.Integer((int)number);
                return true;
            case SnmpType.Counter32 when TryReadUInt32(out number):
                value = SnmpValue.Counter32(number);
                return true;
            case SnmpType.Gauge32 when TryReadUInt32(out number):
                value = SnmpValue.Gauge32(number);
                return true;
            case SnmpType.TimeTicks when TryReadUInt32(out number):
                value = SnmpValue.TimeTicks(number);
                return true;
            case SnmpType.Counter64 when TryReadUInt64(out ulong wide):
                value = SnmpValue.Counter64(wide);
                return true;
            case SnmpType.ObjectIdentifier when TryReadOid(out Oid oid, out _):
                value = SnmpValue.ObjectIdentifier(oid);
                return true;
            case SnmpType.OctetString when TryReadOctetString(out ReadOnlySpan<byte> octets):
                value = SnmpValue.OctetString(octets.ToArray());
                return true;
            case SnmpType.Opaque when TryReadOctetString(out ReadOnlySpan<byte> octets):
                value = SnmpValue.Opaque(octets.ToArray());
                return true;
            case SnmpType.IpAddress when TryReadOctetString(out ReadOnlySpan<byte> octets) && octets.Length == 4:
                value = SnmpValue.IpAddress(octets.ToArray());
                return true;
            case SnmpType.Null:
                return true;
            case SnmpType.NoSuchObject:
                value = SnmpValue.NoSuchObject;
                return true;
            case SnmpType.NoSuchInstance:
                value = SnmpValue.NoSuchInstance;
                return true;
            case SnmpType.EndOfMibView:
                value = SnmpValue.EndOfMibView;
                return true;
            default:
                return false;
        }
    }
}
