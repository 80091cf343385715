using System.Buffers.Binary;
using CimHost.Snmp;
using CimHost.Snmp.AgentX;
using CimHost.Snmp.AgentX.Wire;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>PDUs of an AgentX master to the host as its subagent.</summary>
public class AgentXFuzz
{
    private static readonly Oid s_name = Oid.Parse("1.3.6.1.2.1.1.1.0");

    [Fact]
    public void Any_PDU_is_refused_or_gets_a_response_that_can_be_read() => Fuzzer.Run(Seeds(), static data =>
    {
        // A few PDUs after each other, as a session takes them: a Set is made of several.
        var responder = new AgentXResponder(new SnmpFuzz.Tree(), static () => 1000);
        var request = new AgentXRequest();
        var answer = new AgentXWriter();
        ReadOnlyMemory<byte> rest = data;
        while (AgentXHeader.TryRead(rest.Span, out AgentXHeader header) && rest.Length - AgentXHeader.Length >= header.PayloadLength)
        {
            ReadOnlySpan<byte> payload = rest.Span.Slice(AgentXHeader.Length, header.PayloadLength);
            _ = AgentXResponse.TryRead(header, payload, out _);
            if (request.TryRead(header, payload) && responder.RespondAsync(request, answer, default).AsTask().GetAwaiter().GetResult())
            {
                Check(header, answer.End().Span);
            }

            rest = rest[(AgentXHeader.Length + header.PayloadLength)..];
        }
    });

    private static void Check(AgentXHeader request, ReadOnlySpan<byte> pdu)
    {
        bool isRead = AgentXHeader.TryRead(pdu, out AgentXHeader header) && header.PacketId == request.PacketId && AgentXResponse.TryRead(header, pdu[AgentXHeader.Length..], out _);
        var reader = new AgentXReader(isRead ? pdu[(AgentXHeader.Length + 8)..] : default, header.IsBigEndian);
        while (isRead && !reader.IsAtEnd)
        {
            isRead = reader.TryReadVarBind(out _);
        }

        if (!isRead)
        {
            throw new InvalidOperationException($"The response {Convert.ToHexString(pdu)} cannot be read.");
        }
    }

    private static byte[][] Seeds()
    {
        byte[] get = Pdu(AgentXType.Get, Range), next = Pdu(AgentXType.GetNext, Range);
        byte[] bulk = Pdu(AgentXType.GetBulk, static w =>
        {
            w.WriteUInt16(0);
            w.WriteUInt16(20);
            Range(w);
        });
        byte[] test = Pdu(AgentXType.TestSet, static w =>
        {
            w.WriteVarBind(new VarBind(s_name, SnmpValue.Text("text")));
            w.WriteVarBind(new VarBind(s_name, SnmpValue.ObjectIdentifier(s_name)));
        });
        byte[] commit = Pdu(AgentXType.CommitSet, static _ => { }), undo = Pdu(AgentXType.UndoSet, static _ => { }), clean = Pdu(AgentXType.CleanupSet, static _ => { });

        // The same header in the other byte order, for a PDU that is all header.
        byte[] little = [.. commit];
        little[2] = 0;
        for (int at = 4; at < AgentXHeader.Length; at += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(little.AsSpan(at), BinaryPrimitives.ReadUInt32BigEndian(commit.AsSpan(at)));
        }

        byte[] response = Pdu(AgentXType.Response, static w => w.WriteZeros(8));
        return [get, next, bulk, [.. test, .. commit, .. undo], [.. test, .. commit, .. clean], little, response];
    }

    private static void Range(AgentXWriter writer)
    {
        writer.WriteOid(s_name, include: true);
        writer.WriteOid(default);
    }

    private static byte[] Pdu(AgentXType type, Action<AgentXWriter> write)
    {
        var writer = new AgentXWriter();
        writer.Begin(type, 1, 2, 3);
        write(writer);
        return writer.End().ToArray();
    }
}
