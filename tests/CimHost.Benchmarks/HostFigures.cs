using System.Diagnostics;
using System.Text;
using CimHost.TestBed;

namespace CimHost.Benchmarks;

/// <summary>Start, memory, compilation of a large schema and a sweep over a remote BMC.</summary>
internal static class HostFigures
{
    private const int FurtherSensors = 100;

    /// <summary>The emulated rack server.</summary>
    public static string Machine => RackServer.Source;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var figures = new List<Figure>();
        using var state = new TemporaryDirectory("cimhost-benchmark-");
        await StartAsync(figures, state.FullName);
        string? schema = Environment.GetEnvironmentVariable("CIMHOST_DMTF_SCHEMA");
        if (!string.IsNullOrEmpty(schema))
        {
            await LoadSchemaAsync(figures, state.FullName, schema);
        }

        if (Peer.Find("ipmi_sim") is not null)
        {
            await SweepAsync(figures);
        }

        return figures;
    }

    private static async Task StartAsync(List<Figure> figures, string state)
    {
        figures.Add(new Figure("First start to ready (makes users, certificate, schema)", await StartOnceAsync(state), "s", null));
        long start = Stopwatch.GetTimestamp();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { StateDirectory = state, Machine = Machine });
        figures.Add(new Figure("Start to ready", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", 2));
        figures.Add(new Figure("Resident memory, idle, rack server", host.ResidentBytes / 1e6, "MB", 100));
    }

    private static async Task<double> StartOnceAsync(string state)
    {
        long start = Stopwatch.GetTimestamp();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { StateDirectory = state, Machine = Machine });
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task LoadSchemaAsync(List<Figure> figures, string state, string schema)
    {
        await using (HostProcess host = await HostProcess.StartAsync(new HostSettings { StateDirectory = state, Machine = Machine }))
        {
            long start = Stopwatch.GetTimestamp();
            (await host.ClientAsync("mof", "compile", schema, "--namespace", "root/cimv2")).Succeeded();
            figures.Add(new Figure("Compile the DMTF schema, cold, with the command's start", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", 1.5));
        }

        long again = Stopwatch.GetTimestamp();
        await using HostProcess loaded = await HostProcess.StartAsync(new HostSettings { StateDirectory = state, Machine = Machine });
        figures.Add(new Figure("Start to ready with the DMTF schema", Stopwatch.GetElapsedTime(again).TotalSeconds, "s", 2));
        figures.Add(new Figure("Resident memory, idle, with the DMTF schema", loaded.ResidentBytes / 1e6, "MB", 160));
    }

    // Each sweep reads every sensor of the BMC anew: the median of some, with connection and sensor repository warm.
    private static async Task SweepAsync(List<Figure> figures)
    {
        await using IpmiSim bmc = await IpmiSim.StartAsync(new IpmiSimConfiguration { FurtherSensors = FurtherSensors });
        using var secrets = new TemporaryDirectory("cimhost-benchmark-");
        string password = Path.Combine(secrets.FullName, "password");
        await File.WriteAllTextAsync(password, bmc.Password + "\n");
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            SystemRoot = secrets.FullName,
            Arguments = ["--Bmcs:0:Name=sim", $"--Bmcs:0:Address={bmc.Host}:{bmc.Port}", $"--Bmcs:0:UserName={bmc.UserName}", $"--Bmcs:0:PasswordFile={password}", "--Bmcs:0:CipherSuite=3"],
        });
        using HttpClient client = Benchmark.Client(host.Password);
        var request = BenchmarkCase.Enumerate("OMC_NumericSensor");
        var times = new List<double>();
        int count = 0;
        for (int i = 0; i < 25; i++)
        {
            long start = Stopwatch.GetTimestamp();
            string answer = await Benchmark.PostAsync(client, host.Http, new StringContent(request, Encoding.UTF8, "application/xml"));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            count = answer.Split("<INSTANCE ").Length - 1;
        }

        figures.Add(new Figure($"Sweep of {count} numeric sensors of one BMC over loopback, through CIM-XML", times.Skip(5).Order().ElementAt(10), "ms", 25));
    }
}
