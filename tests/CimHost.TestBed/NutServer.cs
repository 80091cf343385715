using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CimHost.TestBed;

/// <summary>
/// Network UPS Tools' own server <c>upsd</c> with its driver <c>dummy-ups</c> behind it (Debian package nut-server): a UPS whose variables
/// are lines of a file, which the driver reads again and again.
/// </summary>
public sealed class NutServer : IAsyncDisposable
{
    /// <summary>Name of the UPS.</summary>
    public const string UpsName = "testups";

    /// <summary>A user who may log in.</summary>
    public const string UserName = "mon";

    /// <summary>The user's password.</summary>
    public const string Password = "mon \"quoted\" pw";

    private const string Programs = "/lib/nut";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _folder = new("cimhost-nut-");
    private readonly StringBuilder _output = new();
    private Process? _driver;
    private Process? _server;

    private NutServer()
    {
    }

    /// <summary>TCP port of the server.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The address as configuration has it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Why a test is skipped; null when the programs are there.</summary>
    public static string? WhySkipped => Peer.WhySkipped(["upsd", "upsc"]);

    /// <summary>Starts driver and server and waits until the UPS tells its status.</summary>
    public static async Task<NutServer> StartAsync(string variables)
    {
        Peer.Require("upsd");
        var nut = new NutServer();
        try
        {
            nut.SetVariables(variables);
            nut._folder.Write("ups.conf", $"[{UpsName}]\n  driver = dummy-ups\n  port = {nut._folder.PathOf("test.dev")}\n  mode = dummy-loop\n  pollinterval = 1\n  desc = \"Test UPS\"\n");
            nut._folder.Write("upsd.conf", string.Create(CultureInfo.InvariantCulture, $"LISTEN 127.0.0.1 {nut.Port}\n"));
            nut._folder.Write("upsd.users", $"[{UserName}]\n  password = \"{Password.Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n  upsmon secondary\n");
            Directory.CreateDirectory(nut._folder.PathOf("state"));
            nut.StartDriver();
            nut._server = nut.Start("upsd", "-D", "-u", Environment.UserName);
            await Eventually.HoldsAsync(async () => (await nut.UpscAsync()).ExitCode, code => code == 0, "upsd to tell the variables of its UPS", s_startLimit);
            return nut;
        }
        catch (Exception e)
        {
            string printed;
            lock (nut._output)
            {
                printed = nut._output.ToString();
            }

            await nut.DisposeAsync();
            throw new InvalidOperationException($"upsd did not start: {e.Message}\n{printed}", e);
        }
    }

    /// <summary>Replaces the variables, one <c>name: value</c> a line. The driver sees them within a second or two.</summary>
    public void SetVariables(string variables)
    {
        string file = _folder.Write("test.dev.new", variables.TrimEnd() + "\n");
        File.Move(file, _folder.PathOf("test.dev"), overwrite: true);
    }

    /// <summary>Ends the driver at once, as a UPS that is unplugged.</summary>
    public Task KillDriverAsync() => EndAsync(_driver);

    /// <summary>Starts the driver again.</summary>
    public void StartDriver() => _driver = Start("dummy-ups", "-a", UpsName, "-u", Environment.UserName, "-D");

    /// <summary>Ends the server at once.</summary>
    public Task KillServerAsync() => EndAsync(_server);

    /// <summary>The variables as NUT's own client tells them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> VariablesAsync() => (await UpscAsync()).Succeeded().Lines
        .Select(l => l.Split(": ", 2))
        .Where(p => p.Length == 2)
        .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(_server);
        await EndAsync(_driver);
        _folder.Dispose();
    }

    private static async Task EndAsync(Process? process)
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
    }

    private Task<ToolRun> UpscAsync() => Tool.RunAsync(Peer.Require("upsc"), $"{UpsName}@{Address}");

    // Debian's program in /sbin is a wrapper that does nothing until a file of the system says so.
    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Programs, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NUT_CONFPATH"] = _folder.FullName;
        start.Environment["NUT_STATEPATH"] = _folder.PathOf("state");
        start.Environment["NUT_ALTPIDPATH"] = _folder.PathOf("state");
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.OutputDataReceived += Note;
        process.ErrorDataReceived += Note;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Note(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
        {
            if (e.Data is not null && _output.Length < 64 * 1024)
            {
                _output.AppendLine(e.Data);
            }
        }
    }
}
