using System.Text.RegularExpressions;
using CimHost.Snmp;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>SNMPv3 as net-snmp's tools speak it, and <c>cimhost snmp</c>.</summary>
public sealed class NetSnmpV3Tests(SnmpV3Host agent) : IClassFixture<SnmpV3Host>
{
    private const string SysContact = "1.3.6.1.2.1.1.4.0";
    private const string SysDescr = "1.3.6.1.2.1.1.1.0";
    private const string SysLocation = "1.3.6.1.2.1.1.6.0";
    private const string SysUpTime = "1.3.6.1.2.1.1.3.0";

    private static readonly string[] s_secure = SnmpV3Host.As("Sha256Aes128", "SHA-256", "AES");

    [PeerFact("snmpget")]
    public async Task Every_digest_and_every_cipher_reads()
    {
        Assert.Contains("CimHost", (await agent.ToolAsync("snmpget", ["-u", "anybody", "-l", "noAuthNoPriv"], SysDescr)).Succeeded().Output, StringComparison.Ordinal);
        foreach ((string digest, string digestTool) in SnmpV3Host.Digests)
        {
            Assert.Contains("CimHost", (await agent.ToolAsync("snmpget", SnmpV3Host.As(digest, digestTool, null), SysDescr)).Succeeded().Output, StringComparison.Ordinal);
            foreach ((string cipher, string cipherTool) in SnmpV3Host.Ciphers)
            {
                Assert.Contains("CimHost", (await agent.ToolAsync("snmpget", SnmpV3Host.As(digest + cipher, digestTool, cipherTool), SysDescr)).Succeeded().Output, StringComparison.Ordinal);
            }
        }
    }

    [PeerFact("snmpget")]
    public async Task What_is_wrong_is_told_as_net_snmp_knows_it_and_counted()
    {
        await FailsAsync("Authentication failure", SnmpCounter.UsmStatsWrongDigests, SnmpV3Host.As("Sha256Aes128", "SHA-256", "AES", authentication: "wrong-password"));
        await FailsAsync("Decryption error", SnmpCounter.UsmStatsDecryptionErrors, SnmpV3Host.As("Sha256Aes128", "SHA-256", "AES", privacy: "wrong-password"));
        await FailsAsync("Unknown user name", SnmpCounter.UsmStatsUnknownUserNames, SnmpV3Host.As("nobody", "SHA-256", "AES"));
        await FailsAsync("Unsupported security level", SnmpCounter.UsmStatsUnsupportedSecLevels, SnmpV3Host.As("Sha256", "SHA-256", "AES"));
        await FailsAsync("Bad context", SnmpCounter.SnmpUnknownContexts, [.. s_secure, "-n", "elsewhere"]);
        await FailsAsync("authorizationError", null, SnmpV3Host.As("Sha256Aes128", "SHA-256", null));
        await FailsAsync("authorizationError", null, ["-u", "Sha256Aes128", "-l", "noAuthNoPriv"]);
    }

