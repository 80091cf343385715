using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>The host as a subagent of Debian's snmpd, as net-snmp's tools see it through snmpd.</summary>
public sealed class AgentXTests
{
    private const string EntityMib = "1.3.6.1.2.1.47";
    private const string EntityAlias = EntityMib + ".1.1.1.1.14";
    private const string EntitySensorMib = "1.3.6.1.2.1.99";
    private const string CimHostMib = "1.3.6.1.4.1.32473";
    private const string LmSensors = "1.3.6.1.4.1.2021.13.16.2";
    private const string SysContact = "1.3.6.1.2.1.1.4.0";

    // What moves from one walk to the next: the age of the readings, and what worlds have used.
    private static readonly string[] s_moving = [".1.3.6.1.4.1.32473.1.1.3.1.", ".1.3.6.1.4.1.32473.1.1.5."];

    [PeerFact("snmpd", "snmptrapd", "snmpget")]
    public async Task Through_snmpd_everything_is_as_the_agent_itself_tells_it_and_can_be_set()
    {
        await using var master = new Snmpd();
        using var machine = new RackServer();
        int port = FreePort.Next();

        // Read once, and whole however busy this computer is, so that both ways tell of the same reading.
        await using HostProcess host = await StartAsync(
            machine, $"unix:{master.Socket}", $"--Endpoints:Snmp=127.0.0.1:{port}", "--Snmp:Communities:0:Name=reader", "--Snmp:IntervalSeconds=3600", "--Dispatch:DeadlineSeconds=120");
        await ConnectedAsync(host);
        await Eventually.HoldsAsync(async () => Lines(await master.AskAsync("snmpbulkwalk", EntitySensorMib)).Length, l => l > 100, "sensors through snmpd", TimeSpan.FromMinutes(2));
        foreach (string subtree in new[] { EntityMib, EntitySensorMib, CimHostMib })
        {
            string[] own = Lines(await Snmpd.AskAsync(port, "reader", "snmpbulkwalk", subtree)), through = Lines(await master.AskAsync("snmpwalk", subtree));
            Assert.True(own.Length > 100, $"{subtree}: {own.Length} variables");
            Assert.Equal(own.Select(NameOf), through.Select(NameOf));
            Assert.Equal(own.Where(IsStill), through.Where(IsStill));
            Assert.Equal(through.Where(IsStill), Lines(await master.AskAsync("snmpbulkwalk", subtree)).Where(IsStill));
        }

        // When a sensor was read is told in the sysUpTime of whoever is asked: it is as long ago for both.
        string time = EntitySensorMib + ".1.1.1.7", stamped = NameOf(Lines(await master.AskAsync("snmpwalk", time))[0]);
        long ownAgo = await AgoAsync(Snmpd.AskAsync(port, "reader", "snmpget", "1.3.6.1.2.1.1.3.0", stamped)), ago = await AgoAsync(master.AskAsync("snmpget", "1.3.6.1.2.1.1.3.0", stamped));
        Assert.InRange(ago - ownAgo, -100, 3000);

        Assert.Contains("No Such Instance", (await master.AskAsync("snmpget", EntitySensorMib + ".1.1.1.1.99999999")).Output, StringComparison.Ordinal);
        Assert.Contains("No Such Object", (await master.AskAsync("snmpget", EntitySensorMib + ".7.7.7")).Output, StringComparison.Ordinal);

        // The system group stays snmpd's, which names the host's modules there.
        string system = (await master.AskAsync("snmpwalk", "1.3.6.1.2.1.1")).Succeeded().Output;
        Assert.DoesNotContain("CimHost", Regex.Match(system, @"\.1\.3\.6\.1\.2\.1\.1\.1\.0 = .*").Value, StringComparison.Ordinal);
        Assert.Matches(@"\.1\.3\.6\.1\.2\.1\.1\.9\.1\.2\.\d+ = OID: \.1\.3\.6\.1\.2\.1\.99\b", system);

        string alias = NameOf(Lines(await master.AskAsync("snmpwalk", EntityAlias))[0]);
        (await master.AskAsync("snmpset", alias, "s", "by the door")).Succeeded();
        Assert.Contains("by the door", (await Snmpd.AskAsync(port, "reader", "snmpget", alias)).Output, StringComparison.Ordinal);
        Assert.Contains("wrongType", (await master.AskAsync("snmpset", alias, "i", "1")).Error, StringComparison.Ordinal);
        Assert.Contains("notWritable", (await master.AskAsync("snmpset", EntityMib + ".1.1.1.1.2.1", "s", "x")).Error, StringComparison.Ordinal);

        // One that the master itself refuses when it is tested, and one that fails when it is made: neither leaves a trace here.
        Assert.NotEqual(0, (await master.AskAsync("snmpset", alias, "s", "never", "1.3.6.1.2.1.1.1.0", "s", "x")).ExitCode);
        Assert.NotEqual(0, (await master.AskAsync("snmpset", alias, "s", "never", Snmpd.Refusing, "s", "x")).ExitCode);
        Assert.Contains("by the door", (await Snmpd.AskAsync(port, "reader", "snmpget", alias)).Output, StringComparison.Ordinal);

        // It says goodbye: nobody waits for a subagent that has gone.
        Assert.Equal(0, await host.StopAsync());
        Assert.Contains("No Such Object", (await master.AskAsync("snmpget", alias)).Output, StringComparison.Ordinal);
    }

