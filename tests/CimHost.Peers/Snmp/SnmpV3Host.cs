using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>A host over the rack server with a user of SNMPv3 for every digest and cipher, and net-snmp's tools to ask it.</summary>
public sealed class SnmpV3Host : IAsyncLifetime
{
    /// <summary>Password for authentication of every user.</summary>
    public const string AuthenticationPassword = "auth-password-1";

    /// <summary>Password for encryption of every user.</summary>
    public const string PrivacyPassword = "priv-password-1";

    /// <summary>Digests, as the configuration and as net-snmp name them.</summary>
    public static readonly (string Name, string Tool)[] Digests = [("Md5", "MD5"), ("Sha1", "SHA"), ("Sha224", "SHA-224"), ("Sha256", "SHA-256"), ("Sha384", "SHA-384"), ("Sha512", "SHA-512")];

    /// <summary>Ciphers, as the configuration and as net-snmp name them.</summary>
    public static readonly (string Name, string Tool)[] Ciphers = [("Des", "DES"), ("Aes128", "AES"), ("Aes192", "AES-192"), ("Aes256", "AES-256"), ("Aes192C", "AES192C"), ("Aes256C", "AES256C")];

    private readonly RackServer _machine = new();
    private readonly TemporaryDirectory _folder = new();
    private HostProcess? _host;

    /// <summary>Port of the agent.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The host.</summary>
    public HostProcess Host => _host ?? throw new InvalidOperationException("net-snmp is missing.");

    /// <summary>Writes both passwords into files that their owner alone reads, and returns the settings of a user.</summary>
    public static string[] User(TemporaryDirectory folder, int number, string name, string digest, string? cipher, params string[] more)
    {
        string authentication = folder.WriteSecret("authentication", AuthenticationPassword + "\n"), privacy = folder.WriteSecret("privacy", PrivacyPassword + "\n");
        string key = $"--Snmp:Users:{number}:";
        return
        [
            $"{key}Name={name}", $"{key}Authentication={digest}", $"{key}AuthenticationPasswordFile={authentication}",
            .. cipher is null ? Array.Empty<string>() : [$"{key}Privacy={cipher}", $"{key}PrivacyPasswordFile={privacy}"],
            .. more.Select(m => key + m),
        ];
    }

    /// <summary>What a tool needs to be a user.</summary>
    public static string[] As(string name, string digest, string? cipher, string authentication = AuthenticationPassword, string privacy = PrivacyPassword) =>
    [
        "-u", name, "-l", cipher is null ? "authNoPriv" : "authPriv", "-a", digest, "-A", authentication,
        .. cipher is null ? Array.Empty<string>() : ["-x", cipher, "-X", privacy],
    ];

    /// <summary>Runs a tool of net-snmp as SNMPv3.</summary>
    public static Task<ToolRun> ToolAsync(string program, string agent, string[] user, params string[] arguments) =>
        Tool.RunAsync(program, ["-v3", "-m", "", "-On", "-t", "5", "-r", "1", .. user, agent, .. arguments], null, TimeSpan.FromSeconds(60));

    /// <summary>Runs a tool of net-snmp as SNMPv3 against this agent.</summary>
    public Task<ToolRun> ToolAsync(string program, string[] user, params string[] arguments) => ToolAsync(program, $"udp:127.0.0.1:{Port}", user, arguments);

    public async Task InitializeAsync()
    {
        if (Peer.WhySkipped(["snmpget"]) is not null)
        {
            return;
        }

        var settings = new List<string> { $"--Endpoints:Snmp=127.0.0.1:{Port}", "--Snmp:Communities:0:Name=reader", "--Snmp:Users:0:Name=anybody" };
        int number = 1;
        foreach ((string digest, _) in Digests)
        {
            settings.AddRange(User(_folder, number++, digest, digest, null));
            foreach ((string cipher, _) in Ciphers)
            {
                settings.AddRange(User(_folder, number++, digest + cipher, digest, cipher, "Access=ReadWrite"));
            }
        }

        settings.AddRange(User(_folder, number, "limited", "Sha256", "Aes128", "Level=AuthNoPriv", "Access=ReadWrite", "Subtrees:0=1.3.6.1.2.1.1.3.0", "Subtrees:1=1.3.6.1.2.1.1.6"));
        _host = await HostProcess.StartAsync(new HostSettings { Machine = _machine.Folder, Arguments = settings });
        await Eventually.HoldsAsync(async () => (await ToolAsync("snmpbulkwalk", As("Sha256", "SHA-256", null), "1.3.6.1.2.1.99")).Output.Length, l => l > 1000, "sensors in ENTITY-SENSOR-MIB", TimeSpan.FromMinutes(2));
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _machine.Dispose();
        _folder.Dispose();
    }
}
