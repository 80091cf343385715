using System.Text.Json;
using System.Text.Json.Nodes;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>Captures a guest in the guest, replays it on this machine, and compares what the providers tell here and there.</summary>
internal static class GuestCapture
{
    // When something was read or is asked: all that may differ.
    private static readonly string[] s_times = ["ReadingTime", "ReadingAgeSeconds", "StatisticTime", "StatisticsPeriod", "ControllerTime", "LocalDateTime", "LastBootUpTime"];

    // The guest is slow, and its smartmontools are not this machine's.
    private static readonly string[] s_settings =
    [
        "--Dispatch:DeadlineSeconds=120", "--Providers:CimHost.Providers.Sensors:ReadTimeoutMilliseconds=60000", "--Providers:CimHost.Providers.Storage:DriveDatabase=/nonexistent",
    ];

    private const int Turns = 5;

    /// <summary>Does it; returns how many instances of each class there were.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> CompareAsync(GuestMachine guest)
    {
        await CaptureAsync(guest);
        using var folder = new TemporaryDirectory();
        (await HostProcess.RunAsync(
            new Dictionary<string, string?>(),
            ["hardware", "capture", folder.PathOf("again"), "--keep-identifiers", "--instances", folder.PathOf("here.json"), $"--Machine={guest.WorkFile("capture")}", .. s_settings])).Succeeded();

        // The power of an energy counter is the mean between two looks: there is one or there is none, and how many parts tell their health follows it.
        static bool IsMean(string path) => path.Contains("\"powercap-", StringComparison.Ordinal) && path.EndsWith("/power\"", StringComparison.Ordinal);

        // The computer waits five seconds for the health of its parts; on the guest's processor a package that has just started may take longer.
        static bool IsWithoutAnswer(string difference) =>
            difference.Contains(":CimHost_ComputerSystem.", StringComparison.Ordinal) && difference.Contains(": HealthState: 0 there, ", StringComparison.Ordinal);
        SortedDictionary<string, JsonObject> there = Read(guest.WorkFile("guest.json"));
        SortedDictionary<string, JsonObject> here = Read(folder.PathOf("here.json"));
        Assert.Equal(there.Keys, here.Keys);
        string[] different = [.. there.Keys.Where(path => !IsMean(path)).SelectMany(path => Differences(path, there[path], here[path]))];
        different = [.. different.Where(d => !d.Contains(" parts that tell their health are OK", StringComparison.Ordinal) && !IsWithoutAnswer(d))];
        Assert.True(different.Length == 0, string.Join('\n', different.Take(40)));
        return there.Values.GroupBy(i => i["class"]!.GetValue<string>()).ToDictionary(g => g.Key, g => g.Count());
    }

    // The exit code goes into a file, and is waited for in several turns: on a busy computer it takes longer than one command of the guest may.
    private static async Task CaptureAsync(GuestMachine guest)
    {
        await guest.RunAsync($$"""
            {{GuestHost.Environment}}
            cat >/tmp/capture.sh <<'END'
            /app/cimhost hardware capture /work/capture --keep-identifiers --instances /work/guest.json {{string.Join(' ', s_settings)}} >/tmp/capture.log 2>&1
            echo $? >/tmp/capture.code
            END
            sh /tmp/capture.sh &
            """);
        string code = string.Empty;
        for (int turn = 0; turn < Turns && code.Length == 0; turn++)
        {
            code = (await guest.RunAsync("for second in $(seq 200); do [ -s /tmp/capture.code ] && break; sleep 1; done; cat /tmp/capture.code 2>/dev/null; true")).Trim();
        }

        Assert.True(code == "0", $"exit code '{code}': {await guest.RunAsync("cat /tmp/capture.log")}");
    }

    private static IEnumerable<string> Differences(string path, JsonObject there, JsonObject here)
    {
        foreach (string name in there.Select(p => p.Key).Union(here.Select(p => p.Key)))
        {
            if (name != "properties" && !JsonNode.DeepEquals(there[name], here[name]))
            {
                yield return $"{path}: {name}: {there[name]} there, {here[name]} here";
            }
        }

        (JsonObject a, JsonObject b) = (there["properties"]!.AsObject(), here["properties"]!.AsObject());
        foreach (string name in a.Select(p => p.Key).Union(b.Select(p => p.Key)).Where(n => !s_times.Contains(n)))
        {
            if (!JsonNode.DeepEquals(a[name], b[name]))
            {
                yield return $"{path}: {name}: {a[name]} there, {b[name]} here";
            }
        }
    }

    private static SortedDictionary<string, JsonObject> Read(string file) => new(
        JsonSerializer.Deserialize<JsonArray>(File.ReadAllText(file))!.ToDictionary(i => i!["path"]!.GetValue<string>(), i => i!.AsObject()), StringComparer.Ordinal);
}
