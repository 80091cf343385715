using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace CimHost.TestBed;

/// <summary>
/// The real host in a process of its own, as a user starts it: <c>cimhost serve</c> with arguments, a state directory and a password.
/// Disposing it asks it to stop (SIGTERM) and demands exit code 0.
/// </summary>
public sealed class HostProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(40);
    private readonly Process _process;
    private readonly TemporaryDirectory? _ownState;
    private readonly StringBuilder _log = new();
    private readonly Lock _logLock = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(HostSettings settings)
    {
        _ownState = settings.StateDirectory is null ? new TemporaryDirectory() : null;
        StateDirectory = settings.StateDirectory ?? _ownState!.FullName;
        Password = settings.RootPassword ?? string.Empty;
        HttpPort = FreePort.Next();
        HttpsPort = FreePort.Next();
        ManagementPort = FreePort.Next();
        _process = new Process { StartInfo = StartInfo(settings), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("cimhost ended before it was ready."));
    }

    /// <summary>Where its state lives.</summary>
    public string StateDirectory { get; }

    /// <summary>Password of <c>root</c>.</summary>
    public string Password { get; set; }

    /// <summary>Port of CIM-XML over HTTP on 127.0.0.1.</summary>
    public int HttpPort { get; }

    /// <summary>Port of CIM-XML over HTTPS on 127.0.0.1.</summary>
    public int HttpsPort { get; }

    /// <summary>Port of management over HTTPS.</summary>
    public int ManagementPort { get; }

    /// <summary>Address of CIM-XML over HTTP.</summary>
    public Uri Http => new($"http://127.0.0.1:{HttpPort}/cimom");

    /// <summary>Address of CIM-XML over HTTPS.</summary>
    public Uri Https => new($"https://127.0.0.1:{HttpsPort}/cimom");

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Everything it printed so far, both streams in order of arrival.</summary>
    public string Log
    {
        get
        {
            lock (_logLock)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a host and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended instead, or took too long; the message holds what it printed.</exception>
    public static async Task<HostProcess> StartAsync(HostSettings? settings = null)
    {
        settings ??= new HostSettings();
        var host = new HostProcess(settings);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            await host._ready.Task.WaitAsync(settings.ReadyWithin);
            return host;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await host.KillAsync();
            string log = host.Log;
            host.Release();
            throw new InvalidOperationException($"{e.Message} It printed:\n{log}", e);
        }
    }

    /// <summary>Runs <c>cimhost</c> with arguments to its end, for what is no server: wrong configuration, client commands.</summary>
    public static Task<ToolRun> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        Tool.RunAsync(RepositoryRoot.HostExecutable, arguments, Clean(environment), TimeSpan.FromSeconds(90));

    /// <summary>Runs <c>cimhost</c> as a client of this host, on its local socket.</summary>
    public Task<ToolRun> ClientAsync(params string[] arguments) =>
        RunAsync(new Dictionary<string, string?> { ["CIMHOST_StateDirectory"] = StateDirectory }, arguments);

    /// <summary>Asks it to stop with SIGTERM and returns its exit code.</summary>
    /// <exception cref="TimeoutException">It did not stop; it was killed.</exception>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigTerm);
        }

        using var limit = new CancellationTokenSource(s_stopWithin);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new TimeoutException($"cimhost did not stop within {s_stopWithin.TotalSeconds:0} s of SIGTERM. It printed:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <summary>Kills it at once with SIGKILL: no handler runs, nothing more is written.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            await _process.WaitForExitAsync();
        }

        Killed = true;
    }

    /// <summary>Sends it SIGTERM and does not wait.</summary>
    public void BeginStop() => Signal(SigTerm);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        }
    }

    private bool Killed { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!Killed)
            {
                int code = await StopAsync();
                if (code != 0)
                {
                    throw new InvalidOperationException($"cimhost ended with exit code {code} after SIGTERM. It printed:\n{Log}");
                }
            }
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        _process.Dispose();
        _ownState?.Dispose();
    }

    private ProcessStartInfo StartInfo(HostSettings settings)
    {
        List<string> arguments =
        [
            "serve",
            $"--StateDirectory={StateDirectory}",
            $"--Endpoints:CimXmlHttp=127.0.0.1:{HttpPort}",
            $"--Endpoints:CimXmlHttps=127.0.0.1:{HttpsPort}",
            $"--Endpoints:Https=127.0.0.1:{ManagementPort}",
            "--Endpoints:Snmp=",
        ];
        if (settings.Machine is not null)
        {
            arguments.Add($"--Machine={settings.Machine}");
        }

        if (settings.SystemRoot is not null)
        {
            arguments.Add($"--SystemRoot={settings.SystemRoot}");
        }

        arguments.AddRange(settings.Arguments);
        var start = new ProcessStartInfo(RepositoryRoot.HostExecutable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = StateDirectory,
        };
        foreach ((string name, string? value) in Clean(new Dictionary<string, string?> { ["CIMHOST_ROOT_PASSWORD"] = settings.RootPassword }))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // What the shell of the person who runs the tests happens to hold must not configure the host under test.
    private static Dictionary<string, string?> Clean(IReadOnlyDictionary<string, string?> environment)
    {
        var clean = new Dictionary<string, string?>();
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(n => n.StartsWith("CIMHOST_", StringComparison.OrdinalIgnoreCase)))
        {
            clean[name] = null;
        }

        foreach ((string name, string? value) in environment)
        {
            clean[name] = value;
        }

        return clean;
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_logLock)
        {
            _log.AppendLine(line);
        }

        if (line.Trim() == "cimhost ready")
        {
            _ready.TrySetResult();
        }
    }

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0 && !_process.HasExited)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to process {_process.Id}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
