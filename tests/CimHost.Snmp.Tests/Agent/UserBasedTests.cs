using System.Net;
using CimHost.ObjectManager.Tests;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Client;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Tests.Agent;

/// <summary>The agent and a manager with clocks that a test moves, without a network.</summary>
public sealed class UserBasedTests : IDisposable
{
    private static readonly Oid s_upTime = Oid.Parse("1.3.6.1.2.1.1.3.0");
    private static readonly Oid s_name = Oid.Parse("1.3.6.1.2.1.1.5.0");

    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-usm-").FullName;
    private readonly UserCredentials _credentials = UserCredentials.FromPasswords("operator", AuthenticationProtocol.Sha256, "authentication", PrivacyProtocol.Aes128, "encryption");
    private readonly ManualTime _agentTime = new();
    private readonly ManualTime _managerTime = new();
    private readonly UserModel _manager;
    private readonly Pdu _pdu = new();
    private SnmpEngineFacts _engine;
    private SnmpAgent _agent;
    private string _reason = string.Empty;
    private AccessRight _access = new(SecurityLevel.AuthPriv, MibView.Everything, CanWrite: true);

    public UserBasedTests()
    {
        _manager = new UserModel(_credentials, _managerTime);
        (_engine, _agent) = Start();
    }

    public void Dispose()
    {
        _manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_manager_finds_out_the_engine_and_then_asks_in_secret()
    {
        Assert.Equal([Reception.Learned, Reception.Answer], await AskAsync());
        Assert.Equal(SnmpValue.TimeTicks(7), _pdu.Variables.Single().Value);
        Assert.Equal([Reception.Answer], await AskAsync());
        Assert.Equal(1u, _engine.Counters[SnmpCounter.UsmStatsUnknownEngineIDs]);
    }

    [Theory]
    [InlineData(149, false)]
    [InlineData(151, true)]
    public async Task A_clock_that_went_another_way_is_learned_from_an_authentic_report(int seconds, bool isOutside)
    {
        await AskAsync();
        _agentTime.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(isOutside ? [Reception.Learned, Reception.Answer] : [Reception.Answer], await AskAsync());
        Assert.Equal(isOutside ? 1u : 0, _engine.Counters[SnmpCounter.UsmStatsNotInTimeWindows]);

        // And the other way round, as far as the manager's clock only runs ahead.
        _managerTime.Advance(TimeSpan.FromSeconds((2 * seconds) + 10));
        Assert.Equal([Reception.Learned, Reception.Answer], await AskAsync());
    }

    [Fact]
    public async Task An_engine_that_started_again_has_another_boot_and_the_manager_learns_it()
    {
        await AskAsync();
        (_engine, _agent) = Start();
        Assert.Equal(2, _engine.EngineBoots);
        Assert.Equal([Reception.Learned, Reception.Answer], await AskAsync());
        Assert.Equal(1u, _engine.Counters[SnmpCounter.UsmStatsNotInTimeWindows]);
    }

    [Fact]
    public async Task An_engine_that_cannot_count_its_boots_any_more_answers_nobody()
    {
        File.WriteAllText(Path.Combine(_folder, "snmp-engine"), $"{Convert.ToHexString(_engine.EngineId.Span)} {int.MaxValue}\n");
        (_engine, _agent) = Start();
        Reception[] receptions = await AskAsync();
        Assert.All(receptions, r => Assert.Equal(Reception.Learned, r));
        Assert.Equal(receptions.Length - 1, (int)_engine.Counters[SnmpCounter.UsmStatsNotInTimeWindows]);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_later_or_changed_in_one_octet_gets_no_data()
    {
        await AskAsync();
        byte[] message = Request();
        Assert.NotEmpty(await AnswerAsync(message));
        for (int i = 0; i < message.Length; i++)
        {
            byte[] changed = [.. message];
            changed[i] ^= 0x10;
            byte[] answer = await AnswerAsync(changed);
            Assert.True(answer.Length == 0 || IsReport(answer), $"Octet {i} can be changed.");
        }

        _agentTime.Advance(TimeSpan.FromSeconds(151));
        Assert.True(IsReport(await AnswerAsync(message)));
    }

    [Fact]
    public async Task A_security_level_below_the_floor_is_an_authorization_error_and_nothing_is_read()
    {
        _access = _access with { Level = SecurityLevel.AuthPriv };
        (_engine, _agent) = Start();
        using var low = new UserModel(UserCredentials.FromPasswords("operator", AuthenticationProtocol.Sha256, "authentication", PrivacyProtocol.None, null), _managerTime);
        Assert.Equal([Reception.Learned, Reception.Answer], await AskAsync(low));
        Assert.Equal((int)SnmpErrorStatus.AuthorizationError, _pdu.ErrorStatus);
        Assert.Equal(SnmpValue.Null, _pdu.Variables.Single().Value);
    }

    [Fact]
    public async Task Outside_the_view_nothing_exists_and_nothing_is_set()
    {
        _access = _access with { View = MibView.Create(["1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.2"]) };
        (_engine, _agent) = Start();
        await AskAsync(PduType.Get, new VarBind(s_upTime, SnmpValue.Null));
        Assert.Equal(SnmpValue.NoSuchObject, _pdu.Variables.Single().Value);
        await AskAsync(PduType.GetNext, new VarBind(Oid.Parse("1.3"), SnmpValue.Null));
        Assert.Equal(s_name, _pdu.Variables.Single().Name);
        await AskAsync(PduType.GetNext, new VarBind(s_name, SnmpValue.Null));
        Assert.Equal(SnmpValue.EndOfMibView, _pdu.Variables.Single().Value);
        await AskAsync(PduType.Set, new VarBind(s_name, SnmpValue.Text("a")), new VarBind(s_upTime, SnmpValue.Text("b")));
        Assert.Equal(((int)SnmpErrorStatus.NoAccess, 2), (_pdu.ErrorStatus, _pdu.ErrorIndex));
    }

    [Fact]
    public async Task The_other_sides_limit_of_a_message_is_kept()
    {
        await AskAsync();
        var names = Enumerable.Repeat(new VarBind(s_name, SnmpValue.Null), 20).ToArray();
        byte[] answer = await AnswerAsync(Request(PduType.Get, 484, names));
        Assert.InRange(answer.Length, 1, 484);
        Assert.Equal(Reception.Answer, _manager.Read(answer, 1, _pdu, out _));
        Assert.Equal((int)SnmpErrorStatus.TooBig, _pdu.ErrorStatus);
    }

    [Fact]
    public async Task Nothing_is_reported_to_one_who_does_not_ask_for_it()
    {
        var buffer = new BerBuffer(1000);
        Pdu.WriteHead(buffer, PduType.Get, 1, 0, 0);
        V3Message.WriteScoped(buffer, default, default);
        new V3Message { MessageId = 1, MaxSize = 484 }.Write(buffer, UserKeys.None);
        Assert.Empty(await AnswerAsync(buffer.Written.ToArray()));
        Assert.Equal(1u, _engine.Counters[SnmpCounter.UsmStatsUnknownEngineIDs]);
    }

    [Fact]
    public async Task Encryption_without_authentication_is_no_message()
    {
        var buffer = new BerBuffer(1000);
        Pdu.WriteHead(buffer, PduType.Get, 1, 0, 0);
        V3Message.WriteScoped(buffer, default, default);
        new V3Message { MessageId = 1, MaxSize = 484, Flags = V3Message.ReportableFlag }.Write(buffer, UserKeys.None);
        byte[] message = buffer.Written.ToArray();

        // msgFlags: 04 01 04, to 04 01 06.
        int flags = message.AsSpan().IndexOf(new byte[] { 4, 1, V3Message.ReportableFlag }) + 2;
        message[flags] |= V3Message.PrivacyFlag;
        Assert.Empty(await AnswerAsync(message));
        Assert.Equal(1u, _engine.Counters[SnmpCounter.SnmpInvalidMsgs]);
    }

    [Theory]
    [InlineData(AuthenticationProtocol.Md5, PrivacyProtocol.Des)]
    [InlineData(AuthenticationProtocol.Sha224, PrivacyProtocol.Aes256C)]
    [InlineData(AuthenticationProtocol.Sha512, PrivacyProtocol.Aes192)]
    public void What_was_encrypted_comes_back_at_every_length(AuthenticationProtocol authentication, PrivacyProtocol privacy)
    {
        UserCredentials user = UserCredentials.FromPasswords("u", authentication, "authentication", privacy, "encryption");
        using UserKeys keys = user.At(_engine.EngineId.Span);
        for (int length = 1; length < 70; length++)
        {
            byte[] plain = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            byte[] data = new byte[(length + 15) / 16 * 16];
            plain.CopyTo(data, 0);
            int encrypted = keys.Privacy!.KeepsPadding ? (length + 7) / 8 * 8 : length;
            byte[] salt = new byte[8];
            keys.Privacy.Encrypt(data.AsSpan(0, (length + keys.Privacy.BlockLength - 1) / keys.Privacy.BlockLength * keys.Privacy.BlockLength), 3, 4, salt);
            byte[] received = new byte[length + 32];
            data.AsSpan(0, encrypted).CopyTo(received);
            Assert.NotEqual(plain, received[..length]);
            Assert.True(keys.Privacy.TryDecrypt(received, encrypted, 3, 4, salt));
            Assert.Equal(plain, received[..length]);
        }
    }

    private (SnmpEngineFacts Engine, SnmpAgent Agent) Start()
    {
        var engine = SnmpEngineFacts.Open(Path.Combine(_folder, "snmp-engine"), CimHostOids.DefaultEnterprise, _agentTime);
        var user = new SnmpUser(_credentials, _credentials.At(engine.EngineId.Span), _access);
        return (engine, new SnmpAgent(new Tree(), new SnmpAccess([], [user]), engine, 1472));
    }

    private Task<Reception[]> AskAsync(UserModel? manager = null) => AskAsync(manager ?? _manager, PduType.Get, new VarBind(s_upTime, SnmpValue.Null));

    private Task<Reception[]> AskAsync(PduType type, params VarBind[] variables) => AskAsync(_manager, type, variables);

    // As the client does it: what is learned makes it send again, four times at most.
    private async Task<Reception[]> AskAsync(UserModel manager, PduType type, params VarBind[] variables)
    {
        var receptions = new List<Reception>();
        do
        {
            var buffer = new BerBuffer(2000);
            manager.Write(buffer, type, 1, 0, 0, variables);
            receptions.Add(manager.Read(await AnswerAsync(buffer.Written.ToArray()), 1, _pdu, out _reason));
        }
        while (receptions[^1] == Reception.Learned && receptions.Count < 5);
        Assert.Empty(_reason);
        return [.. receptions];
    }

    private byte[] Request()
    {
        var buffer = new BerBuffer(2000);
        _manager.Write(buffer, PduType.Get, 1, 0, 0, [new VarBind(s_upTime, SnmpValue.Null)]);
        return buffer.Written.ToArray();
    }

    private byte[] Request(PduType type, int maxSize, VarBind[] variables)
    {
        // The manager's own message fixes the identifier that its answer must have.
        var outer = new BerReader(Request());
        Assert.True(outer.TryEnter(BerReader.Sequence, out BerReader inside) && inside.TryReadInt32(out _));
        Assert.True(V3Message.TryRead(inside, out V3Message head) && head.TryReadUserBased());
        var buffer = new BerBuffer(2000);
        SnmpClient.Append(buffer, variables);
        Pdu.WriteHead(buffer, type, 1, 0, 0);
        V3Message.WriteScoped(buffer, head.EngineId, default);
        head.MaxSize = maxSize;
        using UserKeys keys = _credentials.At(head.EngineId);
        head.Write(buffer, keys);
        return buffer.Written.ToArray();
    }

    private async Task<byte[]> AnswerAsync(byte[] message) => (await _agent.AnswerAsync(message, IPAddress.Loopback, CancellationToken.None)).ToArray();

    // Reports at AuthPriv do not exist: whatever is not encrypted has no data.
    private static bool IsReport(byte[] answer)
    {
        var outer = new BerReader(answer);
        return outer.TryEnter(BerReader.Sequence, out BerReader inside) && inside.TryReadInt32(out _) && V3Message.TryRead(inside, out V3Message head) && (head.Flags & V3Message.PrivacyFlag) == 0;
    }

    private sealed class Tree : IMibTree
    {
        private static readonly VarBind[] s_all = [new(s_upTime, SnmpValue.TimeTicks(7)), new(s_name, SnmpValue.Text(new string('n', 100))), new(Oid.Parse("1.3.6.1.2.1.99.1"), SnmpValue.Integer(1))];

        public SnmpValue Get(Oid name) => Array.Find(s_all, v => v.Name == name) is { Name.Length: > 0 } found ? found.Value : SnmpValue.NoSuchObject;

        public bool TryGetNext(Oid after, out VarBind next)
        {
            next = Array.Find(s_all, v => v.Name > after);
            return next.Name.Length > 0;
        }

        public bool IsTimeStamp(Oid name) => false;

        public (SnmpErrorStatus Status, int Index) TestSet(IReadOnlyList<VarBind> variables) => (SnmpErrorStatus.NoError, 0);

        public ValueTask<(SnmpErrorStatus Status, int Index)> SetAsync(IReadOnlyList<VarBind> variables, CancellationToken cancellationToken) => ValueTask.FromResult((SnmpErrorStatus.NoError, 0));
    }
}
