using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>The host as a subagent of Debian's snmpd, as net-snmp's tools see it through snmpd.</summary>
public sealed class AgentXTests
{
    private const string EntityMib = "1.3.6.1.2.1.47";
    private const string EntitySensorMib = "1.3.6.1.2.1.99";
    private const string CimHostMib = "1.3.6.1.4.1.32473";

    // entPhySensorValueTimeStamp and those of CIMHOST-MIB tell a sysUpTime, which is the master's own through the master.
    private static readonly Regex s_timeStamp = new(@"= Timeticks: ");

    // What says how often the host itself was asked, how long it runs, and how old the readings are.
    private static readonly string[] s_moving = [".1.3.6.1.4.1.32473.1.1.3.1.", ".1.3.6.1.4.1.32473.1.1.5."];

    [PeerFact("snmpd", "snmpget")]
    public async Task Through_snmpd_everything_is_as_the_agent_itself_tells_it()
    {
        await using var master = new Snmpd();
        using var machine = new RackServer();
        int port = FreePort.Next();
        await using HostProcess host = await StartAsync(machine, $"unix:{master.Socket}", $"--Endpoints:Snmp=127.0.0.1:{port}", "--Snmp:Communities:0:Name=reader");
        await ConnectedAsync(host);
        await Eventually.HoldsAsync(async () => (await master.AskAsync("snmpbulkwalk", EntitySensorMib)).Output.Length, l => l > 1000, "sensors through snmpd", TimeSpan.FromMinutes(2));

        foreach (string subtree in new[] { EntityMib, EntitySensorMib, CimHostMib })
        {
            string[] own = Lines(await Snmpd.AskAsync(port, "reader", "snmpbulkwalk", subtree)), through = Lines(await master.AskAsync("snmpwalk", subtree));
            Assert.True(own.Length > 100, $"{subtree}: {own.Length} variables");
            Assert.Equal(own.Select(NameOf), through.Select(NameOf));
            Assert.Equal(own.Where(IsStill), through.Where(IsStill));
            Assert.Equal(through.Select(NameOf), Lines(await master.AskAsync("snmpbulkwalk", subtree)).Select(NameOf));
        }

        // One variable, one that has no instance, and one of no object.
        string name = NameOf(Lines(await master.AskAsync("snmpwalk", EntitySensorMib))[0]);
        Assert.Equal(Lines(await Snmpd.AskAsync(port, "reader", "snmpget", name)), Lines(await master.AskAsync("snmpget", name)));
        Assert.Contains("No Such Instance", (await master.AskAsync("snmpget", EntitySensorMib + ".1.1.1.1.99999999")).Output, StringComparison.Ordinal);
        Assert.Contains("No Such Object", (await master.AskAsync("snmpget", EntitySensorMib + ".7.7.7")).Output, StringComparison.Ordinal);

        // The system group stays snmpd's, which names the host's modules there.
        string system = (await master.AskAsync("snmpwalk", "1.3.6.1.2.1.1")).Succeeded().Output;
        Assert.DoesNotContain("CimHost", Regex.Match(system, @"\.1\.3\.6\.1\.2\.1\.1\.1\.0 = .*").Value, StringComparison.Ordinal);
        Assert.Matches(@"\.1\.3\.6\.1\.2\.1\.1\.9\.1\.2\.\d+ = OID: \.1\.3\.6\.1\.2\.1\.99\b", system);
        Assert.Equal(0, await host.StopAsync());
    }

    private static Task<HostProcess> StartAsync(RackServer machine, string address, params string[] more) =>
        HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = [$"--Snmp:AgentX:Address={address}", .. more] });

    private static Task<string> ConnectedAsync(HostProcess host) => Eventually.HoldsAsync(
        async () => (await host.ClientAsync("snmp", "agentx", "--json")).Output, o => o.Contains("\"isConnected\":true", StringComparison.Ordinal), "a session with snmpd");

    private static string[] Lines(ToolRun run) => [.. run.Succeeded().Lines.Where(l => l.StartsWith('.') && !l.Contains("No more variables", StringComparison.Ordinal))];

    private static string NameOf(string line) => line.Split(" = ")[0];

    private static bool IsStill(string line) => !s_timeStamp.IsMatch(line) && !s_moving.Any(m => line.StartsWith(m, StringComparison.Ordinal));
}
