using System.Buffers.Binary;
using CimHost.Snmp.AgentX;
using CimHost.Snmp.AgentX.Wire;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Notifications;
using CimHost.Snmp.Tests.Mib;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.Snmp.Tests.AgentX;

/// <summary>What snmpd never or hardly ever does to a subagent.</summary>
public sealed class AgentXSubagentTests : IDisposable
{
    private const string Readings = "1.3.6.1.2.1.99.1.1.1.4";
    private readonly ScriptedMaster _master = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(1));

    [Fact]
    public async Task A_GetBulk_is_answered_and_a_session_that_is_not_ours_and_a_request_that_is_none_are_told()
    {
        await using ModelHost host = await HostAsync();
        AgentXSubagent subagent = Subagent();
        Task running = subagent.RunAsync(host.Model, _stop.Token);
        await OpenAsync();

        await _master.SendAsync(
            AgentXType.GetBulk,
            1,
            w =>
            {
                w.WriteUInt16(0);
                w.WriteUInt16(2);
                MasterBytes.WriteRange(w, Readings);
            },
            _stop.Token);
        (AgentXHeader header, byte[] payload) = await _master.ReceiveAsync(_stop.Token);
        Assert.Equal((AgentXType.Response, 1u, 5u, ScriptedMaster.SessionId), (header.Type, header.PacketId, header.TransactionId, header.SessionId));
        Assert.Equal(host.Walk(Readings)[..2], Variables(payload));

        // An index that the host does not allocate is none of its requests.
        await _master.SendAsync((AgentXType)14, 2, static _ => { }, _stop.Token);
        Assert.Equal(AgentXError.ParseError, await ErrorAsync());
        byte[] foreign = Convert.FromHexString("01051000" + "00000001" + "00000001" + "00000003" + "00000000");
        await _master.SendAsync(foreign, _stop.Token);
        Assert.Equal(AgentXError.NotOpen, await ErrorAsync());

        // It takes leave at the end.
        await _stop.CancelAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        (header, payload) = await _master.ReceiveAsync(limit.Token);
        Assert.Equal((AgentXType.Close, (byte)AgentXCloseReason.Shutdown), (header.Type, payload[0]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_master_that_sends_nonsense_is_left_and_tried_again()
    {
        await using ModelHost host = await HostAsync();
        AgentXSubagent subagent = Subagent();
        Task running = subagent.RunAsync(host.Model, _stop.Token);
        await OpenAsync();
        await _master.SendAsync(new byte[AgentXHeader.Length], _stop.Token);
        (AgentXHeader header, byte[] payload) = await _master.ReceiveAsync(_stop.Token);
        Assert.Equal((AgentXType.Close, (byte)AgentXCloseReason.ParseError), (header.Type, payload[0]));
        await OpenAsync();
        await StatusAsync(subagent, s => s.IsConnected);

        // What it is told goes to the session that there is.
        Task told = subagent.SendAsync(Notification.WarmStart, _stop.Token);
        byte[] notify = await _master.GrantAsync(AgentXType.Notify, _stop.Token);
        await told;
        Assert.Equal([new VarBind(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.ObjectIdentifier(Notification.WarmStart.Name))], Variables([.. new byte[8], .. notify]));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_master_that_refuses_or_closes_is_told_with_its_reason()
    {
        await using ModelHost host = await HostAsync();
        AgentXSubagent subagent = Subagent();
        Task running = subagent.RunAsync(host.Model, _stop.Token);
        await _master.AcceptAsync(_stop.Token);
        (AgentXHeader header, _) = await _master.ReceiveAsync(_stop.Token);
        await _master.SendAsync(
            AgentXType.Response,
            header.PacketId,
            static w =>
            {
                w.WriteUInt32(0);
                w.WriteUInt16((ushort)AgentXError.OpenFailed);
                w.WriteUInt16(0);
            },
            _stop.Token);
        await StatusAsync(subagent, s => s.Reason.Contains("OpenFailed", StringComparison.Ordinal));
        await OpenAsync();
        await StatusAsync(subagent, s => s.IsConnected);
        await _master.SendAsync(AgentXType.Close, 9, static w => w.WriteUInt32((uint)AgentXCloseReason.ByManager << 24), _stop.Token);
        await StatusAsync(subagent, s => !s.IsConnected && s.Reason.Contains("ByManager", StringComparison.Ordinal));
        IOException nobody = await Assert.ThrowsAsync<IOException>(() => subagent.SendAsync(Notification.WarmStart, _stop.Token));
        Assert.Contains("there is no session with the AgentX master", nobody.Message, StringComparison.Ordinal);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _master.Dispose();
    }

    private static async Task<ModelHost> HostAsync()
    {
        ModelHost host = await ModelHost.CreateAsync();
        await host.AddTemperatureAsync("CPU", 41);
        await host.AddTemperatureAsync("Inlet", 23);
        await host.ReadAsync();
        return host;
    }

    private static List<VarBind> Variables(byte[] payload)
    {
        var variables = new List<VarBind>();
        var reader = new AgentXReader(payload.AsSpan(8), isBigEndian: true);
        while (!reader.IsAtEnd)
        {
            Assert.True(reader.TryReadVarBind(out VarBind variable));
            variables.Add(variable);
        }

        return variables;
    }

    private async Task StatusAsync(AgentXSubagent subagent, Func<AgentXStatus, bool> holds)
    {
        while (!holds(subagent.Status))
        {
            await Task.Delay(10, _stop.Token);
        }
    }

    private AgentXSubagent Subagent() => AgentXSubagent.Create(
        new AgentXOptions { Address = _master.Address, Subtrees = ["1.3.6.1.2.1.99"] }, new FakeEngine(), new AlertNotifications(CimHostOids.Default, new EsxiOptions()), false, TimeProvider.System, NullLogger.Instance);

    // The one subtree, and the one module in it.
    private async Task OpenAsync()
    {
        await _master.AcceptAsync(_stop.Token);
        byte[] open = await _master.GrantAsync(AgentXType.Open, _stop.Token);
        Assert.Equal(5, open[0]);
        byte[] register = await _master.GrantAsync(AgentXType.Register, _stop.Token);
        Assert.Equal("007F0000" + "02020000" + "00000001" + "00000063", Convert.ToHexString(register));
        await _master.GrantAsync(AgentXType.AddAgentCaps, _stop.Token);
    }

    private async Task<AgentXError> ErrorAsync()
    {
        (AgentXHeader header, byte[] payload) = await _master.ReceiveAsync(_stop.Token);
        Assert.Equal(AgentXType.Response, header.Type);
        return (AgentXError)BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(4));
    }
}
