using CimHost.Snmp.AgentX;
using CimHost.Snmp.AgentX.Wire;
using CimHost.Snmp.Tests.Mib;

namespace CimHost.Snmp.Tests.AgentX;

/// <summary>What the subagent answers, on the real MIBs over a host with two sensors.</summary>
public sealed class AgentXResponderTests
{
    private const string Reading = "1.3.6.1.2.1.99.1.1.1.4";
    private const string Time = "1.3.6.1.2.1.99.1.1.1.7";
    private const string Contact = "1.3.6.1.2.1.1.4.0";
    private const string Alias = "1.3.6.1.2.1.47.1.1.1.1.14";

    [Fact]
    public async Task A_GetNext_stays_below_its_end_and_takes_its_start_only_when_it_is_told_to()
    {
        await using ModelHost host = await HostAsync();
        VarBind[] readings = [.. host.Walk(Reading)];
        string first = readings[0].Name.ToString();
        (_, _, List<VarBind> got) = await AskAsync(host, AgentXType.GetNext, w =>
        {
            MasterBytes.WriteRange(w, Reading);
            MasterBytes.WriteRange(w, first);
            MasterBytes.WriteRange(w, first, include: true);
            MasterBytes.WriteRange(w, readings[^1].Name.ToString(), "1.3.6.1.2.1.99.1.1.1.5");
            MasterBytes.WriteRange(w, Reading, first);
        });
        Assert.Equal([readings[0], readings[1], readings[0]], got[..3]);
        Assert.Equal(new VarBind(readings[^1].Name, SnmpValue.EndOfMibView), got[3]);
        Assert.Equal(new VarBind(Oid.Parse(Reading), SnmpValue.EndOfMibView), got[4]);
    }

    [Fact]
    public async Task A_Get_tells_what_is_not_there_apart()
    {
        await using ModelHost host = await HostAsync();
        (_, _, List<VarBind> got) = await AskAsync(host, AgentXType.Get, w =>
        {
            MasterBytes.WriteRange(w, Contact);
            MasterBytes.WriteRange(w, Reading + ".99999");
            MasterBytes.WriteRange(w, "1.3.6.1.2.1.99.9");
        });
        Assert.Equal([host.Get(Contact), SnmpValue.NoSuchInstance, SnmpValue.NoSuchObject], got.Select(v => v.Value));
    }

    [Fact]
    public async Task A_GetBulk_repeats_all_but_the_first_and_ends_with_the_last_range()
    {
        await using ModelHost host = await HostAsync();
        VarBind[] readings = [.. host.Walk(Reading)];
        (_, _, List<VarBind> got) = await AskAsync(host, AgentXType.GetBulk, w =>
        {
            w.WriteUInt16(1);
            w.WriteUInt16(50);
            MasterBytes.WriteRange(w, "1.3.6.1.2.1.1.4", "1.3.6.1.2.1.1.5");
            MasterBytes.WriteRange(w, Reading, "1.3.6.1.2.1.99.1.1.1.5");
        });
        Assert.Equal([Oid.Parse(Contact), .. readings.Select(r => r.Name), readings[^1].Name], got.Select(v => v.Name));
        Assert.Equal(SnmpType.EndOfMibView, got[^1].Value.Type);
    }

    [Fact]
    public async Task What_tells_a_sysUpTime_tells_the_masters()
    {
        await using ModelHost host = await HostAsync();
        VarBind own = host.Walk(Time)[0];
        Assert.Equal(SnmpType.TimeTicks, own.Value.Type);
        Assert.Equal((uint)own.Value.Unsigned + 5000, (await TimeAsync(5000)).Unsigned);
        Assert.Equal(0u, (await TimeAsync(-(long)own.Value.Unsigned - 1)).Unsigned);

        // The uptime of the operating system is no sysUpTime.
        Assert.False(host.Model.IsTimeStamp(Oid.Parse("1.3.6.1.2.1.25.1.1.0")));

        async Task<SnmpValue> TimeAsync(long ahead) => (await AskAsync(new AgentXResponder(host.Model, () => ahead), AgentXType.Get, w => MasterBytes.WriteRange(w, own.Name.ToString()))).Variables[0].Value;
    }

