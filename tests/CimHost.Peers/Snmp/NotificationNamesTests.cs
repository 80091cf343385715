using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>Notifications as a manager with CIMHOST-MIB loaded reads them: by name.</summary>
public sealed class NotificationNamesTests
{
    [PeerFact("snmptrapd", "snmptranslate")]
    public async Task Every_notification_and_each_of_its_variables_is_known_by_the_MIB()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        int port = FreePort.Next();
        Directory.CreateDirectory(folder.PathOf("persistent"));
        folder.Write("snmptrapd.conf", $"[snmp] persistentDir {folder.PathOf("persistent")}\nauthCommunity log traps\n");
        folder.Write("traps.log", string.Empty);
        string mibs = $"{RepositoryRoot.PathOf("tests/fixtures/snmp-mibs")}:{RepositoryRoot.PathOf("broker/CimHost.Snmp/Mib")}";
        await using Daemon snmptrapd = Daemon.Start(
            "snmptrapd", "-f", "-C", "-c", folder.PathOf("snmptrapd.conf"), "-M", mibs, "-m", "CIMHOST-MIB", "-A", "-Lf", folder.PathOf("traps.log"), "-F", "%v\\n", $"udp:127.0.0.1:{port}");
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = machine.Folder,
            Arguments = ["--Alerts:Receivers:0:Name=nms", "--Alerts:Receivers:0:Kind=Snmp", $"--Alerts:Receivers:0:Address=127.0.0.1:{port}", "--Alerts:Receivers:0:Community=traps", "--Alerts:PollSeconds=1"],
        });
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look", TimeSpan.FromMinutes(2));
        (await host.ClientAsync("hardware", "set", "Inlet Temp", "39")).Succeeded();
        await TellsAsync("cimHostAlertRaised");
        (await host.ClientAsync("hardware", "set", "Inlet Temp", "48")).Succeeded();
        await TellsAsync("cimHostAlertChanged");
        (await host.ClientAsync("hardware", "set", "Inlet Temp", "25")).Succeeded();
        await TellsAsync("cimHostAlertCleared");

        foreach (string name in new[] { "cimHostAlertRaised", "cimHostAlertChanged", "cimHostAlertCleared" })
        {
            // The variables of the notification as the MIB lists them, in this order, each of the same alert.
            string definition = (await Tool.RunAsync(Peer.Require("snmptranslate"), "-M", mibs, "-m", "CIMHOST-MIB", "-Td", "CIMHOST-MIB::" + name)).Succeeded().Output;
            string[] objects = [.. Regex.Match(definition, @"OBJECTS\s*\{([^}]*)\}").Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            string trap = Traps().Split('\n').First(l => l.Contains($"OID: CIMHOST-MIB::{name}\t", StringComparison.Ordinal));
            Assert.Equal(
                ["DISMAN-EVENT-MIB::sysUpTimeInstance", "SNMPv2-MIB::snmpTrapOID", .. objects.Select(o => "CIMHOST-MIB::" + o)],
                trap.Split('\t').Select(v => Regex.Match(v, @"^(\S+?)(\.\d+)? = ").Groups[1].Value.Replace("SNMPv2-SMI::mib-2.1.3", "DISMAN-EVENT-MIB::sysUpTimeInstance", StringComparison.Ordinal).Replace("SNMPv2-SMI::snmpModules.1.1.4.1", "SNMPv2-MIB::snmpTrapOID", StringComparison.Ordinal)));
            Assert.Single(Regex.Matches(trap, @"CIMHOST-MIB::\w+\.(\d+) = ").Select(m => m.Groups[1].Value).Distinct());
            Assert.DoesNotContain("Wrong Type", trap, StringComparison.Ordinal);
            Assert.Matches(@"cimHostAlertSeverity\.\d+ = INTEGER: [a-z]+\(\d\)", trap);
        }

        string Traps() => File.ReadAllText(folder.PathOf("traps.log"));

        Task TellsAsync(string name) => Eventually.HoldsAsync(
            () => Task.FromResult(Traps()), t => t.Contains($"OID: CIMHOST-MIB::{name}\t", StringComparison.Ordinal), $"{name}; snmptrapd: {snmptrapd.Output} {host.Log}", TimeSpan.FromMinutes(2));
    }
}
