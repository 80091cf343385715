using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>SIGHUP: who may ask and who is told change while the host runs.</summary>
public sealed class ReloadTests
{
    private const string SysDescr = "1.3.6.1.2.1.1.1.0";

    [PeerFact("snmpget", "snmptrapd")]
    public async Task Communities_users_and_targets_change_without_a_restart_and_a_wrong_file_changes_nothing()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        int port = FreePort.Next(), trapPort = FreePort.Next();
        string traps = folder.Write("traps.log", string.Empty);
        await using Daemon snmptrapd = StartSnmptrapd(folder, traps, trapPort);
        string file = folder.Write("cimhost.json", """{ "Snmp": { "Communities": [ { "Name": "before" } ] } }""");
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = ["--config", file, $"--Endpoints:Snmp=127.0.0.1:{port}"] });
        Assert.Contains("CimHost", (await Snmpd.AskAsync(port, "before", "snmpget", SysDescr)).Succeeded().Output, StringComparison.Ordinal);

        string password = folder.WriteSecret("authentication", SnmpV3Host.AuthenticationPassword + "\n");
        string changed = $$"""
            { "Snmp": {
              "Communities": [ { "Name": "after" } ],
              "Users": [ { "Name": "operator", "Authentication": "Sha256", "AuthenticationPasswordFile": "{{password}}" } ] },
              "Alerts": { "Receivers": [ { "Name": "nms", "Kind": "Snmp", "Address": "127.0.0.1:{{trapPort}}", "Community": "traps", "Inform": true } ] } }
            """;
        await ReloadAsync(changed, "Configuration read again");
        await Eventually.HoldsAsync(async () => (await Snmpd.AskAsync(port, "after", "snmpget", SysDescr)).Output, o => o.Contains("CimHost", StringComparison.Ordinal), "the new community");
        Assert.NotEqual(0, (await Snmpd.AskAsync(port, "before", "snmpget", SysDescr)).ExitCode);
        await AnswersAsync();

        // The new target is told that the configuration is another, and of alerts.
        await Eventually.HoldsAsync(() => File.ReadAllText(traps).Contains(".1.3.6.1.6.3.1.1.5.2", StringComparison.Ordinal), "warmStart at the new target");
        (await host.ClientAsync("alerts", "test", "--message", "to the new target")).Succeeded();
        await Eventually.HoldsAsync(() => File.ReadAllText(traps).Contains("to the new target", StringComparison.Ordinal), "the alert at the new target");

        await ReloadAsync(changed.Replace(password, folder.PathOf("missing"), StringComparison.Ordinal), "SNMP goes on with the configuration that it had: Snmp:Users:0: ");
        await AnswersAsync();
        Assert.Contains("CimHost", (await Snmpd.AskAsync(port, "after", "snmpget", SysDescr)).Succeeded().Output, StringComparison.Ordinal);

        await ReloadAsync(changed.Replace("\"Inform\": true", "\"Filter\": \"Colour = 1\"", StringComparison.Ordinal), "Alerts go on to the receivers that they had: Alerts:Receivers:0: Filter 'Colour = 1'");
        (await host.ClientAsync("alerts", "test", "--message", "to the target as it was")).Succeeded();
        await Eventually.HoldsAsync(() => File.ReadAllText(traps).Contains("to the target as it was", StringComparison.Ordinal), "the alert at the target as it was");

        // The engine is the same all the time: a manager need not find it in again.
        Assert.EndsWith(" 1", File.ReadAllText(Path.Combine(host.StateDirectory, "snmp-engine")).TrimEnd(), StringComparison.Ordinal);

        async Task AnswersAsync() => Assert.Contains(
            "CimHost", (await SnmpV3Host.ToolAsync("snmpget", $"udp:127.0.0.1:{port}", SnmpV3Host.As("operator", "SHA-256", null), SysDescr)).Succeeded().Output, StringComparison.Ordinal);

        Task ReloadAsync(string text, string told) => PutAsync(host, file, text, told);
    }

    [PeerFact("snmptrapd")]
    public async Task A_host_without_SNMP_gets_a_target_and_rules_of_alerts_without_a_restart()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        int trapPort = FreePort.Next();
        string traps = folder.Write("traps.log", string.Empty);
        await using Daemon snmptrapd = StartSnmptrapd(folder, traps, trapPort);
        string file = folder.Write("cimhost.json", """{ "Alerts": { "PollSeconds": 1 } }""");
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = ["--config", file] });
        Assert.Contains("SNMP is off", (await host.ClientAsync("snmp", "targets")).Error, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");

        // The inlet has 23 degrees: with the first rule that is too hot, and with the second it is of no interest.
        await RuleAsync("\"UpperCritical\": 20");
        await Eventually.HoldsAsync(() => File.ReadAllText(traps).Contains("UpperThresholdCritical", StringComparison.Ordinal), "the alert by the new rule");
        await RuleAsync("\"Enabled\": false");
        await Eventually.HoldsAsync(() => File.ReadAllText(traps).Contains("Inlet Temp is not watched any more", StringComparison.Ordinal), "the end of the alert");
        Assert.DoesNotContain("SNMP is off", (await host.ClientAsync("snmp", "targets")).Succeeded().Error, StringComparison.Ordinal);

        Task RuleAsync(string rule) => PutAsync(
            host,
            file,
            $$"""
            { "Alerts": {
              "PollSeconds": 1, "Rules": [ { "Pattern": "*Inlet*", {{rule}} } ],
              "Receivers": [ { "Name": "nms", "Kind": "Snmp", "Address": "127.0.0.1:{{trapPort}}", "Community": "traps" } ] } }
            """,
            "Configuration read again");
    }

    private static Daemon StartSnmptrapd(TemporaryDirectory folder, string log, int port)
    {
        Directory.CreateDirectory(folder.PathOf("persistent"));
        folder.Write("snmptrapd.conf", $"[snmp] persistentDir {folder.PathOf("persistent")}\nauthCommunity log traps\n");
        return Daemon.Start("snmptrapd", "-f", "-C", "-c", folder.PathOf("snmptrapd.conf"), "-m", "", "-On", "-A", "-Lf", log, $"udp:127.0.0.1:{port}");
    }

    private static async Task PutAsync(HostProcess host, string file, string text, string told)
    {
        await File.WriteAllTextAsync(file, text);
        await Tool.RunAsync("kill", "-HUP", host.Id.ToString(CultureInfo.InvariantCulture));
        await Eventually.HoldsAsync(() => host.Log.Contains(told, StringComparison.Ordinal), $"'{told}': {host.Log}");
    }
}
