using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Bmc;

/// <summary>The system event log of OpenIPMI's ipmi_sim: what CimHost tells of it equals what <c>ipmitool sel elist</c> prints.</summary>
public sealed class EventLogTests
{
    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task Log_entries_have_the_text_of_ipmitool_and_new_ones_appear_and_raise_an_alert_of_their_own_or_their_sensor_s()
    {
        using var folder = new TemporaryDirectory();
        await using IpmiSim bmc = await IpmiSim.StartAsync();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            SystemRoot = folder.FullName,
            Arguments =
            [
                "--Alerts:PollSeconds=2", "--Bmcs:0:Name=sim", $"--Bmcs:0:Address={bmc.Host}:{bmc.Port}", $"--Bmcs:0:UserName={bmc.UserName}",
                $"--Bmcs:0:PasswordFile={folder.Write("password", bmc.Password + "\n")}", "--Bmcs:0:CipherSuite=3",
            ],
        });
        string[] before = await CompareAsync(bmc, host);
        Assert.NotEmpty(before);
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");

        // CPU1 Temp crosses its upper non-critical threshold, through the console: the controller logs it.
        await bmc.SetReadingAsync(1, 85);
        string[] after = await Eventually.HoldsAsync(() => CompareAsync(bmc, host), lines => lines.Length > before.Length, "a new entry");
        Assert.Contains(after[before.Length..], l => l.Contains("CPU1 Temp", StringComparison.Ordinal));

        // The fault is one alert, not one of the sensor and one of the entry.
        string alerts = await Eventually.HoldsAsync(
            async () => (await host.ClientAsync("alerts", "list", "--json")).Succeeded().Output, text => text.Contains("CPU1 Temp", StringComparison.Ordinal), "an alert");
        using System.Text.Json.JsonDocument open = System.Text.Json.JsonDocument.Parse(alerts);
        Assert.Equal("Threshold", Assert.Single(open.RootElement.EnumerateArray()).GetProperty("kind").GetString());
        await bmc.SetReadingAsync(1, 50);
        await Eventually.HoldsAsync(async () => (await host.ClientAsync("alerts", "list", "--json")).Succeeded().Output.Trim(), text => text == "[]", "the end of the alert");
        await CompareAsync(bmc, host);
    }

    private static async Task<string[]> CompareAsync(IpmiSim bmc, HostProcess host)
    {
        ToolRun elist = (await Tool.RunAsync(
            "ipmitool", "-I", "lanplus", "-C", "3", "-H", bmc.Host, "-p", $"{bmc.Port}", "-U", bmc.UserName, "-P", bmc.Password, "sel", "elist")).Succeeded();

        // number | date | time | subject | event | direction [| values]
        string[] expected = [.. elist.Lines.Select(l => string.Join(" | ", l.Split('|', StringSplitOptions.TrimEntries)[3..]))];
        IReadOnlyList<WbemcliObject> told = await Wbemcli.Of(host).EnumerateAsync("root/cimv2:OMC_IpmiLogEntry");
        string[] actual = [.. told.Select(e => string.Join(" | ", e["Message"]!.Split('|', StringSplitOptions.TrimEntries)))];
        Assert.True(expected.SequenceEqual(actual), $"ipmitool:\n{string.Join((char)10, expected)}\nCimHost:\n{string.Join((char)10, actual)}");
        return actual;
    }
}