    [Fact]
    public async Task A_Set_is_tested_made_and_cleaned_up()
    {
        await using ModelHost host = await HostAsync();
        var responder = new AgentXResponder(host.Model, () => 0);
        Assert.Equal((0, 0), await SetAsync(responder, AgentXType.TestSet, (Contact, "operator")));
        Assert.NotEqual(SnmpValue.Text("operator"), host.Get(Contact));
        Assert.Equal((0, 0), await SetAsync(responder, AgentXType.CommitSet));
        Assert.Equal(SnmpValue.Text("operator"), host.Get(Contact));
        var writer = new AgentXWriter();
        Assert.False(await responder.RespondAsync(MasterBytes.Request(AgentXType.CleanupSet, static _ => { }), writer, default));

        // What was cleaned up cannot be made any more.
        Assert.Equal(((int)SnmpErrorStatus.CommitFailed, 0), await SetAsync(responder, AgentXType.CommitSet));
    }

    [Fact]
    public async Task A_Set_that_is_undone_leaves_everything_as_it_was()
    {
        await using ModelHost host = await HostAsync();
        string alias = $"{Alias}.{host.Entity("CPU")}";
        var responder = new AgentXResponder(host.Model, () => 0);
        SnmpValue before = host.Get(Contact), aliasBefore = host.Get(alias);
        await SetAsync(responder, AgentXType.TestSet, (Contact, "operator"), (alias, "mine"));
        await SetAsync(responder, AgentXType.CommitSet);
        Assert.Equal(SnmpValue.Text("mine"), host.Get(alias));
        Assert.Equal((0, 0), await SetAsync(responder, AgentXType.UndoSet));
        Assert.Equal((before, aliasBefore), (host.Get(Contact), host.Get(alias)));
    }

    [Fact]
    public async Task What_cannot_be_set_is_told_with_its_place_and_transactions_are_bounded()
    {
        await using ModelHost host = await HostAsync();
        var responder = new AgentXResponder(host.Model, () => 0);
        Assert.Equal(((int)SnmpErrorStatus.NotWritable, 2), await SetAsync(responder, AgentXType.TestSet, (Contact, "operator"), ("1.3.6.1.2.1.1.1.0", "x")));
        for (uint transaction = 100; transaction < 116; transaction++)
        {
            Assert.Equal((0, 0), await SetAsync(responder, AgentXType.TestSet, transaction, (Contact, "operator")));
        }

        Assert.Equal(((int)SnmpErrorStatus.ResourceUnavailable, 1), await SetAsync(responder, AgentXType.TestSet, 116, (Contact, "operator")));
    }

    private static async Task<ModelHost> HostAsync()
    {
        ModelHost host = await ModelHost.CreateAsync();
        await host.AddTemperatureAsync("CPU", 41);
        await host.AddTemperatureAsync("Inlet", 23);
        await host.ReadAsync();
        return host;
    }

    private static Task<(int Error, int Index, List<VarBind> Variables)> AskAsync(ModelHost host, AgentXType type, Action<AgentXWriter> write) => AskAsync(new AgentXResponder(host.Model, () => 0), type, write);

    private static async Task<(int Error, int Index, List<VarBind> Variables)> AskAsync(AgentXResponder responder, AgentXType type, Action<AgentXWriter> write, uint transaction = 7)
    {
        var writer = new AgentXWriter();
        Assert.True(await responder.RespondAsync(MasterBytes.Request(type, write, transaction), writer, default));
        return MasterBytes.Read(writer);
    }

    private static Task<(int Error, int Index)> SetAsync(AgentXResponder responder, AgentXType type, params (string Name, string Text)[] variables) => SetAsync(responder, type, 7, variables);

    private static async Task<(int Error, int Index)> SetAsync(AgentXResponder responder, AgentXType type, uint transaction, params (string Name, string Text)[] variables)
    {
        (int error, int index, _) = await AskAsync(
            responder,
            type,
            w =>
            {
                foreach ((string name, string text) in variables)
                {
                    w.WriteVarBind(new VarBind(Oid.Parse(name), SnmpValue.Text(text)));
                }
            },
            transaction);
        return (error, index);
    }
}
