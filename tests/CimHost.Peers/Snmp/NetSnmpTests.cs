using System.Text.RegularExpressions;
using CimHost.Snmp;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>The agent as net-snmp's tools see it, over the rack server.</summary>
public sealed class NetSnmpTests : IAsyncLifetime
{
    private const string SysContact = "1.3.6.1.2.1.1.4.0";
    private const string SysDescr = "1.3.6.1.2.1.1.1.0";

    private readonly RackServer _machine = new();
    private readonly int _port = FreePort.Next();
    private HostProcess? _host;

    private string Agent => $"udp:127.0.0.1:{_port}";

    public async Task InitializeAsync()
    {
        if (Peer.WhySkipped(["snmpget"]) is null)
        {
            _host = await HostProcess.StartAsync(new HostSettings
            {
                Machine = _machine.Folder,
                Arguments =
                [
                    $"--Endpoints:Snmp=127.0.0.1:{_port}", "--Snmp:Communities:0:Name=reader", "--Snmp:Communities:1:Name=writer", "--Snmp:Communities:1:Access=ReadWrite",
                    "--Snmp:Communities:2:Name=elsewhere", "--Snmp:Communities:2:Source=192.0.2.0/24",
                ],
            });
        }
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _machine.Dispose();
    }

    [PeerFact("snmpget")]
    public async Task Each_version_reads_and_only_a_writer_sets()
    {
        foreach (string version in new[] { "1", "2c" })
        {
            Assert.Contains("CimHost", (await ToolAsync("snmpget", version, "reader", SysDescr)).Succeeded().Output, StringComparison.Ordinal);
            Assert.Contains(".1.3.6.1.2.1.1.1.0 = ", (await ToolAsync("snmpgetnext", version, "reader", "1.3.6.1.2.1.1")).Succeeded().Output, StringComparison.Ordinal);
        }

        Assert.Contains("noSuchName", (await ToolAsync("snmpget", "1", "reader", "1.3.6.1.2.1.1.99.0")).Error, StringComparison.Ordinal);
        Assert.Contains("No Such Object", (await ToolAsync("snmpget", "2c", "reader", "1.3.6.1.2.1.1.99.0")).Output, StringComparison.Ordinal);
        Assert.Contains("noAccess", (await ToolAsync("snmpset", "2c", "reader", SysContact, "s", "nobody")).Error, StringComparison.Ordinal);
        (await ToolAsync("snmpset", "2c", "writer", SysContact, "s", "operator")).Succeeded();
        Assert.Contains("operator", (await ToolAsync("snmpget", "2c", "reader", SysContact)).Output, StringComparison.Ordinal);
        Assert.Contains("notWritable", (await ToolAsync("snmpset", "2c", "writer", SysDescr, "s", "x")).Error, StringComparison.Ordinal);
    }

    [PeerFact("snmpget")]
    public async Task A_wrong_community_and_one_from_elsewhere_get_no_answer_and_are_counted()
    {
        foreach (string community in new[] { "wrong", "elsewhere", "reade", "readers" })
        {
            Assert.Contains("No Response", (await ToolAsync("snmpget", "2c", community, SysDescr)).Error, StringComparison.Ordinal);
        }

        // snmpInBadCommunityNames.
        Assert.Contains("Counter32: 4", (await ToolAsync("snmpget", "2c", "reader", "1.3.6.1.2.1.11.4.0")).Output, StringComparison.Ordinal);
    }

    [PeerFact("snmpinform")]
    public async Task A_trap_and_an_inform_to_the_agent_are_for_nobody_and_are_counted_as_such()
    {
        const string WarmStart = "1.3.6.1.6.3.1.1.5.2";
        string[] head = ["-v2c", "-c", "reader", "-m", "", "-r", "0", "-t", "1", Agent, string.Empty, WarmStart];
        (await Tool.RunAsync("snmptrap", head)).Succeeded();
        Assert.Contains("Timeout", (await Tool.RunAsync("snmpinform", head)).Error, StringComparison.Ordinal);

        // snmpUnknownPDUHandlers (RFC 3412 §4.2.2.1.1).
        Assert.Contains("Counter32: 2", (await ToolAsync("snmpget", "2c", "reader", "1.3.6.1.6.3.11.2.1.3.0")).Output, StringComparison.Ordinal);
    }

    [PeerFact("snmpget")]
    public async Task Walks_are_in_order_without_a_repeated_name_and_equal_in_every_way_of_walking()
    {
        await Eventually.HoldsAsync(
            async () => (await ToolAsync("snmpwalk", "2c", "reader", "1.3.6.1.2.1.99")).Output.Length, length => length > 1000, "sensors in ENTITY-SENSOR-MIB");
        Oid[] bulk = Names(await ToolAsync("snmpbulkwalk", "2c", "reader", "1.3.6.1"));
        Assert.True(bulk.Length > 3000, $"{bulk.Length} variables");
        Assert.Equal(bulk.Order(), bulk);
        Assert.Equal(bulk.Length, bulk.Distinct().Count());
        Oid[] next = Names(await ToolAsync("snmpwalk", "2c", "reader", "1.3.6.1.2.1.99"));
        Assert.Equal(bulk.Where(o => o.StartsWith(Oid.Parse("1.3.6.1.2.1.99"))), next);

        // SNMPv1 has no Counter64; everything else is there.
        Assert.Equal(next, Names(await ToolAsync("snmpwalk", "1", "reader", "1.3.6.1.2.1.99")));
        Assert.DoesNotContain("Counter64", (await ToolAsync("snmpwalk", "1", "reader", "1.3.6.1.2.1.31")).Output, StringComparison.Ordinal);
        Assert.Contains("Counter64", (await ToolAsync("snmpwalk", "2c", "reader", "1.3.6.1.2.1.31")).Output, StringComparison.Ordinal);
    }

    // The last line of a walk to the end says so, with the name that it began from.
    private static Oid[] Names(ToolRun run) => [.. run.Succeeded().Output.Split('\n').Where(l => !l.Contains("No more variables", StringComparison.Ordinal)).Select(l => Regex.Match(l, @"^\.([0-9.]+) = ")).Where(m => m.Success).Select(m => Oid.Parse(m.Groups[1].Value))];

    private Task<ToolRun> ToolAsync(string program, string version, string community, string oid, params string[] more) =>
        Tool.RunAsync(program, ["-v", version, "-c", community, "-m", "", "-On", "-t", "2", "-r", "0", Agent, oid, .. more], null, TimeSpan.FromSeconds(60));
}
