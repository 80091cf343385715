using System.Numerics;

namespace CimHost.Snmp.Ber;

/// <summary>
/// A message that is being written, from its middle: variable bindings are appended behind what is there, everything around them is put
/// before it, when its length is known. So every length has its shortest form and nothing is moved. Used again and again; not thread-safe.
/// </summary>
/// <param name="capacity">Most octets of appended content.</param>
internal sealed class BerBuffer(int capacity)
{
    // Room before the content: the headers of a v3 message with the longest engine identifiers, names and context, or a long community.
    private const int Headroom = 1536;

    // Room behind the content: ciphers work on whole blocks.
    private const int Slack = 64;

    private readonly byte[] _octets = new byte[Headroom + capacity + Slack];
    private int _start = Headroom;
    private int _end = Headroom;

    /// <summary>Octets that are written.</summary>
    public int Length => _end - _start;

    /// <summary>Where what is written begins, for <see cref="At"/>.</summary>
    public int Start => _start;

    /// <summary>What is written.</summary>
    public Memory<byte> Written => _octets.AsMemory(_start, _end - _start);

    /// <summary>Octets at a position that was the start once.</summary>
    public Span<byte> At(int start, int length) => _octets.AsSpan(start, length);

    /// <summary>Empties it.</summary>
    public void Clear() => _start = _end = Headroom;

    /// <summary>Takes appended content back, to a length it had before anything was put before it.</summary>
    public void Truncate(int length) => _end = _start + length;

    /// <summary>Makes what is written end with padding: <paramref name="count"/> octets of 0, at most 16.</summary>
    public void Pad(int count)
    {
        _octets.AsSpan(_end, count).Clear();
        _end += count;
    }

    /// <summary>Appends a variable binding.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="limit">Length that must not be exceeded; not more than the capacity.</param>
    /// <returns>False, and nothing appended, when it does not fit.</returns>
    public bool TryAppend(Oid name, in SnmpValue value, int limit)
    {
        int nameLength = OidLength(name.Ids);
        int valueLength = ValueLength(value);
        int content = ElementLength(nameLength) + ElementLength(valueLength);
        int total = ElementLength(content);
        if (Length + total > Math.Min(limit, capacity))
        {
            return false;
        }

        Span<byte> target = _octets.AsSpan(_end, total);
        _end += total;
        target = WriteHeader(target, BerReader.Sequence, content);
        target = WriteHeader(target, (byte)SnmpType.ObjectIdentifier, nameLength);
        WriteOid(target, name.Ids);
        target = WriteHeader(target[nameLength..], (byte)value.Type, valueLength);
        WriteValue(target, value);
        return true;
    }

    /// <summary>Puts an INTEGER before what is written.</summary>
    public void PrependInteger(long value)
    {
        int length = IntegerLength(value);
        Span<byte> target = Prepend((byte)SnmpType.Integer32, length);
        WriteInteger(target, value);
    }

    /// <summary>Puts an unsigned number before what is written.</summary>
    public void PrependUnsigned(SnmpType type, ulong value)
    {
        int length = UnsignedLength(value);
        WriteUnsigned(Prepend((byte)type, length), value);
    }

    /// <summary>Puts an OCTET STRING before what is written.</summary>
    public void PrependOctets(ReadOnlySpan<byte> octets, byte tag = (byte)SnmpType.OctetString) => octets.CopyTo(Prepend(tag, octets.Length));

    /// <summary>Puts octets that are encoded already before what is written; not more than there is room for.</summary>
    public void PrependRaw(ReadOnlySpan<byte> octets)
    {
        _start -= octets.Length;
        octets.CopyTo(_octets.AsSpan(_start));
    }

    /// <summary>Puts an OBJECT IDENTIFIER before what is written.</summary>
    public void PrependOid(Oid oid) => WriteOid(Prepend((byte)SnmpType.ObjectIdentifier, OidLength(oid.Ids)), oid.Ids);

    /// <summary>Puts a header before what is written, which is its content from the end up to a length.</summary>
    /// <param name="tag">Tag.</param>
    /// <param name="contentLength">Octets of the content.</param>
    public void PrependHeader(byte tag, int contentLength)
    {
        int header = ElementLength(contentLength) - contentLength;
        _start -= header;
        WriteHeader(_octets.AsSpan(_start, header), tag, contentLength);
    }

