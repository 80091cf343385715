using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CimHost.TestBed;

/// <summary>
/// OpenIPMI's <c>ipmi_sim</c> as a BMC on loopback: answers RMCP+ on <see cref="Port"/>, and its console changes readings while it runs.
/// Cipher suite 3 works with it, suite 17 does not.
/// </summary>
public sealed class IpmiSim : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private IpmiSim(IpmiSimConfiguration configuration, DirectoryInfo folder)
    {
        Configuration = configuration;
        _folder = folder;
    }

    /// <summary>What it was started with.</summary>
    public IpmiSimConfiguration Configuration { get; }

    /// <summary>Where it listens.</summary>
    public string Host => "127.0.0.1";

    /// <summary>UDP port of RMCP.</summary>
    public int Port => Configuration.Port;

    /// <summary>The administrator's name.</summary>
    public string UserName => IpmiSimConfiguration.UserName;

    /// <summary>The administrator's password.</summary>
    public string Password => IpmiSimConfiguration.Password;

    /// <summary>Process id while it runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("ipmi_sim is stopped.");

    /// <summary>Writes a configuration on free ports, starts the program and waits until it answers a presence ping.</summary>
    /// <exception cref="InvalidOperationException">The program is missing or ended at once; the message holds what it printed.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<IpmiSim> StartAsync(IpmiSimConfiguration? configuration = null)
    {
        Peer.Require("ipmi_sim");
        var simulator = new IpmiSim(configuration ?? new IpmiSimConfiguration(), Directory.CreateTempSubdirectory("cimhost-ipmisim-"));
        simulator._folder.CreateSubdirectory("state");
        simulator.Configuration.WriteTo(simulator._folder.FullName);
        try
        {
            await simulator.ResumeAsync();
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program again on the same ports, after <see cref="KillAsync"/>: a BMC that restarted and knows no session.</summary>
    public async Task ResumeAsync()
    {
        var start = new ProcessStartInfo(Peer.Require("ipmi_sim"), ["-c", "lan.conf", "-f", "bmc.emu", "-s", "state", "-p", "-n"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("ipmi_sim did not start.");
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitForAnswerAsync(_process);
    }

    /// <summary>Ends the program at once, as a BMC that loses power.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Gives a command to the console, for example <c>sensor_set_value 0x20 0 1 92 1</c>, and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">The console complained.</exception>
    public async Task<string> CommandAsync(string command)
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Configuration.ConsolePort, limit.Token);
        NetworkStream stream = client.GetStream();
        await ReadToPromptAsync(stream, limit.Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), limit.Token);
        string answer = await ReadToPromptAsync(stream, limit.Token);

        // The console echoes the line; what is left is its answer, empty when all went well.
        int echo = answer.IndexOf(command, StringComparison.Ordinal);
        string printed = (echo >= 0 ? answer[(echo + command.Length)..] : answer).Trim('\r', '\n', ' ', '>', '\0');
        return printed.Contains("rror", StringComparison.Ordinal) || printed.Contains("nvalid", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"ipmi_sim, {command}: {printed}")
            : printed;
    }

    /// <summary>Sets the raw reading of a threshold sensor; events are generated as the thresholds say.</summary>
    public Task SetReadingAsync(byte sensor, byte raw) => CommandAsync($"sensor_set_value 0x20 0 {sensor} {raw} 1");

    /// <summary>Sets or clears one state bit of a discrete sensor.</summary>
    public Task SetStateAsync(byte sensor, int bit, bool value) => CommandAsync($"sensor_set_bit 0x20 0 {sensor} {bit} {(value ? 1 : 0)} 1");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<string> ReadToPromptAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        do
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                throw new InvalidOperationException($"ipmi_sim closed its console after: {text}");
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        while (text.Length < 2 || text[^1] != ' ' || text[^2] != '>');
        return text.ToString();
    }

    private async Task WaitForAnswerAsync(Process process)
    {
        // RMCP class ASF, message type 80h: a presence ping (ASF 2.0 §3.2.4.2).
        byte[] ping = [0x06, 0x00, 0xFF, 0x06, 0x00, 0x00, 0x11, 0xBE, 0x80, 0x01, 0x00, 0x00];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_startLimit)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"ipmi_sim ended with exit code {process.ExitCode}: {Printed}");
            }

            using var client = new UdpClient();
            client.Connect(IPAddress.Loopback, Port);
            using var wait = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                await client.SendAsync(ping, wait.Token);
                await client.ReceiveAsync(wait.Token);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                await Task.Delay(20);
            }
            catch (OperationCanceledException)
            {
                continue;
            }
        }

        throw new TimeoutException($"ipmi_sim did not answer on UDP port {Port} within {s_startLimit.TotalSeconds:0} s: {Printed}");
    }

    private string Printed
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
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
