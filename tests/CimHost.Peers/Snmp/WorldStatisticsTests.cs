using System.Text.Json;
using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>Worlds and resource groups of CIMHOST-MIB tell what <c>cimhost top</c> tells.</summary>
public sealed class WorldStatisticsTests
{
    private const string Worlds = "1.3.6.1.4.1.32473.1.1.5.1.1";
    private const string Groups = "1.3.6.1.4.1.32473.1.1.5.2.1";

    [PeerFact("snmpbulkwalk")]
    public async Task Worlds_and_groups_are_those_of_top_and_their_counters_lie_between_two_looks_of_it()
    {
        using var machine = new RackServer();
        int port = FreePort.Next();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = machine.Folder,
            Arguments = [$"--Endpoints:Snmp=127.0.0.1:{port}", "--Snmp:Communities:0:Name=reader", "--Snmp:IntervalSeconds=1"],
        });

        // Values of the agent are those of its last look, which the first walk may only begin.
        JsonElement before = await TopAsync(host);
        long system = Group(before, "host/system");
        await Eventually.HoldsAsync(
            async () => Rows(await WalkAsync(port, Groups)).Any(r => r["2"] == "\"host/system\"" && r["3"] == "3" && long.Parse(r["7"]) > system), looked => looked, "a look of the agent after that of top");
        IReadOnlyList<Dictionary<string, string>> worlds = Rows(await WalkAsync(port, Worlds));
        IReadOnlyList<Dictionary<string, string>> groups = Rows(await WalkAsync(port, Groups));
        JsonElement after = await TopAsync(host);

        Dictionary<string, JsonElement> first = ById(before);
        Dictionary<string, JsonElement> last = ById(after);
        Assert.Equal(last.Keys.Order(), worlds.Select(w => w["2"].Trim('"')).Order());
        foreach (Dictionary<string, string> world in worlds)
        {
            string id = world["2"].Trim('"');
            Assert.Equal($"\"{last[id].GetProperty("name").GetString()}\"", world["3"]);
            Assert.Equal($"\"{last[id].GetProperty("group").GetString()}\"", world["4"]);
            Assert.InRange(long.Parse(world["5"]), Milliseconds(first[id], "cpu"), Milliseconds(last[id], "cpu"));
            Assert.InRange(long.Parse(world["6"]), Milliseconds(first[id], "ready"), Milliseconds(last[id], "ready"));
        }

        Assert.Equal(
            after.GetProperty("groups").EnumerateArray().SelectMany(g => new[] { "3", "4" }.Select(r => $"\"{g.GetProperty("path").GetString()}\" {r}")).Order(),
            groups.Select(g => $"{g["2"]} {g["3"]}").Order());
        foreach (Dictionary<string, string> group in groups.Where(g => g["3"] == "3"))
        {
            string path = group["2"].Trim('"');
            JsonElement told = after.GetProperty("groups").EnumerateArray().Single(g => g.GetProperty("path").GetString() == path);
            Assert.Equal(told.GetProperty("cpuShares").GetInt64(), long.Parse(group["4"]));
            Assert.Equal(told.GetProperty("cpuReservation").GetInt64(), long.Parse(group["5"]));
            Assert.Equal(told.GetProperty("worlds").GetInt64(), long.Parse(group["8"]));

            // Each world's time is cut to whole milliseconds, that of a group is not.
            Assert.InRange(long.Parse(group["7"]), Group(before, path), Group(after, path) + 1);
        }

        Assert.Contains(worlds, w => w["3"] == "\"CimHost.Providers.Ipmi\"" && long.Parse(w["5"]) > 0);
    }

    private static async Task<JsonElement> TopAsync(HostProcess host)
    {
        ToolRun run = (await host.ClientAsync("top", "--json", "--batch", "-n", "1")).Succeeded();
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static async Task<ToolRun> WalkAsync(int port, string oid) =>
        (await Tool.RunAsync("snmpbulkwalk", ["-v", "2c", "-c", "reader", "-m", "", "-On", $"udp:127.0.0.1:{port}", oid], null, TimeSpan.FromSeconds(60))).Succeeded();

    // Rows with their values by column.
    private static IReadOnlyList<Dictionary<string, string>> Rows(ToolRun walk) =>
    [
        .. Regex.Matches(walk.Output, @"^\.[0-9.]+\.(\d+)\.(\d+) = (?:\w+: )?(.*?)\r?$", RegexOptions.Multiline)
            .GroupBy(m => m.Groups[2].Value).Select(row => row.ToDictionary(m => m.Groups[1].Value, m => m.Groups[3].Value)),
    ];

    private static Dictionary<string, JsonElement> ById(JsonElement top) =>
        top.GetProperty("worlds").EnumerateArray().ToDictionary(w => w.GetProperty("worldId").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static long Milliseconds(JsonElement row, string counter) => row.GetProperty("usage").GetProperty(counter).GetInt64() / 1000;

    // With the worlds that the scheduler does not run, whose time their groups' counters do not hold.
    private static long Group(JsonElement top, string path)
    {
        HashSet<int> unscheduled = [.. top.GetProperty("unscheduled").EnumerateArray().Select(w => w.GetInt32())];
        JsonElement group = top.GetProperty("groups").EnumerateArray().Single(g => g.GetProperty("path").GetString() == path);
        IEnumerable<JsonElement> others = top.GetProperty("worlds").EnumerateArray()
            .Where(w => unscheduled.Contains(w.GetProperty("worldId").GetInt32()) && (w.GetProperty("group").GetString() + "/").StartsWith(path + "/", StringComparison.Ordinal));
        return (group.GetProperty("usage").GetProperty("cpu").GetInt64() + others.Sum(w => w.GetProperty("usage").GetProperty("cpu").GetInt64())) / 1000;
    }
}