    /// <summary>Octets of an element with a content of a length.</summary>
    public static int ElementLength(int content) => content + content switch
    {
        < 0x80 => 2,
        < 0x100 => 3,
        < 0x10000 => 4,
        < 0x1000000 => 5,
        _ => 6,
    };

    private Span<byte> Prepend(byte tag, int contentLength)
    {
        _start -= contentLength;
        Span<byte> content = _octets.AsSpan(_start, contentLength);
        PrependHeader(tag, contentLength);
        return content;
    }

    private static Span<byte> WriteHeader(Span<byte> target, byte tag, int length)
    {
        target[0] = tag;
        if (length < 0x80)
        {
            target[1] = (byte)length;
            return target[2..];
        }

        int count = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
        target[1] = (byte)(0x80 | count);
        for (int i = count + 1; i >= 2; i--)
        {
            target[i] = (byte)length;
            length >>= 8;
        }

        return target[(2 + count)..];
    }

    private static int ValueLength(in SnmpValue value) => value.Type switch
    {
        SnmpType.Integer32 => IntegerLength(value.Int32),
        SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks or SnmpType.Counter64 => UnsignedLength(value.Unsigned),
        SnmpType.OctetString or SnmpType.IpAddress or SnmpType.Opaque => value.Octets.Length,
        SnmpType.ObjectIdentifier => OidLength(value.Oid.Ids),
        _ => 0,
    };

    private static void WriteValue(Span<byte> target, in SnmpValue value)
    {
        switch (value.Type)
        {
            case SnmpType.Integer32:
                WriteInteger(target, value.Int32);
                break;
            case SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks or SnmpType.Counter64:
                WriteUnsigned(target, value.Unsigned);
                break;
            case SnmpType.OctetString or SnmpType.IpAddress or SnmpType.Opaque:
                value.Octets.Span.CopyTo(target);
                break;
            case SnmpType.ObjectIdentifier:
                WriteOid(target, value.Oid.Ids);
                break;
            default:
                break;
        }
    }

    private static int IntegerLength(long value) => (BitOperations.Log2((ulong)(value ^ (value >> 63))) + (value is 0 or -1 ? 8 : 9)) / 8;

    private static int UnsignedLength(ulong value) => (BitOperations.Log2(value) / 8) + 1 + (value != 0 && BitOperations.Log2(value) % 8 == 7 ? 1 : 0);

    private static void WriteInteger(Span<byte> target, long value)
    {
        for (int i = target.Length - 1; i >= 0; i--)
        {
            target[i] = (byte)value;
            value >>= 8;
        }
    }

    private static void WriteUnsigned(Span<byte> target, ulong value)
    {
        for (int i = target.Length - 1; i >= 0; i--)
        {
            target[i] = (byte)value;
            value >>= 8;
        }
    }

    private static ulong First(ReadOnlySpan<uint> ids) => ids.Length switch
    {
        0 => 0,
        1 => ids[0] * 40UL,
        _ => (ids[0] * 40UL) + ids[1],
    };

    private static int OidLength(ReadOnlySpan<uint> ids)
    {
        int length = SubIdentifierLength(First(ids));
        for (int i = 2; i < ids.Length; i++)
        {
            length += SubIdentifierLength(ids[i]);
        }

        return length;
    }

    private static int SubIdentifierLength(ulong id) => id < 0x80 ? 1 : (BitOperations.Log2(id) / 7) + 1;

    private static void WriteOid(Span<byte> target, ReadOnlySpan<uint> ids)
    {
        int at = WriteSubIdentifier(target, First(ids));
        for (int i = 2; i < ids.Length; i++)
        {
            uint id = ids[i];
            if (id < 0x80)
            {
                target[at++] = (byte)id;
            }
            else
            {
                at += WriteSubIdentifier(target[at..], id);
            }
        }
    }

    private static int WriteSubIdentifier(Span<byte> target, ulong id)
    {
        int length = SubIdentifierLength(id);
        for (int i = length - 1; i >= 0; i--)
        {
            target[i] = (byte)((id & 0x7F) | (i == length - 1 ? 0u : 0x80u));
            id >>= 7;
        }

        return length;
    }
}