    [PeerFact("snmpd", "snmptrapd", "snmpget")]
    public async Task A_master_that_comes_later_or_again_gets_the_tables_and_the_alerts()
    {
        await using var master = new Snmpd();
        await master.StopMasterAsync();
        using var machine = new RackServer();

        // Over TCP, and without an agent of its own: snmpd has the port.
        await using HostProcess host = await StartAsync(machine, $"tcp:127.0.0.1:{master.TcpPort}");
        Assert.Contains("refused", await AgentXAsync(host), StringComparison.OrdinalIgnoreCase);
        master.RestartMaster();
        await ConnectedAsync(host);
        Assert.NotEmpty(Lines(await master.AskAsync("snmpwalk", EntitySensorMib)));
        Assert.Matches(@"agentx +tcp:\S+ +AgentX +acknowledged after", (await host.ClientAsync("snmp", "test")).Succeeded().Output);
        (await host.ClientAsync("alerts", "test", "--message", "the first")).Succeeded();
        await TrappedAsync("the first");

        await master.StopMasterAsync();
        (await host.ClientAsync("alerts", "test", "--message", "while it was away")).Succeeded();
        await Eventually.HoldsAsync(async () => (await host.ClientAsync("alerts", "receivers")).Output, o => o.Contains("no session with the AgentX master", StringComparison.Ordinal), "the receiver that fails");
        Assert.Contains("\"isConnected\":false", await AgentXAsync(host), StringComparison.Ordinal);
        master.RestartMaster();
        await ConnectedAsync(host);
        Assert.NotEmpty(Lines(await master.AskAsync("snmpwalk", EntitySensorMib)));
        await TrappedAsync("while it was away");

        // The notification is that of the host's MIB with all its variables.
        Assert.Contains(".1.3.6.1.6.3.1.1.4.1.0 = OID: .1.3.6.1.4.1.32473.1.1.0.1", master.Traps, StringComparison.Ordinal);
        Assert.Equal(16, Regex.Count(master.Traps.Split('\n').Last(l => l.Contains("while it was away", StringComparison.Ordinal)), @"\.1\.3\.6\.1\.4\.1\.32473\.1\.1\.4\.1\.1\.\d+\.\d+ = "));

        Task TrappedAsync(string text) => Eventually.HoldsAsync(
            () => Task.FromResult(master.Traps), t => t.Contains($"STRING: \"{text}\"", StringComparison.Ordinal), $"the trap '{text}' from snmpd", TimeSpan.FromMinutes(2));
    }

