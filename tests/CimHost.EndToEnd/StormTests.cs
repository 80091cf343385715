using System.Globalization;
using System.Text.Json;
using CimHost.Sdk.Cim;
using CimHost.TestBed;
using CimHost.Wbem.Client;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Many sensors of the real host that change all at once, again and again.</summary>
public sealed class StormTests
{
    private const int Failed = 30;

    // How many sensors, how often, and the events that a minute has room for: 100,000 changes in a minute with 1700, 60 and 600.
    private static readonly int s_sensors = Number("CIMHOST_TEST_STORM_SENSORS", 200);
    private static readonly int s_turns = Number("CIMHOST_TEST_STORM_TURNS", 8);
    private static readonly int s_perMinute = Number("CIMHOST_TEST_STORM_EVENTS", 1_200);

    [Fact]
    public async Task A_storm_of_changes_is_paced_and_summed_up_in_bounded_memory_and_ends_in_the_truth()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        using var state = new TemporaryDirectory();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            StateDirectory = state.FullName,
            SystemRoot = Directory.CreateDirectory(state.PathOf("no-hardware")).FullName,
            Arguments =
            [
                $"--ProviderDirectories:0={RepositoryRoot.PathOf("tests/CimHost.Unruly/bin/Release")}",
                Setting("Providers:Unruly:Sensors", s_sensors), Setting("Providers:Unruly:Turns", s_turns), Setting("Providers:Unruly:Failed", Failed),
                "--Alerts:PollSeconds=0.9", "--Alerts:FlapSeconds=10", Setting("Alerts:EventsPerMinute", s_perMinute),
            ],
        });
        using (CimSession session = CimSession.Create($"http://127.0.0.1:{host.HttpPort}", new CimSessionOptions { UserName = "root", Password = host.Password }))
        {
            CimObjectPath filter = await session.EnumerateInstanceNamesAsync("root/interop", "CIM_IndicationFilter", default).FirstAsync(f => f.ToString().Contains("alerts:all", StringComparison.Ordinal));
            CimObjectPath destination = await session.CreateInstanceAsync("root/interop", Make("CIM_ListenerDestinationCIMXML", ("Name", "Test:listener"), ("Destination", listener.Url.ToString())), default);
            await session.CreateInstanceAsync("root/interop", Make("CIM_IndicationSubscription", ("Filter", filter), ("Handler", destination)), default);
        }

        DateTimeOffset began = DateTimeOffset.UtcNow;
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");
        long before = host.ResidentBytes;
        await Eventually.HoldsAsync(() => host.Log.Contains($"{s_sensors} sensors have changed {s_turns} times", StringComparison.Ordinal), "the end of the storm", TimeSpan.FromSeconds(30 + (2 * s_turns)));
        long after = host.ResidentBytes;

        // What is true at the end is told last, as fast as a minute has room for: those that failed are open alerts, all others are over.
        await Eventually.HoldsAsync(async () => (await AlertsAsync()).Length, open => open == Failed, $"{Failed} open alerts", TimeSpan.FromMinutes(3));
        JsonElement[] alerts = await AlertsAsync("--all", "--count", "10000");
        Assert.All(Named(alerts, "State", open: true), name => Assert.InRange(int.Parse(name.Split(' ')[1], CultureInfo.InvariantCulture), 0, Failed - 1));

        // Paced: what was saved up in a minute, and then so much a minute. What there was no room for is summed up a minute later.
        double minutes = (DateTimeOffset.UtcNow - began).TotalMinutes;
        await Eventually.HoldsAsync(() => Events() >= alerts.Length, "the alerts at the listener");
        Assert.InRange(Events(), s_perMinute / 2, s_perMinute * (1 + minutes));
        if (s_turns >= 60)
        {
            await Eventually.HoldsAsync(async () => (await AlertsAsync("--all")).FirstOrDefault(a => Text(a, "kind") == "Summary"), a => a.ValueKind == JsonValueKind.Object, "the summary", TimeSpan.FromMinutes(3));
        }

        // Each alert begins before it ends, nothing comes twice, and there is no gap.
        IReadOnlyList<CimInstance> taken = listener.Taken;
        Assert.Equal(Enumerable.Range(0, taken.Count).Select(n => (long)n), taken.Select(i => i["SequenceNumber"].TryGetInt64(out long number) ? number : -1));
        Assert.Equal(taken.Count, taken.Select(i => i["IndicationIdentifier"].AsString()).Distinct().Count());

        // Room for the alerts that are kept and for the garbage collector, not for a hundred thousand changes.
        Assert.InRange(after - before, long.MinValue, 256L << 20);

        int Events() => listener.Taken.Count;

        async Task<JsonElement[]> AlertsAsync(params string[] options)
        {
            ToolRun run = (await host.ClientAsync(["alerts", "list", "--json", .. options])).Succeeded();
            return [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];
        }
    }

    private static IEnumerable<string> Named(JsonElement[] alerts, string kind, bool open) => alerts
        .Where(a => Text(a, "kind") == kind && (a.TryGetProperty("clearedAt", out JsonElement cleared) && cleared.ValueKind != JsonValueKind.Null) != open)
        .Select(a => Text(a, "sourceName"));

    private static string Text(JsonElement alert, string key) => alert.GetProperty(key).GetString()!;

    private static string Setting(string key, int value) => string.Create(CultureInfo.InvariantCulture, $"--{key}={value}");

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    private static CimInstance Make(string className, params (string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(new CimClass(className, null, values.Select(v => new CimPropertyDeclaration { Name = v.Name, CimType = v.Value.Type })));
        for (int i = 0; i < values.Length; i++)
        {
            instance[i] = values[i].Value;
        }

        return instance;
    }
}
