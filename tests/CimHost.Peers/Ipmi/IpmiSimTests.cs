using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Ipmi;

/// <summary>The simulated BMC is itself checked with ipmitool, so that later tests compare with something that is known to work.</summary>
public class IpmiSimTests
{
    [PeerFact("ipmi_sim", "ipmitool")]
    public async Task The_simulated_BMC_shows_its_sensors_to_ipmitool_and_changes_them_from_its_console()
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();

        string[] before = (await SensorsAsync(simulator)).Succeeded().Lines;
        await simulator.SetReadingAsync(1, 92);
        string[] after = (await SensorsAsync(simulator)).Succeeded().Lines;

        Assert.Equal(12, before.Length);
        Assert.Contains(before, line => line.StartsWith("CPU1 Temp", StringComparison.Ordinal) && line.Contains("45.000", StringComparison.Ordinal));
        Assert.Contains(after, line => line.StartsWith("CPU1 Temp", StringComparison.Ordinal) && line.Contains("92.000", StringComparison.Ordinal) && line.Contains("| cr", StringComparison.Ordinal));
    }

    private static Task<ToolRun> SensorsAsync(IpmiSim simulator) => Tool.RunAsync(
        Peer.Require("ipmitool"),
        ["-I", "lanplus", "-C", "3", "-H", simulator.Host, "-p", $"{simulator.Port}", "-U", simulator.UserName, "-E", "sensor"],
        new Dictionary<string, string?> { ["IPMI_PASSWORD"] = simulator.Password },
        TimeSpan.FromSeconds(60));
}
