using System.Net;
using CimHost.Snmp;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Messages to the agent, and the head of messages of SNMPv3.</summary>
public class SnmpFuzz
{
    private static readonly byte[][] s_seeds =
    [
        Convert.FromHexString("302602010104067075626C6963A019020101020100020100300E300C06082B060102010101000500"),
        Convert.FromHexString("302602010004067075626C6963A119020101020100020100300E300C06082B060102010101000500"),
        Convert.FromHexString("302602010104067075626C6963A519020101020100020132300E300C06082B060102010101000500"),
        Convert.FromHexString("302A02010104067075626C6963A31D0201010201000201003012301006082B060102010104000404726F6F74"),
    ];

    [Fact]
    public void Any_message_gets_an_answer_that_can_be_read_or_none() => Fuzzer.Run(s_seeds, static data =>
    {
        var agent = new SnmpAgent(new Tree(), [Community.Create(new CommunityOptions { Name = "public", Access = CommunityAccess.ReadWrite })], new SnmpCounters(), 1472);
        ReadOnlyMemory<byte> answer = agent.AnswerAsync(data.ToArray(), IPAddress.Loopback, default).AsTask().GetAwaiter().GetResult();
        if (!answer.IsEmpty)
        {
            var outer = new BerReader(answer.Span);
            var pdu = new Pdu();
            if (!outer.TryEnter(BerReader.Sequence, out BerReader inside) || !inside.TryReadInt32(out _) || !inside.TryRead((byte)SnmpType.OctetString, out _) || !pdu.TryRead(inside.Rest))
            {
                throw new InvalidOperationException($"The answer {Convert.ToHexString(answer.Span)} cannot be read.");
            }
        }

        _ = BerReader.MessageLength(data);
    });

    private sealed class Tree : IMibTree
    {
        private static readonly VarBind[] s_all =
        [
            new(Oid.Parse("1.3.6.1.2.1.1.1.0"), SnmpValue.Text("A host")), new(Oid.Parse("1.3.6.1.2.1.1.3.0"), SnmpValue.TimeTicks(uint.MaxValue)),
            new(Oid.Parse("1.3.6.1.2.1.2.2.1.1.4294967295"), SnmpValue.Integer(int.MinValue)), new(Oid.Parse("1.3.6.1.2.1.31.1"), SnmpValue.Counter64(ulong.MaxValue)),
        ];

        public SnmpValue Get(Oid name) => s_all.FirstOrDefault(v => v.Name == name) is { Name.Length: > 0 } found ? found.Value : SnmpValue.NoSuchObject;

        public bool TryGetNext(Oid after, out VarBind next)
        {
            next = s_all.FirstOrDefault(v => v.Name > after);
            return next.Name.Length > 0;
        }

        public ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(IReadOnlyList<VarBind> variables, CancellationToken cancellationToken) =>
            ValueTask.FromResult(variables.Count % 2 == 0 ? (SnmpErrorStatus.NoError, 0) : (SnmpErrorStatus.NotWritable, 1));
    }
}
