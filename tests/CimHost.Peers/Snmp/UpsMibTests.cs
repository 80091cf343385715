using System.Globalization;
using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Snmp;

/// <summary>UPS-MIB (RFC 1628) as snmpget reads it, against what wbemcli reads of the same UPS in CIM.</summary>
public sealed class UpsMibTests
{
    private const string Ups = "1.3.6.1.2.1.33.1";


    [PeerFact("snmpget", "wbemcli")]
    public async Task It_tells_what_CIM_tells_in_the_units_of_the_standard_and_follows_a_power_cut()
    {
        using var folder = new TemporaryDirectory();
        string machine = folder.CopyInto("edge-box", RepositoryRoot.PathOf("samples/machines/edge-box"));
        int port = FreePort.Next();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = machine,
            Arguments = [$"--Endpoints:Snmp=127.0.0.1:{port}", "--Snmp:Communities:0:Name=reader", "--Snmp:IntervalSeconds=1"],
        });
        Dictionary<string, string> snmp = await Eventually.HoldsAsync(() => WalkAsync(port), w => w.ContainsKey("4.4.1.5.1"), "the UPS in UPS-MIB", TimeSpan.FromMinutes(2));
        WbemcliObject ups = Assert.Single(await Wbemcli.Of(host).EnumerateAsync("root/cimv2:CimHost_UninterruptiblePowerSupply"));
        IReadOnlyList<WbemcliObject> sensors = await Wbemcli.Of(host).EnumerateAsync("root/cimv2:CimHost_PowerSensor");

        Assert.Equal((ups["Manufacturer"], ups["Model"], ups["ElementName"]), (snmp["1.1.0"], snmp["1.2.0"], snmp["1.5.0"]));
        Assert.False(snmp.ContainsKey("1.3.0"), "The UPS tells no version of its firmware.");
        Assert.Equal((ups["EstimatedRunTime"], ups["EstimatedChargeRemaining"]), (snmp["2.3.0"], snmp["2.4.0"]));
        Assert.Equal(("2", "0", "3", "0"), (snmp["2.1.0"], snmp["2.2.0"], snmp["4.1.0"], snmp["6.1.0"]));

        // Volts, tenths of a volt of the battery, tenths of a hertz, watts, per cent.
        Assert.Equal(Scaled("battery.voltage", 10), snmp["2.5.0"]);
        Assert.Equal(Scaled("input.frequency", 10), snmp["3.3.1.2.1"]);
        Assert.Equal(Scaled("input.voltage", 1), snmp["3.3.1.3.1"]);
        Assert.Equal(Scaled("output.voltage", 1), snmp["4.4.1.2.1"]);
        Assert.Equal(Scaled("output.power", 1), snmp["4.4.1.4.1"]);
        Assert.Equal(Scaled("output.load", 1), snmp["4.4.1.5.1"]);

        // The mains is gone and the battery low, as the machine's README tells.
        string file = Path.Combine(machine, "hid", "ups.json");
        string text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, WithReport(WithReport(text, "05", "05 94 00"), "01", "01 09"));
        snmp = await Eventually.HoldsAsync(() => WalkAsync(port), w => w["4.1.0"] == "5", "the UPS on battery", TimeSpan.FromMinutes(1));
        Assert.Equal(("3", "9"), (snmp["2.1.0"], snmp["2.4.0"]));

        // upsAlarmOnBattery and upsAlarmLowBattery.
        Assert.Equal("2", snmp["6.1.0"]);
        Assert.Equal((".1.3.6.1.2.1.33.1.6.3.2", ".1.3.6.1.2.1.33.1.6.3.3"), (snmp["6.2.1.2.2"], snmp["6.2.1.2.3"]));

        // A UPS that hangs: its condition is unknown, and that it cannot be spoken to is its one alarm.
        await File.WriteAllTextAsync(Path.Combine(machine, "faults.json"), """{ "rules": [ { "match": { "port": "hid-3-f055:0900-1-2:1.0" }, "effect": "hang" } ] }""");
        snmp = await Eventually.HoldsAsync(() => WalkAsync(port), w => w["2.1.0"] == "1", "the UPS that hangs", TimeSpan.FromMinutes(2));
        Assert.Equal(("1", ".1.3.6.1.2.1.33.1.6.3.20"), (snmp["6.1.0"], snmp["6.2.1.2.20"]));
        Assert.False(snmp.ContainsKey("2.4.0"), "Nobody knows the charge.");

        string Scaled(string measure, int factor)
        {
            WbemcliObject sensor = Assert.Single(sensors, s => s["Measure"] == measure);
            decimal value = sensor.Number("CurrentReading");
            for (decimal modifier = sensor.Number("UnitModifier"); modifier < 0; modifier++)
            {
                value /= 10;
            }

            return Math.Round(value * factor).ToString(CultureInfo.InvariantCulture);
        }
    }

    // By name below upsObjects; texts without quotes, OIDs and numbers as they are.
    private static async Task<Dictionary<string, string>> WalkAsync(int port)
    {
        ToolRun run = await Snmpd.AskAsync(port, "reader", "snmpwalk", Ups);
        return Regex.Matches(run.Output, $@"^\.{Regex.Escape(Ups)}\.([0-9.]+) = (?:\w+: )?""?(.*?)""?\s*$", RegexOptions.Multiline).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    private static string WithReport(string text, string number, string data)
    {
        string changed = Regex.Replace(text, $@"(""data"":\s*"")({number} [0-9A-Fa-f ]*)("")", m => m.Groups[1].Value + data + m.Groups[3].Value);
        Assert.NotEqual(text, changed);
        return changed;
    }
}
