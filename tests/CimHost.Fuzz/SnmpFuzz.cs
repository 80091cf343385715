using System.Net;
using CimHost.Snmp;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Client;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Security;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Messages to the agent of every version, and answers to its client.</summary>
public class SnmpFuzz
{
    private static readonly UserCredentials s_user = UserCredentials.FromPasswords("fuzz", AuthenticationProtocol.Sha256, "authentication", PrivacyProtocol.Aes128, "encryption");
    private static readonly UserKeys s_keys = s_user.At(Engine.Id);

    private static readonly SnmpAccess s_access = new(
        [Community.Create(new CommunityOptions { Name = "public", Access = CommunityAccess.ReadWrite })],
        [new SnmpUser(s_user, s_keys, new AccessRight(SecurityLevel.NoAuthNoPriv, MibView.Everything, true))]);

    private static readonly SnmpAgent s_agent = new(new Tree(), s_access, new Engine(), 1472);

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
        var agent = new SnmpAgent(new Tree(), s_access, new Engine(), 1472);
        ReadOnlyMemory<byte> answer = agent.AnswerAsync(data.ToArray(), IPAddress.Loopback, default).AsTask().GetAwaiter().GetResult();
        if (!answer.IsEmpty && !IsV3(answer.Span))
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

    /// <summary>
    /// What a sender with the keys can do: the input is the scoped PDU of a message that is authentic and encrypted. Its first octet says
    /// how much is wrong: the level, and whether the fuzzer's octets are the whole message instead.
    /// </summary>
    [Fact]
    public void Any_message_of_version_3_gets_an_answer_that_can_be_read_or_none() => Fuzzer.Run(V3Seeds(), static data =>
    {
        if (data.Length == 0)
        {
            return;
        }

        byte[] message = (data[0] & 8) != 0 ? data[1..] : Secure(data.AsSpan(1), (SecurityLevel)(1 + (data[0] % 3)));
        Check(s_agent.AnswerAsync(message, IPAddress.Loopback, default).AsTask().GetAwaiter().GetResult().Span);

        // And what a manager makes of it as an answer.
        using var manager = new UserModel(s_user, TimeProvider.System);
        var pdu = new Pdu();
        for (int i = 0; i < 2; i++)
        {
            var buffer = new BerBuffer(1472);
            manager.Write(buffer, PduType.Get, 1, 0, 0, []);
            manager.Read(s_agent.AnswerAsync(buffer.Written, IPAddress.Loopback, default).AsTask().GetAwaiter().GetResult().Span, 1, pdu, out _);
        }

        manager.Read(message, 1, pdu, out _);
    });

    private static bool IsV3(ReadOnlySpan<byte> answer)
    {
        var outer = new BerReader(answer);
        return outer.TryEnter(BerReader.Sequence, out BerReader inside) && inside.TryReadInt32(out int version) && version == (int)SnmpVersion.V3;
    }

    private static byte[][] V3Seeds()
    {
        byte[] Scoped(PduType type, string context, params VarBind[] variables)
        {
            var buffer = new BerBuffer(1472);
            SnmpClient.Append(buffer, variables);
            Pdu.WriteHead(buffer, type, 1, 0, type == PduType.GetBulk ? 20 : 0);
            V3Message.WriteScoped(buffer, Engine.Id, System.Text.Encoding.UTF8.GetBytes(context));
            return buffer.Written.ToArray();
        }

        byte[] get = Scoped(PduType.Get, "", new VarBind(Oid.Parse("1.3.6.1.2.1.1.1.0"), SnmpValue.Null)), bulk = Scoped(PduType.GetBulk, "", new VarBind(Oid.Parse("1.3"), SnmpValue.Null));
        byte[] set = Scoped(PduType.Set, "", new VarBind(Oid.Parse("1.3.6.1.2.1.1.1.0"), SnmpValue.Text("x"))), other = Scoped(PduType.Inform, "other");
        return
        [
            .. new[] { get, bulk, set, other }.SelectMany(s => new byte[][] { [0, .. s], [1, .. s], [2, .. s] }),
            .. Enumerable.Range(1, 3).Select(level => (byte[])[8, .. Secure(get, (SecurityLevel)level)]),
        ];
    }

    private static byte[] Secure(ReadOnlySpan<byte> scoped, SecurityLevel level)
    {
        // A scoped PDU is put into the buffer as if it had been appended; what is too long is cut.
        var buffer = new BerBuffer(1472);
        ReadOnlySpan<byte> cut = scoped[..Math.Min(scoped.Length, 1000)];
        buffer.PrependRaw(cut);
        new V3Message
        {
            MessageId = 1,
            MaxSize = 1472,
            Flags = (byte)(V3Message.FlagsOf(level) | V3Message.ReportableFlag),
            EngineId = Engine.Id,
            EngineBoots = 1,
            EngineTime = 100,
            UserName = s_user.NameOctets,
        }.Write(buffer, s_keys);
        return buffer.Written.ToArray();
    }

    private static void Check(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty)
        {
            return;
        }

        var outer = new BerReader(answer);
        if (!outer.TryEnter(BerReader.Sequence, out BerReader inside) || !inside.TryReadInt32(out _) || !V3Message.TryRead(inside, out V3Message head) || !head.TryReadUserBased()
            || (head.Level >= SecurityLevel.AuthNoPriv && !s_keys.Authentication!.IsRight(answer, head.Digest)))
        {
            throw new InvalidOperationException($"The answer {Convert.ToHexString(answer)} cannot be read.");
        }
    }

    private sealed class Engine : ISnmpEngineFacts
    {
        public static readonly byte[] Id = [0x80, 0, 0x7E, 0xD9, 5, 1, 2, 3];

        public ReadOnlyMemory<byte> EngineId => Id;

        public int EngineBoots => 1;

        public int EngineTime => 100;

        public int MaxMessageSize => 1472;

        public uint UpTime => 10_000;

        public SnmpCounters Counters { get; } = new();

        public bool AuthenticationTraps { get; set; }
    }

    internal sealed class Tree : IMibTree
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

        public bool IsTimeStamp(Oid name) => name == s_all[1].Name;

        public (SnmpErrorStatus Status, int Index) TestSet(IReadOnlyList<VarBind> variables) => variables.Count % 2 == 0 ? (SnmpErrorStatus.NoError, 0) : (SnmpErrorStatus.NotWritable, 1);

        public ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(IReadOnlyList<VarBind> variables, CancellationToken cancellationToken) =>
            ValueTask.FromResult(TestSet(variables));
    }
}
