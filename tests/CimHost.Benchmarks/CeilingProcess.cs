using System.Diagnostics;
using System.Globalization;
using CimHost.TestBed;

namespace CimHost.Benchmarks;

/// <summary>The ceiling in a process of its own, as CimHost is.</summary>
internal sealed class CeilingProcess : IDisposable
{
    private readonly Process _process;

    private CeilingProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<CeilingProcess> StartAsync()
    {
        int port = FreePort.Next();
        var start = new ProcessStartInfo("dotnet", [typeof(CeilingProcess).Assembly.Location, "ceiling", port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ceiling ready")
            {
                return new CeilingProcess(process, port);
            }
        }

        throw new InvalidOperationException("The ceiling ended before it was ready.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
