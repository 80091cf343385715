using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Bmc;

/// <summary>
/// Power and watchdog of ipmi_sim, a controller that we did not write, behind a remote session: what is done in CIM is what ipmitool reads of
/// the controller afterwards, what ipmitool does is what CIM tells, and what the controller refuses is refused with its reason.
/// </summary>
public sealed class SimulatedControlTests : IAsyncLifetime
{
    private const int Failed = 4;
    private const string WatchdogClass = "root/cimv2:OMC_Watchdog";
    private SimulatedBmc _simulated = null!;

    private Wbemcli Client => Wbemcli.Of(_simulated.Host);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Peer.WhySkipped(["ipmi_sim", "ipmitool", "wbemcli"]) is null)
        {
            _simulated = await SimulatedBmc.StartAsync(new IpmiSimConfiguration { HasPowerControl = true });
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_simulated is not null)
        {
            await _simulated.DisposeAsync();
        }
    }

    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task Power_is_switched_by_CIM_and_by_ipmitool_and_both_say_the_same_of_it()
    {
        await CompareAsync("on", "2");
        Assert.Equal(0, await RequestAsync(6));
        await CompareAsync("off", "8");
        Assert.Equal(0, await RequestAsync(2));
        await CompareAsync("on", "2");
        Assert.Equal(0, await RequestAsync(8));
        await CompareAsync("off", "8");

        await _simulated.IpmitoolAsync("chassis", "power", "on");
        await CompareAsync("on", "2");
        await _simulated.IpmitoolAsync("chassis", "power", "off");
        await CompareAsync("off", "8");

        async Task CompareAsync(string power, string state)
        {
            Assert.Equal($"Chassis Power is {power}", (await _simulated.IpmitoolAsync("chassis", "power", "status")).Output.Trim());
            Assert.Equal(state, Assert.Single(await Client.EnumerateAsync("root/cimv2:CIM_AssociatedPowerManagementService"))["PowerState"]);
        }
    }

    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task The_watchdog_is_told_as_ipmitool_reads_it_and_what_the_controller_refuses_is_refused_with_its_reason()
    {
        await CompareAsync(running: false);

        // The simulated controller can reset nothing, so it takes no timer that would (completion code CCh).
        string[] before = (await _simulated.IpmitoolAsync("mc", "watchdog", "get")).Lines;
        Assert.Equal(Failed, await InvokeAsync("Start", "Timeout=60000", "Action=1"));
        await Eventually.HoldsAsync(() => _simulated.Host.Log.Contains("refused Set Watchdog Timer (CCh, invalid data in the request)", StringComparison.Ordinal), "the controller's reason in the log");
        Assert.Equal(before, (await _simulated.IpmitoolAsync("mc", "watchdog", "get")).Lines);

        // It takes one without an action, which Reset Watchdog Timer does not start there: the state that is told is the controller's own.
        Assert.Equal(0, await InvokeAsync("Start", "Timeout=600000", "Action=0"));
        WbemcliObject told = await CompareAsync(running: false);
        Assert.Equal(("600000", "2"), (told["Timeout"], told["MonitoredEntity"]));

        // Set Watchdog Timer with bit 6 of the use, "don't stop", runs (IPMI 2.0 §27.6): SMS/OS, 300 s.
        await _simulated.IpmitoolAsync("raw", "0x06", "0x24", "0x44", "0x00", "0x00", "0x3e", "0xb8", "0x0b");
        told = await CompareAsync(running: true);
        Assert.Equal(("300000", "2"), (told["Timeout"], told["MonitoredEntity"]));
        Assert.Equal(0, await InvokeAsync("KeepAlive"));
        await CompareAsync(running: true);
        Assert.Equal(0, await InvokeAsync("Stop"));
        Assert.Equal("300000", (await CompareAsync(running: false))["Timeout"]);
    }

    // The answer of this controller ends before the present countdown, for which ipmitool prints whatever follows: CIM tells none.
    private async Task<WbemcliObject> CompareAsync(bool running)
    {
        Dictionary<string, string> printed = (await _simulated.IpmitoolAsync("mc", "watchdog", "get")).Lines
            .Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal);
        int length = (await _simulated.IpmitoolAsync("raw", "0x06", "0x25")).Output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        WbemcliObject told = Assert.Single(await Client.EnumerateAsync(WatchdogClass));
        Assert.Equal((running, running ? "TRUE" : "FALSE"), (!printed["Watchdog Timer Is"].StartsWith("Stopped", StringComparison.Ordinal), told["Running"]));
        Assert.Equal(
            decimal.Parse(printed["Initial Countdown"].Split(' ')[0], CultureInfo.InvariantCulture) * 1000,
            told.Number("Timeout"));
        Assert.Equal(printed["Watchdog Timer Action"].EndsWith("(0x00)", StringComparison.Ordinal), told["ActionOnExpiration"] == "0");
        Assert.Equal(length < 8, told["Remaining"] is null);
        return told;
    }

    private async Task<int> RequestAsync(int state)
    {
        WbemcliObject service = Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_PowerManagementService"));
        return await PowerRequest.SendAsync(_simulated.Host, service["SystemName"]!, service["Name"]!, state);
    }

    private async Task<int> InvokeAsync(string method, params string[] arguments) =>
        await Client.InvokeAsync(Assert.Single(await Client.PathsAsync("ein", WatchdogClass)), method, arguments);
}
