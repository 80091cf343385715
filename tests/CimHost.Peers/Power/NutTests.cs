using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Power;

/// <summary>NUT's upsd with dummy-ups behind it: what wbemcli reads from CimHost equals what upsc reads from upsd, also when it changes.</summary>
public sealed class NutTests : IAsyncLifetime
{
    private const string Class = "root/cimv2:CIM_UninterruptiblePowerSupply";
    private readonly TemporaryDirectory _folder = new();
    private NutServer _nut = null!;
    private HostProcess _host = null!;

    private Wbemcli Client => Wbemcli.Of(_host);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Peer.WhySkipped(["upsd", "upsc", "wbemcli"]) is not null)
        {
            return;
        }

        _nut = await NutServer.StartAsync(Variables("OL CHRG", 97, 2820));
        const string Key = "--Providers:CimHost.Providers.Power:";
        _host = await HostProcess.StartAsync(new HostSettings
        {
            SystemRoot = _folder.FullName,
            Arguments =
            [
                $"{Key}Upsd0={_nut.Address}", $"{Key}Upsd0UserName={NutServer.UserName}", $"{Key}Upsd0PasswordFile={_folder.Write("password", NutServer.Password + "\n")}",
            ],
        });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_nut is not null)
        {
            await _nut.DisposeAsync();
        }

        _folder.Dispose();
    }

    [PeerFact("upsd", "upsc", "wbemcli")]
    public async Task Values_equal_upsc_s_and_the_state_follows_the_UPS()
    {
        await CompareAsync("Normal", 5);
        _nut.SetVariables(Variables("OB DISCHRG LB", 9, 125));
        await CompareAsync("On Battery, Low", 25);
        _nut.SetVariables(Variables("OL CHRG", 10, 150));
        await CompareAsync("Normal", 5);
    }

    [PeerFact("upsd", "upsc", "wbemcli")]
    public async Task A_UPS_without_a_driver_and_a_server_that_is_gone_say_so_and_are_in_no_bad_health()
    {
        await CompareAsync("Normal", 5);
        await _nut.KillDriverAsync();
        WbemcliObject ups = await StateAsync("Unknown");
        Assert.Contains("upsd at", ups["ReadingReason"], StringComparison.Ordinal);
        Assert.Equal(("0", "Unavailable"), (ups["HealthState"], ups["ReadingState"]));
        Assert.All(await Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor"), s => Assert.Equal(("0", "Unavailable"), (s["HealthState"], s["ReadingState"])));
        _nut.StartDriver();
        await StateAsync("Normal");
        await _nut.KillServerAsync();
        ups = await StateAsync("Unknown");
        Assert.Contains("not reachable", ups["ReadingReason"], StringComparison.Ordinal);
    }

    private static string Variables(string status, int charge, int runTime) => $"""
        ups.status: {status}
        battery.charge: {charge}
        battery.charge.low: 20
        battery.runtime: {runTime}
        battery.voltage: 26.4
        battery.voltage.nominal: 24
        battery.type: PbAc
        input.voltage: 230.1
        input.transfer.low: 196
        input.transfer.high: 253
        input.frequency: 49.9
        output.voltage: 230.0
        ups.load: 23
        ups.realpower.nominal: 900
        ups.mfr: TestCorp
        ups.model: TestUPS 1500
        ups.serial: UPS0001
        """;

    private async Task<WbemcliObject> StateAsync(string state) => Assert.Single(await Eventually.HoldsAsync(
        () => Client.EnumerateAsync(Class), upses => upses.Count == 1 && upses[0]["CurrentState"] == state, "the UPS to be in the state " + state));

    private async Task CompareAsync(string state, int health)
    {
        WbemcliObject ups = await StateAsync(state);
        IReadOnlyDictionary<string, string> expected = await _nut.VariablesAsync();
        Assert.Equal(health, ups.Number("HealthState"));
        Assert.Equal(("TestCorp", "TestUPS 1500", "UPS0001"), (ups["Manufacturer"], ups["Model"], ups["SerialNumber"]));
        Assert.Equal(Whole(expected["battery.charge"]), ups.Number("EstimatedChargeRemaining"));
        Assert.Equal(Whole(expected["battery.runtime"]) / 60, ups.Number("EstimatedRunTime"));
        Assert.Equal(900_000, ups.Number("TotalOutputPower"));

        IReadOnlyList<WbemcliObject> sensors = await Client.EnumerateAsync("root/cimv2:CimHost_PowerSensor");
        foreach ((string measure, string variable) in new[]
        {
            ("battery.charge", "battery.charge"), ("battery.runtime", "battery.runtime"), ("battery.voltage", "battery.voltage"), ("input.voltage", "input.voltage"),
            ("input.frequency", "input.frequency"), ("output.voltage", "output.voltage"), ("output.load", "ups.load"),
        })
        {
            WbemcliObject sensor = sensors.Single(s => s["Measure"] == measure);
            double told = (double)sensor.Number("CurrentReading") * Math.Pow(10, (double)sensor.Number("UnitModifier"));
            Assert.Equal(double.Parse(expected[variable], CultureInfo.InvariantCulture), told, 6);
        }

        Assert.Equal(7, sensors.Count);
    }

    private static int Whole(string text) => (int)double.Parse(text, CultureInfo.InvariantCulture);
}