    [PeerFact("snmpget")]
    public async Task A_manager_whose_clock_is_wrong_is_told_the_time_and_gets_its_answer()
    {
        string engine = File.ReadAllText(Path.Combine(agent.Host.StateDirectory, "snmp-engine")).Split(' ')[0];
        uint before = await CounterAsync(SnmpCounter.UsmStatsNotInTimeWindows);
        Assert.Contains("CimHost", (await agent.ToolAsync("snmpget", [.. s_secure, "-e", "0x" + engine, "-Z", "9,100000"], SysDescr)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(before + 1, await CounterAsync(SnmpCounter.UsmStatsNotInTimeWindows));
    }

    [PeerFact("snmpget")]
    public async Task Walks_are_equal_in_every_version_over_UDP_and_TCP()
    {
        string[] next = Names(await agent.ToolAsync("snmpwalk", s_secure, "1.3.6.1.2.1.99"));
        Assert.True(next.Length > 100, $"{next.Length} variables");
        Assert.Equal(next, Names(await agent.ToolAsync("snmpbulkwalk", s_secure, "1.3.6.1.2.1.99")));
        Assert.Equal(next, Names(await SnmpV3Host.ToolAsync("snmpbulkwalk", $"tcp:127.0.0.1:{agent.Port}", s_secure, "-Cr100", "1.3.6.1.2.1.99")));
        Assert.Equal(next, Names(await Tool.RunAsync("snmpwalk", "-v2c", "-c", "reader", "-m", "", "-On", $"tcp:127.0.0.1:{agent.Port}", "1.3.6.1.2.1.99")));

        // One that is not repeated, and ten repetitions of the other.
        string[] bulk = [SysDescr, .. next[..10]];
        Assert.Equal(bulk, Names(await agent.ToolAsync("snmpbulkget", [.. s_secure, "-Cn1", "-Cr10"], "1.3.6.1.2.1.1.1", "1.3.6.1.2.1.99")));
        Assert.Equal(bulk, Names(await Tool.RunAsync(
            "snmpbulkget", "-v2c", "-c", "reader", "-m", "", "-On", "-Cn1", "-Cr10", $"udp:127.0.0.1:{agent.Port}", "1.3.6.1.2.1.1.1", "1.3.6.1.2.1.99")));

        // Users, targets and views are there to be read, keys are not.
        string security = (await agent.ToolAsync("snmpbulkwalk", s_secure, "1.3.6.1.6.3")).Succeeded().Output;
        Assert.Contains(".1.3.6.1.6.3.16.1.4.1.5.", security, StringComparison.Ordinal);
        Assert.Equal(1 + (SnmpV3Host.Digests.Length * (1 + SnmpV3Host.Ciphers.Length)) + 1, Regex.Count(security, @"^\.1\.3\.6\.1\.6\.3\.15\.1\.2\.2\.1\.3\.", RegexOptions.Multiline));
        Assert.All(Regex.Matches(security, @"^\.1\.3\.6\.1\.6\.3\.15\.1\.2\.2\.1\.(6|7|9|10)\..* = (.*)$", RegexOptions.Multiline), m => Assert.Equal("\"\"", m.Groups[2].Value.Trim()));
    }

    [PeerFact("snmpget", "snmpd")]
    public async Task Digests_and_ciphers_have_the_names_in_usmUserTable_that_they_have_at_snmpd()
    {
        // usmUserAuthProtocol and usmUserPrivProtocol. The ciphers with keys of 192 and 256 bits have no name of the standards.
        const string Table = "1.3.6.1.6.3.15.1.2.2.1";
        await using var peer = new Snmpd(
        [
            .. SnmpV3Host.Digests.SelectMany(d => SnmpV3Host.Ciphers.Select(
                c => $"createUser {d.Name + c.Name} {d.Tool} {SnmpV3Host.AuthenticationPassword} {c.Tool} {SnmpV3Host.PrivacyPassword}")),
        ]);
        foreach (string column in new[] { "5", "8" })
        {
            string theirs = (await Eventually.HoldsAsync(() => peer.AskAsync("snmpbulkwalk", $"{Table}.{column}"), r => r.ExitCode == 0, "snmpd")).Output;
            string ours = (await agent.ToolAsync("snmpbulkwalk", s_secure, $"{Table}.{column}")).Succeeded().Output;
            foreach ((string digest, _) in SnmpV3Host.Digests)
            {
                foreach ((string cipher, _) in SnmpV3Host.Ciphers)
                {
                    string protocol = ProtocolOf(theirs, digest + cipher);
                    Assert.NotEmpty(protocol);
                    Assert.Equal($"{digest + cipher} {protocol}", $"{digest + cipher} {ProtocolOf(ours, digest + cipher)}");
                }
            }
        }

        // The row of a user ends in the octets of its name, their number before them.
        static string ProtocolOf(string walk, string user) =>
            Regex.Match(walk, $@"\.{user.Length}\.{string.Join(@"\.", user.Select(c => (int)c))} = OID: (\S+)").Groups[1].Value;
    }

    [PeerFact("snmpget", "snmptable")]
    public async Task A_table_is_read_as_one_and_a_writer_sets()
    {
        // snmptable needs the MIB's text for the names of the columns; ours is a part of the source.
        ToolRun table = await Tool.RunAsync(
            "snmptable",
            [
                "-v3", "-M", $"+{RepositoryRoot.PathOf("tests/fixtures/snmp-mibs")}:{RepositoryRoot.PathOf("broker/CimHost.Snmp/Mib")}", "-m", "CIMHOST-MIB", "-t", "5", .. s_secure,
                $"udp:127.0.0.1:{agent.Port}", "1.3.6.1.4.1.32473.1.1.1.1",
            ],
            null,
            TimeSpan.FromSeconds(60));
        Assert.True(table.Succeeded().Lines.Length > 10, table.ToString());
        (await agent.ToolAsync("snmpset", s_secure, SysContact, "s", "operator of v3")).Succeeded();
        Assert.Contains("operator of v3", (await agent.ToolAsync("snmpget", s_secure, SysContact)).Output, StringComparison.Ordinal);
        Assert.Contains("noAccess", (await agent.ToolAsync("snmpset", SnmpV3Host.As("Sha256", "SHA-256", null), SysContact, "s", "x")).Error, StringComparison.Ordinal);
    }

    [PeerFact("snmpget")]
    public async Task A_user_sees_and_sets_its_subtrees_only()
    {
        string[] limited = SnmpV3Host.As("limited", "SHA-256", null);
        string[] names = Names(await agent.ToolAsync("snmpwalk", limited, "1.3.6.1"));
        Assert.Equal([SysUpTime, SysLocation], names);
        Assert.Equal(names, Names(await agent.ToolAsync("snmpbulkwalk", limited, "1.3.6.1")));
        Assert.Contains("No Such Object", (await agent.ToolAsync("snmpget", limited, SysDescr)).Output, StringComparison.Ordinal);
        (await agent.ToolAsync("snmpset", limited, SysLocation, "s", "here")).Succeeded();
        Assert.Contains("noAccess", (await agent.ToolAsync("snmpset", limited, SysContact, "s", "x")).Error, StringComparison.Ordinal);
    }

    [PeerFact("snmpget")]
    public async Task The_command_reads_and_sets_with_and_without_SNMP_and_shows_no_key()
    {
        Assert.Contains("CimHost", (await agent.Host.ClientAsync("snmp", "get", SysDescr)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("NotWritable", (await agent.Host.ClientAsync("snmp", "set", SysDescr, "s", "x")).Error, StringComparison.Ordinal);
        (await agent.Host.ClientAsync("snmp", "set", "1.3.6.1.2.1.1.5.0", "s", "by-command")).Succeeded();
        int here = (await agent.Host.ClientAsync("snmp", "walk", "1.3.6.1.2.1.99")).Succeeded().Lines.Length;
        ToolRun bySnmp = await ByCommandAsync(SnmpV3Host.PrivacyPassword, "walk", "1.3.6.1.2.1.99");
        Assert.Equal(here, bySnmp.Succeeded().Lines.Length);
        Assert.Contains("by-command", (await ByCommandAsync(SnmpV3Host.PrivacyPassword, "get", "1.3.6.1.2.1.1.5.0")).Output, StringComparison.Ordinal);
        ToolRun refused = await ByCommandAsync("wrong-password", "get", SysDescr);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("privacy password", refused.Error, StringComparison.Ordinal);
        string users = (await agent.Host.ClientAsync("snmp", "users")).Succeeded().Output;
        Assert.Contains("Sha512Aes256C", users, StringComparison.Ordinal);
        Assert.DoesNotContain(SnmpV3Host.AuthenticationPassword, users + agent.Host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(SnmpV3Host.PrivacyPassword, users + agent.Host.Log, StringComparison.Ordinal);

        // The key that it makes is the one that net-snmp makes of the password: the tool takes it in place of that (-3k).
        using var folder = new TemporaryDirectory();
        string file = folder.Write("password", SnmpV3Host.AuthenticationPassword + "\n");
        string key = (await agent.Host.ClientAsync("snmp", "hash", "--authentication", "Sha256", "--file", file)).Succeeded().Output.Trim();
        Assert.Contains("CimHost", (await agent.ToolAsync("snmpget", ["-u", "Sha256", "-l", "authNoPriv", "-a", "SHA-256", "-3k", "0x" + key], SysDescr)).Succeeded().Output, StringComparison.Ordinal);
    }

    [PeerFact("snmpget")]
    public async Task Over_IPv6_with_a_localised_key_and_after_a_restart_a_manager_finds_in_again()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        using var state = new TemporaryDirectory();
        int port = FreePort.Next();
        string[] settings = [$"--Endpoints:Snmp=[::1]:{port}", .. SnmpV3Host.User(folder, 0, "operator", "Sha512", "Aes256")];
        string[] user = SnmpV3Host.As("operator", "SHA-512", "AES-256");
        await using (await HostProcess.StartAsync(new HostSettings { StateDirectory = state.FullName, Machine = machine.Folder, Arguments = settings }))
        {
            foreach (string transport in new[] { "udp6", "tcp6" })
            {
                Assert.Contains("CimHost", (await SnmpV3Host.ToolAsync("snmpget", $"{transport}:[::1]:{port}", user, SysDescr)).Succeeded().Output, StringComparison.Ordinal);
            }
        }

        // The second start knows the keys instead of the passwords.
        string engine = File.ReadAllText(state.PathOf("snmp-engine")).Split(' ')[0];
        string authentication = await HashAsync("authentication"), privacy = await HashAsync("privacy", "--privacy", "Aes256");
        await using HostProcess again = await HostProcess.StartAsync(new HostSettings
        {
            StateDirectory = state.FullName,
            Machine = machine.Folder,
            Arguments =
            [
                settings[0], "--Snmp:Users:0:Name=operator", "--Snmp:Users:0:Authentication=Sha512", $"--Snmp:Users:0:AuthenticationKey={authentication}", "--Snmp:Users:0:Privacy=Aes256",
                $"--Snmp:Users:0:PrivacyKey={privacy}",
            ],
        });

        // The manager believes in the first boot still.
        Assert.Contains("INTEGER: 2", (await SnmpV3Host.ToolAsync("snmpget", $"udp6:[::1]:{port}", [.. user, "-e", "0x" + engine, "-Z", "1,5"], "1.3.6.1.6.3.10.2.1.2.0")).Succeeded().Output, StringComparison.Ordinal);

        async Task<string> HashAsync(string file, params string[] more) => (await HostProcess.RunAsync(
            new Dictionary<string, string?>(), ["snmp", "hash", "--authentication", "Sha512", "--engine", engine, "--file", folder.PathOf(file), .. more])).Succeeded().Output.Trim();
    }

    private static string[] Names(ToolRun run) =>
        [.. run.Succeeded().Output.Split('\n').Where(l => !l.Contains("No more variables", StringComparison.Ordinal)).Select(l => Regex.Match(l, @"^\.([0-9.]+) = ")).Where(m => m.Success).Select(m => m.Groups[1].Value)];

    private async Task FailsAsync(string message, SnmpCounter? counter, string[] user)
    {
        uint before = counter is { } c ? await CounterAsync(c) : 0;
        ToolRun run = await agent.ToolAsync("snmpget", user, SysDescr);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("CimHost", run.Output, StringComparison.Ordinal);
        if (counter is { } counted)
        {
            Assert.True(await CounterAsync(counted) > before, $"{counted} was not counted");
        }
    }

    private async Task<uint> CounterAsync(SnmpCounter counter) =>
        uint.Parse(Regex.Match((await agent.ToolAsync("snmpget", s_secure, SnmpCounters.NameOf(counter).ToString())).Succeeded().Output, @"Counter32: (\d+)").Groups[1].Value);

    private Task<ToolRun> ByCommandAsync(string privacy, string command, string oid) => HostProcess.RunAsync(
        new Dictionary<string, string?> { ["CIMHOST_StateDirectory"] = agent.Host.StateDirectory, ["CIMHOST_SNMP_PASSWORD"] = SnmpV3Host.AuthenticationPassword, ["CIMHOST_SNMP_PRIVACY_PASSWORD"] = privacy },
        "snmp", command, "--agent", $"127.0.0.1:{agent.Port}", "--snmp-user", "Sha256Aes128", oid);
}