    [PeerFact("snmpd", "snmptrapd", "snmpget")]
    public async Task A_subtree_that_the_master_refuses_is_told_and_costs_no_other_and_priority_decides()
    {
        // snmpd has ENTITY-SENSOR-MIB itself, and LM-SENSORS-MIB with the priority that everybody has.
        await using var master = new Snmpd($"pass {EntitySensorMib} /bin/false");
        using var machine = new RackServer();
        await using HostProcess host = await StartAsync(machine, $"unix:{master.Socket}");
        string state = await ConnectedAsync(host);
        Assert.Contains("{\"subtree\":\"1.3.6.1.2.1.99\",\"isRegistered\":false,\"result\":\"refused: DuplicateRegistration\"}", state, StringComparison.Ordinal);
        Assert.Contains("{\"subtree\":\"1.3.6.1.2.1.47\",\"isRegistered\":true,\"result\":\"registered\"}", state, StringComparison.Ordinal);
        Assert.Matches(@"warn: CimHost\.Snmp\[8032\] .*1\.3\.6\.1\.2\.1\.99: DuplicateRegistration", host.Log);
        Assert.NotEmpty(Lines(await master.AskAsync("snmpwalk", EntityMib)));
        Assert.DoesNotContain(Lines(await master.AskAsync("snmpwalk", LmSensors)), l => l.Contains(" = STRING: ", StringComparison.Ordinal));
        Assert.Equal(0, await host.StopAsync());

        await using HostProcess preferred = await StartAsync(machine, $"unix:{master.Socket}", $"--Snmp:AgentX:Subtrees:0={LmSensors}", $"--Snmp:AgentX:Subtrees:1={EntitySensorMib}", "--Snmp:AgentX:Priority=100");
        await ConnectedAsync(preferred);
        Assert.Contains(Lines(await master.AskAsync("snmpwalk", LmSensors)), l => l.Contains(" = STRING: ", StringComparison.Ordinal));
        Assert.NotEmpty(Lines(await master.AskAsync("snmpwalk", EntitySensorMib)));

        // What was not asked for is not registered.
        Assert.Contains("No Such Object", (await master.AskAsync("snmpwalk", EntityMib)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(SysContact, await AgentXAsync(preferred), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_told_at_the_start()
    {
        using var machine = new RackServer();
        InvalidOperationException failed = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(machine, "somewhere"));
        Assert.Contains("Snmp:AgentX: the address of an AgentX master is unix:/path or tcp:host:port, not 'somewhere'", failed.Message, StringComparison.Ordinal);
    }

    private static Task<HostProcess> StartAsync(RackServer machine, string address, params string[] more) =>
        HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = [$"--Snmp:AgentX:Address={address}", .. more] });

    private static async Task<string> AgentXAsync(HostProcess host) => (await host.ClientAsync("snmp", "agentx", "--json")).Succeeded().Output;

    private static Task<string> ConnectedAsync(HostProcess host) =>
        Eventually.HoldsAsync(() => AgentXAsync(host), o => o.Contains("\"isConnected\":true", StringComparison.Ordinal), "a session with snmpd", TimeSpan.FromMinutes(2));

    private static string[] Lines(ToolRun run) => [.. run.Succeeded().Lines.Where(l => l.StartsWith('.') && !l.Contains("No more variables", StringComparison.Ordinal) && !l.Contains("No Such", StringComparison.Ordinal))];

    private static string NameOf(string line) => line.Split(" = ")[0];

    private static bool IsStill(string line) => !line.Contains(" = Timeticks: ", StringComparison.Ordinal) && !s_moving.Any(m => line.StartsWith(m, StringComparison.Ordinal));

    // Hundredths of a second from the second variable to the first.
    private static async Task<long> AgoAsync(Task<ToolRun> run)
    {
        long[] ticks = [.. Regex.Matches((await run).Succeeded().Output, @"Timeticks: \((\d+)\)").Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        return ticks[0] - ticks[1];
    }
}
