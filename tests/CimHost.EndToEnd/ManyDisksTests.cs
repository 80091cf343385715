using System.Text.Json;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Sixty disks and 200 sensors of the storage node: what is in flight is bounded, and a slow disk holds up no other.</summary>
public sealed class ManyDisksTests : IAsyncLifetime
{
    private const string Slow = "sdh";
    private const string Sleeping = "sdaj";
    private HostProcess _host = null!;
    private CimXmlClient _client = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _host = await HostProcess.StartAsync(new HostSettings { Machine = RepositoryRoot.PathOf("samples/machines/storage-node"), Arguments = ["--Dispatch:DeadlineSeconds=60", "--Alerts:PollSeconds=3600", "--Providers:CimHost.Providers.Storage:SampleAgeSeconds=0"] });
        _client = CimXmlClient.Of(_host);

        // The host's own look at everything is over: what is read from now on was asked for here.
        await Eventually.HoldsAsync(() => _host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Reading_all_keeps_to_the_commands_that_each_device_takes_at_once()
    {
        // Long enough that commands of one class meet those of another.
        (await _host.ClientAsync("hardware", "fault", "ipmi0", "slow", "--delay", "0.02")).Succeeded();

        // Everything at once, as a client that asks for all would.
        CimXmlAnswer[] answers = await Task.WhenAll(
            new[] { "CimHost_DiskDrive", "CimHost_DiskSensor", "CimHost_SmartAttribute", "CimHost_DiskEnclosure", "OMC_NumericSensor", "OMC_DiscreteSensor", "OMC_RawIpmiSensor" }
                .Select(c => _client.EnumerateAsync("root/cimv2", c)));
        Assert.Equal(61, answers[0].Succeeded().Instances.Count);
        Assert.All(answers, a => a.Succeeded());
        Assert.True(answers[4].Instances.Count + answers[5].Instances.Count >= 200, $"{answers[4].Instances.Count} and {answers[5].Instances.Count} sensors");

        IReadOnlyDictionary<string, JsonElement> devices = await DevicesAsync();
        Assert.Equal(63, devices.Keys.Count(k => k.StartsWith("disk:", StringComparison.Ordinal)));
        foreach ((string name, JsonElement device) in devices.Where(d => d.Key.StartsWith("disk:", StringComparison.Ordinal) || d.Key == "ipmi:ipmi0"))
        {
            // A disk carries out one command after another; the BMC says in bmc/device.json that it takes eight.
            int most = name == "ipmi:ipmi0" ? 8 : 1;
            Assert.InRange(Total(device, "mostInFlight"), 1, most);
            Assert.True(Total(device, "requests") > 3, $"{name} was asked {Total(device, "requests")} times");
            Assert.Equal(0, Total(device, "timeouts"));
        }

        Assert.True(Total(devices["ipmi:ipmi0"], "mostInFlight") > 1, "the BMC was given one command at a time");
    }

    [Fact]
    public async Task While_a_disk_hangs_all_others_are_read_and_a_slow_one_makes_no_other_slow()
    {
        IReadOnlyDictionary<string, JsonElement> start = await DevicesAsync();
        (await _host.ClientAsync("hardware", "fault", Slow, "hang")).Succeeded();
        Task<CimXmlAnswer> waiting = _client.EnumerateAsync("root/cimv2", "CimHost_DiskDrive");
        Task<CimXmlAnswer> enclosures = _client.EnumerateAsync("root/cimv2", "CimHost_DiskEnclosure");

        // The command to the one is still with it when everything was read of the others; the sleeping disk is asked no more than whether it sleeps.
        await Eventually.HoldsAsync(
            DevicesAsync,
            devices => Total(devices["disk:" + Slow], "inFlight") == 1
                && devices.Where(d => d.Key.StartsWith("disk:", StringComparison.Ordinal) && d.Key != "disk:" + Slow)
                    .All(d => Total(d.Value, "succeeded") > Total(start[d.Key], "succeeded") + (d.Key == "disk:" + Sleeping ? 0 : 3) && Total(d.Value, "inFlight") == 0 && Total(d.Value, "queued") == 0),
            "all disks but the hung one to be read");
        (await _host.ClientAsync("hardware", "clear")).Succeeded();
        Assert.Equal(61, (await waiting).Succeeded().Instances.Count);
        (await enclosures).Succeeded();

        // Of what is slow each command takes its second; of no other does one take as long.
        (await _host.ClientAsync("hardware", "fault", "sdi", "slow", "--delay", "1")).Succeeded();
        IReadOnlyDictionary<string, JsonElement> before = await DevicesAsync();
        IReadOnlyDictionary<string, JsonElement> after = await Eventually.HoldsAsync(
            async () =>
            {
                await _client.EnumerateAsync("root/cimv2", "CimHost_DiskSensor");
                return await DevicesAsync();
            },
            devices => Total(devices["disk:sdi"], "requests") > Total(before["disk:sdi"], "requests") && Total(devices["disk:sdj"], "requests") > Total(before["disk:sdj"], "requests"),
            "the disks to be read again");
        Assert.True(Slowest(after["disk:sdi"], before["disk:sdi"]) >= TimeSpan.FromMicroseconds(1 << 19));
        TimeSpan[] others = [.. after.Where(d => d.Key.StartsWith("disk:", StringComparison.Ordinal) && d.Key != "disk:sdi").Select(d => Slowest(d.Value, before[d.Key]))];
        Assert.All(others, o => Assert.True(o < Slowest(after["disk:sdi"], before["disk:sdi"]), $"{o} of another disk"));
    }

    private async Task<IReadOnlyDictionary<string, JsonElement>> DevicesAsync()
    {
        using JsonDocument list = JsonDocument.Parse((await _host.ClientAsync("device", "list", "--json")).Succeeded().Output);
        return list.RootElement.EnumerateArray().ToDictionary(d => d.GetProperty("id").GetString()!, d => d.Clone());
    }

    private static int Total(JsonElement device, string name) => device.GetProperty("total").GetProperty(name).GetInt32();

    // Where the last bucket begins in which a request fell since: bucket i is from 2^(i-1) µs.
    private static TimeSpan Slowest(JsonElement device, JsonElement before)
    {
        long[] now = Counts(device), then = Counts(before);
        int last = Enumerable.Range(0, now.Length).LastOrDefault(i => now[i] > then[i], 0);
        return TimeSpan.FromMicroseconds(last == 0 ? 0 : 1L << (last - 1));
    }

    private static long[] Counts(JsonElement device) => [.. device.GetProperty("total").GetProperty("serviceTime").EnumerateArray().Select(c => c.GetInt64())];
}
