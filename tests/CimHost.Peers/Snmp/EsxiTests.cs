using System.Globalization;
using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>What tools for ESXi's SNMP agent look at, when it is wanted.</summary>
public sealed class EsxiTests
{
    private const string Vmware = "1.3.6.1.4.1.6876";

    [PeerFact("snmpget", "snmptrapd")]
    public async Task The_objects_are_there_and_a_broken_part_is_a_row_and_a_notification_until_it_is_whole()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        int port = FreePort.Next(), trapPort = FreePort.Next();
        await using Daemon snmptrapd = StartTrapd(folder, trapPort);
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = machine.Folder,
            Arguments =
            [
                $"--Endpoints:Snmp=127.0.0.1:{port}", "--Snmp:Communities:0:Name=reader", "--Snmp:IntervalSeconds=1", "--Alerts:PollSeconds=1",
                "--Alerts:Receivers:0:Name=nms", "--Alerts:Receivers:0:Kind=Snmp", $"--Alerts:Receivers:0:Address=127.0.0.1:{trapPort}", "--Alerts:Receivers:0:Community=traps",
                "--Snmp:Esxi:Enabled=true", "--Snmp:Esxi:ProductName=VMware ESXi", "--Snmp:Esxi:Version=7.0.3", "--Snmp:Esxi:Build=19193900", "--Snmp:Esxi:Update=3", "--Snmp:Esxi:Notifications=VMware",
            ],
        });
        Dictionary<string, string> objects = await Eventually.HoldsAsync(() => WalkAsync(port), w => w.ContainsKey("3.2.1.0"), "the memory in VMWARE-RESOURCES-MIB", TimeSpan.FromMinutes(2));
        Assert.Equal(("VMware ESXi", "7.0.3", "19193900", "3", "0"), (objects["1.1.0"], objects["1.2.0"], objects["1.4.0"], objects["1.5.0"], objects["1.6.0"]));
        Assert.Equal(("2", objects["3.2.1.0"], "0"), (objects["3.1.1.0"], objects["3.2.3.0"], objects["3.2.2.0"]));
        Assert.Equal(("2", Rows(objects).Count().ToString(CultureInfo.InvariantCulture)), (objects["4.20.100.0"], objects["4.20.1.0"]));
        string system = (await Snmpd.AskAsync(port, "reader", "snmpwalk", "1.3.6.1.2.1.1")).Succeeded().Output;
        Assert.Contains(".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.6876.4.1\n", system, StringComparison.Ordinal);
        Assert.Matches(@"\.1\.3\.6\.1\.2\.1\.1\.1\.0 = STRING: ""VMware ESXi 7\.0\.3 build-19193900 \S+""", system);

        // vmwEnvIpmiSelFanRaised and …Cleared, each with sensor number, time and description.
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look", TimeSpan.FromMinutes(2));
        (await host.ClientAsync("hardware", "fault", "Fan3", "fail")).Succeeded();
        await TrapAsync("420");
        string trap = Traps().Split('\n').First(l => l.Contains("6876.4.1.0.420", StringComparison.Ordinal));
        Assert.Equal(["7", "5", "4"], Regex.Matches(trap, @"\.1\.3\.6\.1\.4\.1\.6876\.4\.20\.3\.1\.(\d+)\.\d+ = ").Select(m => m.Groups[1].Value));
        objects = await Eventually.HoldsAsync(() => WalkAsync(port), w => Rows(w).Any(r => r.Value == "4"), "the fan's row of vmwEnvTable");
        string index = Rows(objects).First(r => r.Value == "4").Key.Split('.')[^1];
        Assert.Contains(objects[$"4.20.3.1.3.{index}"], (string[])["3", "4", "5"]);
        Assert.Contains("Fan", objects[$"4.20.3.1.4.{index}"], StringComparison.OrdinalIgnoreCase);
        (await host.ClientAsync("hardware", "clear")).Succeeded();
        await TrapAsync("421");
        await Eventually.HoldsAsync(() => WalkAsync(port), w => w[$"4.20.3.1.3.{index}"] == "2", "the row of what is whole again");

        // Nothing of CIMHOST-MIB, as only VMware's are wanted.
        Assert.DoesNotContain(".1.3.6.1.4.1.32473.1.1.0.", Traps(), StringComparison.Ordinal);

        // vmwSubsystemType of each row; fan(4).
        static IEnumerable<KeyValuePair<string, string>> Rows(Dictionary<string, string> walk) => walk.Where(o => o.Key.StartsWith("4.20.3.1.2.", StringComparison.Ordinal));

        string Traps() => File.ReadAllText(folder.PathOf("traps.log"));

        Task TrapAsync(string number) => Eventually.HoldsAsync(
            () => Task.FromResult(Traps()), t => t.Contains($".1.3.6.1.6.3.1.1.4.1.0 = OID: .1.3.6.1.4.1.6876.4.1.0.{number}\t", StringComparison.Ordinal), $"notification {number}; {host.Log}", TimeSpan.FromMinutes(2));
    }

    private static Daemon StartTrapd(TemporaryDirectory folder, int port)
    {
        Directory.CreateDirectory(folder.PathOf("persistent"));
        folder.Write("snmptrapd.conf", $"[snmp] persistentDir {folder.PathOf("persistent")}\nauthCommunity log traps\n");
        folder.Write("traps.log", string.Empty);
        return Daemon.Start("snmptrapd", "-f", "-C", "-c", folder.PathOf("snmptrapd.conf"), "-m", "", "-On", "-A", "-Lf", folder.PathOf("traps.log"), $"udp:127.0.0.1:{port}");
    }

    private static async Task<Dictionary<string, string>> WalkAsync(int port)
    {
        ToolRun run = await Snmpd.AskAsync(port, "reader", "snmpbulkwalk", Vmware);
        return Regex.Matches(run.Output, $@"^\.{Regex.Escape(Vmware)}\.([0-9.]+) = (?:[\w-]+: )?""?(.*?)""?\s*$", RegexOptions.Multiline).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }
}
