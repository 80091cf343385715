using System.Text;
using CimHost.TestBed;

namespace CimHost.Benchmarks;

/// <summary>
/// What misbehaving worlds cost others: the 99th percentile of WBEM answers beside them, as a multiple of that without them. Each is the
/// mean of short windows without the best and the worst, taken in turn without and with, since the same computer gives others from one
/// minute to the next. (A median jumps between the two kinds of windows that there are: those in which the host also reads a device, and others.)
/// </summary>
internal static class IsolationFigures
{
    private const double Goal = 1.5;
    private const int Rounds = 10;

    // Until .NET has compiled what it compiles again, the answers get faster from window to window.
    private const int WarmUps = 6;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(2);

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
        var figures = new List<Figure>();
        for (int i = 0; i < WarmUps; i++)
        {
            await LoadAsync(host, authorization);
        }

        await AddAsync("nothing happens (noise of the computer)", () => Task.CompletedTask, () => Task.CompletedTask);
        using (var kills = new WorldKiller(host.Http, authorization))
        {
            await AddAsync("a world is killed each second", kills.StartAsync, kills.StopAsync);
        }

        await AddAsync("a process world leaks and is started again", () => ServiceAsync("start", "leaker"), () => ServiceAsync("stop", "leaker"));
        await AddAsync("a process world spins", () => ServiceAsync("start", "spinner"), () => ServiceAsync("stop", "spinner"));

        // It cannot be ended: the windows without it come first.
        Window[] before = await WindowsAsync();
        await client.EnumerateAsync("root/cimv2", "Test_Spinner");
        Add("an in-process world spins", before, await WindowsAsync());
        return figures;

        async Task ServiceAsync(string verb, string name) => (await host.ClientAsync("service", verb, name)).Succeeded();

        async Task AddAsync(string what, Func<Task> begin, Func<Task> end)
        {
            var without = new List<AnswerTimes[]>();
            var with = new List<AnswerTimes[]>();
            for (int i = 0; i < Rounds; i++)
            {
                // Now one first and now the other: what the host does at intervals of its own falls into both alike.
                if (i % 2 == 0)
                {
                    without.Add(await LoadAsync(host, authorization));
                }

                await begin();
                with.Add(await LoadAsync(host, authorization));
                await end();
                if (i % 2 == 1)
                {
                    without.Add(await LoadAsync(host, authorization));
                }
            }

            Add(what, Means(without), Means(with));
        }

        async Task<Window[]> WindowsAsync()
        {
            var windows = new List<AnswerTimes[]>();
            for (int i = 0; i < Rounds; i++)
            {
                windows.Add(await LoadAsync(host, authorization));
            }

            return Means(windows);
        }

        void Add(string what, Window[] without, Window[] with)
        {
            for (int i = 0; i < s_cases.Length; i++)
            {
                figures.Add(new Figure($"{s_cases[i].Name}, p99 without", without[i].P99, "us", null));
                figures.Add(new Figure($"{s_cases[i].Name}, p50 while {what}", with[i].P50 / without[i].P50, "x", null));
                figures.Add(new Figure($"{s_cases[i].Name}, p99 while {what}", with[i].P99 / without[i].P99, "x", Goal));
                figures.Add(new Figure($"{s_cases[i].Name}, p99.9 while {what}", with[i].P999 / without[i].P999, "x", null));
            }
        }
    }

    private static Window[] Means(List<AnswerTimes[]> windows) => [.. Enumerable.Range(0, s_cases.Length).Select(i => new Window(
        Mean(windows.Select(w => w[i].Microseconds(0.5))), Mean(windows.Select(w => w[i].Microseconds(0.99))), Mean(windows.Select(w => w[i].Microseconds(0.999)))))];

    private static double Mean(IEnumerable<double> values) => values.Order().Skip(1).SkipLast(1).Average();

    private static Task<HostProcess> StartAsync(string state) => HostProcess.StartAsync(new HostSettings
    {
        StateDirectory = state,
        Machine = HostFigures.Machine,

        // The host's own look at all devices would fall into some windows and not into others.
        Arguments = [$"--ProviderDirectories:0={RepositoryRoot.PathOf("tests/CimHost.Unruly/bin/Release")}", "--Dispatch:DeadlineSeconds=2", "--Alerts:PollSeconds=3600"],
    });

    private static async Task<AnswerTimes[]> LoadAsync(HostProcess host, string authorization)
    {
        var times = new List<AnswerTimes>();
        foreach (BenchmarkCase request in s_cases)
        {
            times.Add(await AnswerTimes.MeasureAsync(host.Http, request, authorization, s_window));
        }

        return [.. times];
    }

    // In microseconds.
    private sealed record Window(double P50, double P99, double P999);
}
