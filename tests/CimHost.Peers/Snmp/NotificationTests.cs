using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>Traps and informs of every version at snmptrapd.</summary>
public sealed class NotificationTests
{
    private const string ColdStart = @"\.1\.3\.6\.1\.6\.3\.1\.1\.5\.1\b";
    private const string WarmStart = @"\.1\.3\.6\.1\.6\.3\.1\.1\.5\.2\b";
    private const string AuthenticationFailure = @"\.1\.3\.6\.1\.6\.3\.1\.1\.5\.5\b";

    [PeerFact("snmptrapd", "snmpget")]
    public async Task Each_version_tells_of_starts_wrong_communities_tests_and_alerts()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        int port = FreePort.Next(), nobody = FreePort.Next(), agent = FreePort.Next();

        // The receiver of traps must know the sender's engine beforehand; so the host has one before it starts.
        const string Engine = "80007ED9050102030405060708090A0B0C";
        using var state = new TemporaryDirectory();
        state.Write("snmp-engine", $"{Engine} 41\n");
        await using Daemon snmptrapd = Start(folder, port, Engine);
        string[] Target(int n, string name, params string[] more) =>
        [
            $"--Alerts:Receivers:{n}:Name={name}", $"--Alerts:Receivers:{n}:Kind=Snmp", $"--Alerts:Receivers:{n}:Address=127.0.0.1:{port}", .. more.Select(m => $"--Alerts:Receivers:{n}:{m}"),
        ];
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = machine.Folder,
            StateDirectory = state.FullName,
            Arguments =
            [
                $"--Endpoints:Snmp=127.0.0.1:{agent}", "--Snmp:Communities:0:Name=writer", "--Snmp:Communities:0:Access=ReadWrite",
                .. SnmpV3Host.User(folder, 0, "sender", "Sha256", "Aes128"),
                .. Target(0, "v1", "Version=1", "Community=traps"), .. Target(1, "v2c", "Community=traps"), .. Target(2, "v2c-inform", "Community=traps", "Inform=true"),
                .. Target(3, "v3", "Version=3", "User=sender"), .. Target(4, "v3-inform", "Version=3", "User=sender", "Inform=true"),
                .. Target(5, "nobody", "Community=traps", "Inform=true", $"Address=127.0.0.1:{nobody}"),
            ],
        });
        await TellsAsync(4, ColdStart, "Cold Start Trap (0)");

        ToolRun test = (await host.ClientAsync("snmp", "test")).Succeeded();
        Assert.Equal(2, Regex.Count(test.Output, "acknowledged after"));
        Assert.Equal(3, Regex.Count(test.Output, "sent; nobody acknowledges a trap"));
        Assert.Matches(@"nobody .*(refused|no acknowledgement)", test.Output);
        await TellsAsync(4, WarmStart, "Warm Start Trap (0)");

        await Tool.RunAsync("kill", "-HUP", host.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await TellsAsync(8, WarmStart, "Warm Start Trap (0)");

        // Off until a manager wants it.
        string[] wrong = ["-v2c", "-c", "wrong", "-m", "", "-r", "0", "-t", "0.3", $"udp:127.0.0.1:{agent}", "1.3.6.1.2.1.1.1.0"];
        await Tool.RunAsync("snmpget", wrong);
        (await Tool.RunAsync("snmpset", "-v2c", "-c", "writer", "-m", "", $"udp:127.0.0.1:{agent}", "1.3.6.1.2.1.11.30.0", "i", "1")).Succeeded();
        Assert.Equal(0, Count(AuthenticationFailure));
        await Tool.RunAsync("snmpget", wrong);
        await TellsAsync(4, AuthenticationFailure, "Authentication Failure Trap (0)");

        // An alert has the same identity everywhere; in SNMPv1 it is specific trap 1 of the enterprise that ends before ".0.1" (RFC 3584 section 3.2).
        (await host.ClientAsync("alerts", "test", "--message", "to every version")).Succeeded();
        await Eventually.HoldsAsync(() => Regex.Count(Log(), "STRING: \"to every version\"") == 5, $"the alert five times; snmptrapd: {snmptrapd.Output} {host.Log}");
        Assert.Matches(@"\.1\.3\.6\.1\.4\.1\.32473\.1\.1 Enterprise Specific Trap \(1\)", Log());
        Assert.Single(Regex.Matches(Log(), @"\.4\.1\.1\.2\.\d+ = STRING: ""([^""]+)""").Select(m => m.Groups[1].Value).Distinct());

        string Log() => File.ReadAllText(folder.PathOf("traps.log"));

        int Count(string pattern) => Regex.Count(Log(), @"\.1\.3\.6\.1\.6\.3\.1\.1\.4\.1\.0 = OID: " + pattern);

        // Four in the form of SNMPv2 (two traps, two informs) to one in that of SNMPv1.
        async Task TellsAsync(int count, string name, string v1)
        {
            await Eventually.HoldsAsync(
                () => Count(name) >= count && Regex.Count(Log(), Regex.Escape(v1)) >= count / 4, $"{count} times {name}: {(File.Exists(folder.PathOf("traps.log")) ? Log() : string.Empty)} {snmptrapd.Output}");
            Assert.Equal((count, count / 4), (Count(name), Regex.Count(Log(), Regex.Escape(v1))));
        }
    }

    private static Daemon Start(TemporaryDirectory folder, int port, string engine)
    {
        Directory.CreateDirectory(folder.PathOf("persistent"));
        const string User = $"sender SHA-256 {SnmpV3Host.AuthenticationPassword} AES {SnmpV3Host.PrivacyPassword}";
        folder.Write("snmptrapd.conf", $"[snmp] persistentDir {folder.PathOf("persistent")}\nauthCommunity log traps\ncreateUser -e 0x{engine} {User}\ncreateUser {User}\nauthUser log sender priv\n");
        folder.Write("traps.log", string.Empty);
        return Daemon.Start("snmptrapd", "-f", "-C", "-c", folder.PathOf("snmptrapd.conf"), "-m", "", "-On", "-A", "-Lf", folder.PathOf("traps.log"), $"udp:127.0.0.1:{port}");
    }
}
