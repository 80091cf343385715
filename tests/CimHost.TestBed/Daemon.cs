using System.Diagnostics;
using System.Text;

namespace CimHost.TestBed;

/// <summary>A program of somebody else that runs beside a test, in the foreground; disposing it ends it.</summary>
public sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Daemon(Process process) => _process = process;

    /// <summary>What it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    public static Daemon Start(string program, params string[] arguments)
    {
        var daemon = new Daemon(new Process
        {
            StartInfo = new ProcessStartInfo(Peer.Require(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        });
        daemon._process.OutputDataReceived += (_, e) => daemon.Add(e.Data);
        daemon._process.ErrorDataReceived += (_, e) => daemon.Add(e.Data);
        daemon._process.Start();
        daemon._process.BeginOutputReadLine();
        daemon._process.BeginErrorReadLine();
        return daemon;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
