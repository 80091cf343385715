using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Bmc;

/// <summary>The system event log of OpenIPMI's ipmi_sim: what CimHost tells of it equals what <c>ipmitool sel elist</c> prints.</summary>
public sealed class EventLogTests
{
    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task Log_entries_have_the_text_of_ipmitool_and_new_ones_appear_and_raise_an_alert_of_their_own_or_their_sensor_s()
    {
        await using SimulatedBmc simulated = await SimulatedBmc.StartAsync(null, "--Alerts:PollSeconds=2");
        (IpmiSim bmc, HostProcess host) = (simulated.Bmc, simulated.Host);
        string[] before = await CompareAsync(simulated);
        Assert.NotEmpty(before);
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");

        // CPU1 Temp crosses its upper non-critical threshold, through the console: the controller logs it.
        await bmc.SetReadingAsync(1, 85);
        string[] after = await Eventually.HoldsAsync(() => CompareAsync(simulated), lines => lines.Length > before.Length, "a new entry");
        Assert.Contains(after[before.Length..], l => l.Contains("CPU1 Temp", StringComparison.Ordinal));

        // The fault is one alert, not one of the sensor and one of the entry.
        string alerts = await Eventually.HoldsAsync(
            async () => (await host.ClientAsync("alerts", "list", "--json")).Succeeded().Output, text => text.Contains("CPU1 Temp", StringComparison.Ordinal), "an alert");
        using System.Text.Json.JsonDocument open = System.Text.Json.JsonDocument.Parse(alerts);
        Assert.Equal("Threshold", Assert.Single(open.RootElement.EnumerateArray()).GetProperty("kind").GetString());
        await bmc.SetReadingAsync(1, 50);
        await Eventually.HoldsAsync(async () => (await host.ClientAsync("alerts", "list", "--json")).Succeeded().Output.Trim(), text => text == "[]", "the end of the alert");
        await CompareAsync(simulated);
    }

    private static async Task<string[]> CompareAsync(SimulatedBmc simulated)
    {
        ToolRun elist = await simulated.IpmitoolAsync("sel", "elist");

        // number | date | time | subject | event | direction [| values]
        string[] expected = [.. elist.Lines.Select(l => string.Join(" | ", l.Split('|', StringSplitOptions.TrimEntries)[3..]))];
        IReadOnlyList<WbemcliObject> told = await Wbemcli.Of(simulated.Host).EnumerateAsync("root/cimv2:OMC_IpmiLogEntry");
        string[] actual = [.. told.Select(e => string.Join(" | ", e["Message"]!.Split('|', StringSplitOptions.TrimEntries)))];
        Assert.True(expected.SequenceEqual(actual), $"ipmitool:\n{string.Join((char)10, expected)}\nCimHost:\n{string.Join((char)10, actual)}");
        return actual;
    }
}
