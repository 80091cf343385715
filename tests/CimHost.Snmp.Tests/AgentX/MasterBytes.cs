using CimHost.Snmp.AgentX.Wire;

namespace CimHost.Snmp.Tests.AgentX;

/// <summary>PDUs as a master sends them.</summary>
internal static class MasterBytes
{
    /// <summary>A request with what <paramref name="write"/> puts behind its header.</summary>
    public static AgentXRequest Request(AgentXType type, Action<AgentXWriter> write, uint transaction = 7)
    {
        var writer = new AgentXWriter();
        writer.Begin(type, 3, transaction, 9);
        write(writer);
        ReadOnlySpan<byte> pdu = writer.End().Span;
        var request = new AgentXRequest();
        Assert.True(AgentXHeader.TryRead(pdu, out AgentXHeader header));
        Assert.Equal(pdu.Length - AgentXHeader.Length, header.PayloadLength);
        Assert.True(request.TryRead(header, pdu[AgentXHeader.Length..]));
        return request;
    }

    /// <summary>Writes a search range.</summary>
    public static void WriteRange(AgentXWriter writer, string start, string end = "", bool include = false)
    {
        writer.WriteOid(Oid.Parse(start), include);
        writer.WriteOid(end.Length == 0 ? default : Oid.Parse(end));
    }

    /// <summary>What a response says.</summary>
    public static (int Error, int Index, List<VarBind> Variables) Read(AgentXWriter writer)
    {
        ReadOnlySpan<byte> pdu = writer.End().Span;
        Assert.True(AgentXHeader.TryRead(pdu, out AgentXHeader header));
        Assert.Equal((AgentXType.Response, 3u, 9u), (header.Type, header.SessionId, header.PacketId));
        var reader = new AgentXReader(pdu[AgentXHeader.Length..], header.IsBigEndian);
        Assert.True(reader.TryReadUInt32(out _) && reader.TryReadUInt16(out _));
        reader = new AgentXReader(pdu[(AgentXHeader.Length + 4)..], header.IsBigEndian);
        Assert.True(reader.TryReadUInt16(out ushort error) && reader.TryReadUInt16(out _));
        ushort index = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(pdu[(AgentXHeader.Length + 6)..]);
        var variables = new List<VarBind>();
        while (!reader.IsAtEnd)
        {
            Assert.True(reader.TryReadVarBind(out VarBind variable));
            variables.Add(variable);
        }

        return (error, index, variables);
    }
}
