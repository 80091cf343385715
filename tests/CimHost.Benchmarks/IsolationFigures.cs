using System.Globalization;
using System.Text;
using System.Text.Json;
using CimHost.TestBed;

namespace CimHost.Benchmarks;

/// <summary>What misbehaving worlds cost others: the 99th percentile of WBEM answers beside them, as a multiple of that without them.</summary>
internal static class IsolationFigures
{
    private const double Goal = 1.5;
    private const int Seconds = 5;

    private static readonly BenchmarkCase[] s_cases =
    [
        new("GetClass", "GetClass", BenchmarkCase.All.First(c => c.Method == "GetClass").Body.Replace("PERF_Sensor", "CIM_NumericSensor", StringComparison.Ordinal), "<PROPERTY", 10),
        new("EnumerateInstances of a provider", "EnumerateInstances", BenchmarkCase.Enumerate("OMC_NumericSensor"), "<INSTANCE", 10),
    ];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        using var state = new TemporaryDirectory("cimhost-benchmark-");
        await using (await StartAsync(state.FullName))
        {
            // Makes the boot banks.
        }

        await VendorModule.InstallAsync(
            state.FullName,
            new VendorService("leaker", "/usr/bin/tail", "/dev/zero", StartsWithHost: false, "64M"),
            new VendorService("spinner", "/usr/bin/sha256sum", "/dev/zero", StartsWithHost: false));
        await using HostProcess host = await StartAsync(state.FullName);
        using CimXmlClient client = CimXmlClient.Of(host);
        string authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("root:" + HostSettings.Password));
        await LoadAsync(host, authorization);
        IReadOnlyList<Load> quiet = await LoadAsync(host, authorization);
        var figures = new List<Figure>();
        figures.AddRange(s_cases.Zip(quiet, (c, l) => new Figure($"{c.Name}, p99 without them", l.P99Microseconds, "us", null)));

        await AddAsync("a world is killed each second", () => LoadAndKillAsync(host, authorization));
        await host.ClientAsync("service", "start", "leaker");
        await AddAsync("a process world leaks and is started again", () => LoadAsync(host, authorization));
        await host.ClientAsync("service", "stop", "leaker");
        (await host.ClientAsync("service", "start", "spinner")).Succeeded();
        await AddAsync("a process world spins", () => LoadAsync(host, authorization));
        (await host.ClientAsync("service", "stop", "spinner")).Succeeded();
        await client.EnumerateAsync("root/cimv2", "Test_Spinner");
        await AddAsync("an in-process world spins", () => LoadAsync(host, authorization));
        return figures;

        async Task AddAsync(string what, Func<Task<IReadOnlyList<Load>>> measure)
        {
            IReadOnlyList<Load> loads = await measure();
            for (int i = 0; i < s_cases.Length; i++)
            {
                figures.Add(new Figure($"{s_cases[i].Name}, p99 while {what}", loads[i].P99Microseconds / quiet[i].P99Microseconds, "x", Goal));
            }
        }
    }

    private static Task<HostProcess> StartAsync(string state) => HostProcess.StartAsync(new HostSettings
    {
        StateDirectory = state,
        Machine = HostFigures.Machine,
        Arguments = [$"--ProviderDirectories:0={RepositoryRoot.PathOf("tests/CimHost.Unruly/bin/Release")}", "--Dispatch:DeadlineSeconds=2"],
    });

    private static async Task<IReadOnlyList<Load>> LoadAsync(HostProcess host, string authorization)
    {
        var loads = new List<Load>();
        foreach (BenchmarkCase request in s_cases)
        {
            Load load = await Wrk.RunAsync(host.Http.ToString(), request, connections: 1, Seconds, authorization);
            loads.Add(load.Errors == 0 ? load : throw new InvalidOperationException($"{request.Name}: {load.Errors} errors"));
        }

        return loads;
    }

    private static async Task<IReadOnlyList<Load>> LoadAndKillAsync(HostProcess host, string authorization)
    {
        using var stop = new CancellationTokenSource();
        Task killing = KillAsync(host, authorization, stop.Token);
        try
        {
            return await LoadAsync(host, authorization);
        }
        finally
        {
            await stop.CancelAsync();
            await killing;
        }
    }

    private static async Task KillAsync(HostProcess host, string authorization, CancellationToken stop)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", authorization);
        var root = new Uri(host.Http, "/");
        while (!stop.IsCancellationRequested)
        {
            using HttpResponseMessage top = await http.PostAsync(new Uri(root, "admin/worlds/top"), new StringContent("{}"), CancellationToken.None);
            using JsonDocument worlds = JsonDocument.Parse(await top.Content.ReadAsStringAsync(CancellationToken.None));
            foreach (JsonElement world in worlds.RootElement.GetProperty("worlds").EnumerateArray().Where(w => w.GetProperty("name").GetString() == "Unruly"))
            {
                string body = string.Create(CultureInfo.InvariantCulture, $"{{\"worldId\":{world.GetProperty("worldId").GetInt32()},\"signal\":\"KILL\"}}");
                using HttpResponseMessage killed = await http.PostAsync(new Uri(root, "admin/worlds/kill"), new StringContent(body), CancellationToken.None);
            }

            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), stop));
        }
    }
}
