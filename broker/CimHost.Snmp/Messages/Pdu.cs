using CimHost.Snmp.Ber;

namespace CimHost.Snmp.Messages;

/// <summary>A PDU of any kind but the trap of SNMPv1 (RFC 3416 section 3). Used again and again; not thread-safe.</summary>
internal sealed class Pdu
{
    /// <summary>Kind.</summary>
    public PduType Type { get; set; }

    /// <summary>request-id.</summary>
    public int RequestId { get; set; }

    /// <summary>error-status; in a GetBulkRequest non-repeaters.</summary>
    public int ErrorStatus { get; set; }

    /// <summary>error-index; in a GetBulkRequest max-repetitions.</summary>
    public int ErrorIndex { get; set; }

    /// <summary>Variable bindings.</summary>
    public List<VarBind> Variables { get; } = [];

    /// <summary>Reads a PDU; <paramref name="octets"/> holds it from its tag to its end and nothing else.</summary>
    public bool TryRead(ReadOnlySpan<byte> octets)
    {
        Variables.Clear();
        RequestId = 0;
        var outer = new BerReader(octets);
        if (!outer.TryReadAny(out byte tag, out ReadOnlySpan<byte> content) || !outer.IsAtEnd || tag is < (byte)PduType.Get or > (byte)PduType.Report or (byte)PduType.TrapV1)
        {
            return false;
        }

        Type = (PduType)tag;
        var inside = new BerReader(content);
        if (!inside.TryReadInt32(out int requestId) || !inside.TryReadInt32(out int status) || !inside.TryReadInt32(out int index)
            || !inside.TryEnter(BerReader.Sequence, out BerReader list) || !inside.IsAtEnd)
        {
            return false;
        }

        RequestId = requestId;
        ErrorStatus = status;
        ErrorIndex = index;
        return TryReadVariables(list, Variables);
    }

    /// <summary>Reads the content of a VarBindList.</summary>
    public static bool TryReadVariables(BerReader list, List<VarBind> variables)
    {
        while (!list.IsAtEnd)
        {
            if (!list.TryEnter(BerReader.Sequence, out BerReader binding) || !binding.TryReadOid(out Oid name) || !binding.TryReadValue(out SnmpValue value) || !binding.IsAtEnd)
            {
                return false;
            }

            variables.Add(new VarBind(name, value));
        }

        return true;
    }

    /// <summary>Puts the head of a PDU before the variable bindings that a buffer holds.</summary>
    public static void WriteHead(BerBuffer buffer, PduType type, int requestId, int status, int index)
    {
        buffer.PrependHeader(BerReader.Sequence, buffer.Length);
        buffer.PrependInteger(index);
        buffer.PrependInteger(status);
        buffer.PrependInteger(requestId);
        buffer.PrependHeader((byte)type, buffer.Length);
    }
}
