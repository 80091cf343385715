using CimHost.TestBed;

namespace CimHost.Peers.Snmp;

/// <summary>Debian's snmpd as an AgentX master, at a port and a socket of its own, with what it sends caught by snmptrapd.</summary>
internal sealed class Snmpd : IAsyncDisposable
{
    /// <summary>An object of snmpd that takes a Set when it is tested and refuses it when it is made.</summary>
    public const string Refusing = "1.3.6.1.4.1.32473.9.1.0";

    private readonly TemporaryDirectory _folder = new();
    private readonly int _trapPort = FreePort.Next();
    private readonly Daemon _snmptrapd;
    private Daemon _snmpd;

    /// <summary>Starts both.</summary>
    /// <param name="more">More lines for snmpd.conf.</param>
    public Snmpd(params string[] more)
    {
        foreach (string daemon in new[] { "snmpd", "snmptrapd" })
        {
            Directory.CreateDirectory(_folder.PathOf(daemon));
        }

        _folder.Write("snmpd.conf", string.Join('\n',
        [
            $"[snmp] persistentDir {_folder.PathOf("snmpd")}", "[snmpd]", "master agentx", $"agentXSocket unix:{Socket},tcp:127.0.0.1:{TcpPort}", "rwcommunity writer 127.0.0.1",
            $"pass {Refusing} {Script()}", $"trap2sink 127.0.0.1:{_trapPort} traps", .. more, string.Empty,
        ]));
        _folder.Write("snmptrapd.conf", $"[snmp] persistentDir {_folder.PathOf("snmptrapd")}\nauthCommunity log traps\n");
        _folder.Write("traps.log", string.Empty);
        _snmptrapd = Daemon.Start("snmptrapd", "-f", "-C", "-c", _folder.PathOf("snmptrapd.conf"), "-m", "", "-On", "-A", "-Lf", _folder.PathOf("traps.log"), $"udp:127.0.0.1:{_trapPort}");
        _snmpd = StartMaster();
    }

    /// <summary>Port of snmpd.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Port for subagents.</summary>
    public int TcpPort { get; } = FreePort.Next();

    /// <summary>Socket for subagents.</summary>
    public string Socket => _folder.PathOf("master");

    /// <summary>What snmptrapd got so far.</summary>
    public string Traps => File.ReadAllText(_folder.PathOf("traps.log"));

    /// <summary>What snmpd says.</summary>
    public string Log => _snmpd.Output;

    /// <summary>A folder of the test.</summary>
    public TemporaryDirectory Folder => _folder;

    /// <summary>Kills snmpd.</summary>
    public ValueTask StopMasterAsync() => _snmpd.DisposeAsync();

    /// <summary>Starts snmpd again.</summary>
    public void RestartMaster() => _snmpd = StartMaster();

    /// <summary>Runs a tool of net-snmp against snmpd.</summary>
    public Task<ToolRun> AskAsync(string program, params string[] arguments) => AskAsync(Port, "writer", program, arguments);

    /// <summary>Runs a tool of net-snmp against an agent on this computer.</summary>
    public static Task<ToolRun> AskAsync(int port, string community, string program, params string[] arguments) =>
        Tool.RunAsync(program, ["-v2c", "-c", community, "-m", "", "-On", "-t", "3", "-r", "1", $"udp:127.0.0.1:{port}", .. arguments], null, TimeSpan.FromSeconds(60));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _snmpd.DisposeAsync();
        await _snmptrapd.DisposeAsync();
        _folder.Dispose();
    }

    // What snmpd runs for that object: it has a value and takes none (snmpd.conf(5), pass).
    private string Script()
    {
        return _folder.WriteProgram("refusing", $"#!/bin/sh\ncase \"$1\" in\n-g) printf '.{Refusing}\\nstring\\nhere\\n' ;;\n-s) echo wrong-value ;;\nesac\n");
    }

    private Daemon StartMaster() => Daemon.Start("snmpd", "-f", "-C", "-c", _folder.PathOf("snmpd.conf"), "-m", "", "-Lo", $"udp:127.0.0.1:{Port}");
}
