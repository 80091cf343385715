using System.Buffers;
using System.Buffers.Binary;

namespace CimHost.Snmp.AgentX.Wire;

/// <summary>Writes PDUs of AgentX (RFC 2741 sections 5 and 6), in network byte order. Used again and again; not thread-safe.</summary>
internal sealed class AgentXWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private AgentXHeader _header;

    /// <summary>Begins a PDU, in place of the one before.</summary>
    public void Begin(AgentXType type, uint sessionId, uint transactionId, uint packetId)
    {
        _buffer.ResetWrittenCount();
        _buffer.GetSpan(AgentXHeader.Length)[..AgentXHeader.Length].Clear();
        _buffer.Advance(AgentXHeader.Length);
        _header = new AgentXHeader(type, 0, sessionId, transactionId, packetId, 0);
    }

    /// <summary>Ends the PDU and returns it; valid until the next one is begun.</summary>
    public ReadOnlyMemory<byte> End()
    {
        ReadOnlyMemory<byte> written = _buffer.WrittenMemory;
        (_header with { PayloadLength = written.Length - AgentXHeader.Length }).Write(System.Runtime.InteropServices.MemoryMarshal.AsMemory(written).Span);
        return written;
    }

    /// <summary>Writes an octet.</summary>
    public void WriteByte(byte value) => _buffer.Write([value]);

    /// <summary>Writes octets of zero.</summary>
    public void WriteZeros(int count)
    {
        _buffer.GetSpan(count)[..count].Clear();
        _buffer.Advance(count);
    }

    /// <summary>Writes a number of 16 bits.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
    }

    /// <summary>Writes a number of 32 bits.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>Writes an object identifier; 1.3.6.1 and a small number after it are told in one octet.</summary>
    /// <param name="oid">The object identifier.</param>
    /// <param name="include">Of the start of a search range: whether it is a fitting answer itself.</param>
    public void WriteOid(Oid oid, bool include = false)
    {
        ReadOnlySpan<uint> ids = oid.Ids;
        bool hasPrefix = ids.Length >= 5 && ids[..4].SequenceEqual([1u, 3u, 6u, 1u]) && ids[4] is > 0 and <= byte.MaxValue;
        ReadOnlySpan<uint> rest = hasPrefix ? ids[5..] : ids;
        WriteByte((byte)rest.Length);
        WriteByte(hasPrefix ? (byte)ids[4] : (byte)0);
        WriteByte(include ? (byte)1 : (byte)0);
        WriteByte(0);
        foreach (uint id in rest)
        {
            WriteUInt32(id);
        }
    }

    /// <summary>Writes an octet string.</summary>
    public void WriteOctetString(ReadOnlySpan<byte> octets)
    {
        WriteUInt32((uint)octets.Length);
        _buffer.Write(octets);
        WriteZeros(Padding(octets.Length));
    }

    /// <summary>Writes a variable binding.</summary>
    public void WriteVarBind(VarBind variable)
    {
        SnmpValue value = variable.Value;
        WriteUInt16((ushort)value.Type);
        WriteUInt16(0);
        WriteOid(variable.Name);
        switch (value.Type)
        {
            case SnmpType.Integer32:
                WriteUInt32((uint)value.Int32);
                break;
            case SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks:
                WriteUInt32((uint)value.Unsigned);
                break;
            case SnmpType.Counter64:
                WriteUInt32((uint)(value.Unsigned >> 32));
                WriteUInt32((uint)value.Unsigned);
                break;
            case SnmpType.ObjectIdentifier:
                WriteOid(value.Oid);
                break;
            case SnmpType.OctetString or SnmpType.Opaque or SnmpType.IpAddress:
                WriteOctetString(value.Octets.Span);
                break;
            default:
                // Null, noSuchObject, noSuchInstance and endOfMibView have no data.
                break;
        }
    }

    /// <summary>Octets that fill an octet string up to a multiple of four.</summary>
    public static int Padding(int length) => -length & 3;
}
