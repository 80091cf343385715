using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Bmc;

/// <summary>
/// Power, watchdog, identify light, network, DCMI, redundancy and a controller behind the emulated BMC: what ipmitool does and reads over
/// RMCP+ is what CimHost tells in CIM, and what is done in CIM is what ipmitool reads.
/// </summary>
public sealed class ControlTests : IAsyncLifetime
{
    private const string User = "admin";
    private const string Password = "Secret12";
    private const string Machine = "rack-server-01";
    private const string Service = "ipmi0:power";
    private readonly TemporaryDirectory _folder = new();
    private readonly int _port = FreePort.Next();
    private RackServer? _machine;
    private HostProcess _host = null!;

    private Wbemcli Client => Wbemcli.Of(_host);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _machine = new RackServer();
        string chassis = Path.Combine(_machine.Folder, "bmc", "chassis.json");
        await File.WriteAllTextAsync(chassis, (await File.ReadAllTextAsync(chassis)).Replace("\"softOffSeconds\": 5", "\"softOffSeconds\": 1", StringComparison.Ordinal));
        _host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = _machine.Folder,
            Arguments = [$"--MachineLan:Address=127.0.0.1:{_port}", $"--MachineLan:UserName={User}", $"--MachineLan:PasswordFile={_folder.Write("password", Password + "\n")}"],
        });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _machine?.Dispose();
        _folder.Dispose();
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task Power_that_ipmitool_switches_is_what_CIM_tells_and_the_other_way_round()
    {
        await StateAsync("on", "2", "5,6,8,9,10,11,12");
        await IpmitoolAsync("chassis", "power", "off");
        await StateAsync("off", "8", "2");

        // What main power feeds has no reading, for ipmitool and in CIM; what standby power feeds reads on.
        Dictionary<string, string> sensors = await ElistAsync();
        Assert.Equal("No Reading", sensors["Fan1"]);
        Assert.Equal("23 degrees C", sensors["Inlet Temp"]);
        Assert.Equal("S5/G2: soft-off", sensors["ACPI State"]);
        Assert.Contains("Power off/down", sensors["Power Unit"], StringComparison.Ordinal);
        IReadOnlyList<WbemcliObject> told = await Client.EnumerateAsync("root/cimv2:OMC_NumericSensor");
        WbemcliObject fan = told.Single(s => s["Name"] == "Fan1");
        Assert.Equal(("Unavailable", null, "0"), (fan["ReadingState"], fan["CurrentReading"], fan["HealthState"]));
        Assert.Equal("23", told.Single(s => s["Name"] == "Inlet Temp")["CurrentReading"]);

        Assert.Equal(0, await RequestAsync(2));
        await StateAsync("on", "2", "5,6,8,9,10,11,12");
        Assert.Equal("command", Field((await IpmitoolAsync("chassis", "status")).Output, "Last Power Event"));
        Assert.Contains("Switched on by command", Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_Chassis"))["LastPowerEvents"], StringComparison.Ordinal);
        Assert.Contains("chassis power control command", (await IpmitoolAsync("chassis", "restart_cause")).Output, StringComparison.Ordinal);

        // Off soft takes the operating system's time; a cycle comes back by itself.
        Assert.Equal(0, await RequestAsync(8));
        await Eventually.HoldsAsync(PowerAsync, power => power == "off", "the end of the shutdown");
        Assert.Equal(4097, await RequestAsync(10));
        await IpmitoolAsync("chassis", "power", "on");
        Assert.Equal(0, await RequestAsync(5));
        await Eventually.HoldsAsync(PowerAsync, power => power == "on", "the end of the cycle");
        Assert.Equal(0, await RequestAsync(11));
        Assert.Equal(1, await RequestAsync(3));
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task A_user_who_only_reads_switches_nothing()
    {
        (await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["CIMHOST_StateDirectory"] = _host.StateDirectory, ["CIMHOST_NEW_PASSWORD"] = "Watch-only-12" }, "user", "add", "watcher", "--role", "ReadOnly")).Succeeded();
        Assert.Single(await new Wbemcli("http", "watcher", "Watch-only-12", Client.Authority).EnumerateAsync("root/cimv2:OMC_PowerManagementService"));
        using var watcher = new CimXmlClient(_host.Http, "watcher", "Watch-only-12");
        Assert.Equal(2, (await watcher.PostAsync(PowerRequest.Message(Machine, Service, 6))).ErrorCode);
        Assert.Equal("on", await PowerAsync());
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task The_restore_policy_and_an_open_chassis_are_told_as_ipmitool_tells_them()
    {
        await IpmitoolAsync("chassis", "policy", "always-on");
        (await _host.ClientAsync("hardware", "fault", "Chassis", "intrusion")).Succeeded();
        string status = (await IpmitoolAsync("chassis", "status")).Output;
        Assert.Equal(("always-on", "active"), (Field(status, "Power Restore Policy"), Field(status, "Chassis Intrusion")));
        WbemcliObject chassis = Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_Chassis"));
        Assert.Equal(("2", "TRUE"), (chassis["PowerRestorePolicy"], chassis["Intrusion"]));
        Assert.Contains("intrusion", (await ElistAsync())["Chassis Intru"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal("General chassis intrusion", (await Client.EnumerateAsync("root/cimv2:OMC_DiscreteSensor")).Single(s => s["Name"] == "Chassis Intru")["CurrentState"]);

        (await _host.ClientAsync("hardware", "clear", "Chassis")).Succeeded();
        Assert.Equal("inactive", Field((await IpmitoolAsync("chassis", "status")).Output, "Chassis Intrusion"));
        Assert.Equal("FALSE", Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_Chassis"))["Intrusion"]);
        Assert.Empty(await Client.EnumerateAsync("root/cimv2:OMC_IntrusionSensor"));
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task The_identify_light_is_lit_by_either_and_seen_by_both()
    {
        await IpmitoolAsync("chassis", "identify", "100");
        await LightAsync(0x10, "2", "TRUE");
        Assert.Equal(0, await InvokeAsync("root/cimv2:OMC_IndicatorLED", "SetActivationState", "ActivationState=2"));
        await LightAsync(0x20, "2", "FALSE");
        await IpmitoolAsync("chassis", "identify", "0");
        await LightAsync(0x00, "4", null);

        // ipmitool of Debian 12 prints no state of the light; it is in bits 5 and 4 of the third byte.
        async Task LightAsync(int expected, string state, string? temporary)
        {
            string misc = (await IpmitoolAsync("raw", "0x00", "0x01")).Output.Trim().Split(' ')[2];
            Assert.Equal(expected, int.Parse(misc, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0x30);
            WbemcliObject led = Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_IndicatorLED"));
            Assert.Equal((state, temporary), (led["ActivationState"], led["Temporary"]));
        }
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task The_watchdog_that_CIM_starts_runs_for_ipmitool_and_bites()
    {
        Assert.Equal(0, await InvokeAsync("root/cimv2:OMC_Watchdog", "Start", "Timeout=600000", "Action=1"));
        string watchdog = (await IpmitoolAsync("mc", "watchdog", "get")).Output;
        Assert.Contains("SMS/OS", Field(watchdog, "Watchdog Timer Use"), StringComparison.Ordinal);
        Assert.Contains("Running", Field(watchdog, "Watchdog Timer Is"), StringComparison.Ordinal);
        Assert.StartsWith("Hard Reset", Field(watchdog, "Watchdog Timer Action"), StringComparison.Ordinal);
        WbemcliObject told = Assert.Single(await Client.EnumerateAsync("root/cimv2:CIM_Watchdog"));
        Assert.Equal(("TRUE", "600000", "1", "2"), (told["Running"], told["Timeout"], told["ActionOnExpiration"], told["MonitoredEntity"]));

        Assert.Equal(0, await InvokeAsync("root/cimv2:OMC_Watchdog", "KeepAlive"));
        await IpmitoolAsync("mc", "watchdog", "off");
        Assert.Equal("FALSE", Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_Watchdog"))["Running"]);

        // One that nobody keeps alive: power down after half a second, and an entry in the log.
        Assert.Equal(0, await InvokeAsync("root/cimv2:OMC_Watchdog", "Start", "Timeout=500", "Action=2"));
        await Eventually.HoldsAsync(PowerAsync, power => power == "off", "the watchdog's bite");
        Assert.Contains("SMS/OS", Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_Watchdog"))["ExpiredUses"], StringComparison.Ordinal);
        Assert.Contains("Watchdog | Power down | Asserted", string.Join('\n', (await IpmitoolAsync("sel", "elist")).Lines.Select(l => string.Join(" | ", l.Split('|', StringSplitOptions.TrimEntries)))), StringComparison.Ordinal);
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task The_network_is_told_as_ipmitool_prints_it()
    {
        string lan = (await IpmitoolAsync("lan", "print", "1")).Output;
        WbemcliObject ip = Assert.Single(await Client.EnumerateAsync("root/cimv2:CIM_IPProtocolEndpoint"), e => e.Path.Contains("OMC_", StringComparison.Ordinal));
        Assert.Equal(
            (Field(lan, "IP Address"), Field(lan, "Subnet Mask"), Field(lan, "Default Gateway IP")),
            (ip["IPv4Address"], ip["SubnetMask"], ip["DefaultGateway"]));
        Assert.StartsWith("Static", Field(lan, "IP Address Source"), StringComparison.Ordinal);
        Assert.Equal("3", ip["AddressOrigin"]);
        WbemcliObject endpoint = Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_LANEndpoint"));
        Assert.Equal(Field(lan, "MAC Address").Replace(":", string.Empty, StringComparison.Ordinal).ToUpperInvariant(), endpoint["MACAddress"]);
        Assert.Equal("Disabled", Field(lan, "802.1q VLAN ID"));
        Assert.Null(endpoint["VLANID"]);
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task The_power_of_DCMI_is_the_one_that_ipmitool_reads()
    {
        string dcmi = (await IpmitoolAsync("dcmi", "power", "reading")).Output;
        WbemcliObject power = Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_DcmiPowerSensor"));
        Assert.Equal(Watts("Instantaneous power reading"), power.Number("CurrentReading"));
        Assert.Equal(Watts("Minimum during sampling period"), power.Number("MinimumReading"));
        Assert.Equal(Watts("Maximum during sampling period"), power.Number("MaximumReading"));
        Assert.Equal(Watts("Average power reading over sample period"), power.Number("AverageReading"));
        Assert.Equal("activated", Field(dcmi, "Power reading state is"));
        await IpmitoolAsync("chassis", "power", "off");
        Assert.Equal("deactivated", Field((await IpmitoolAsync("dcmi", "power", "reading")).Output, "Power reading state is"));
        power = Assert.Single(await Client.EnumerateAsync("root/cimv2:OMC_DcmiPowerSensor"));
        Assert.Equal((null, "Unavailable"), (power["CurrentReading"], power["ReadingState"]));

        decimal Watts(string field) => decimal.Parse(Field(dcmi, field).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task A_power_supply_that_is_pulled_costs_the_set_its_redundancy()
    {
        Assert.Equal("2", (await SetAsync())["RedundancyStatus"]);
        string[] members = [.. (await Client.EnumerateAsync("root/cimv2:OMC_MemberOfCollection")).Select(m => m["Member"]!).Where(m => m.Contains("OMC_PowerSupply", StringComparison.Ordinal))];
        Assert.Equal(2, members.Length);
        (await _host.ClientAsync("hardware", "fault", "powerSupply.2", "unplug")).Succeeded();
        Assert.Equal("Redundancy Lost", (await ElistAsync())["PSU Redundancy"]);
        WbemcliObject set = await SetAsync();
        Assert.Equal(("4", "Redundancy Lost"), (set["RedundancyStatus"], set["StatusText"]));

        async Task<WbemcliObject> SetAsync() => (await Client.EnumerateAsync("root/cimv2:CIM_RedundancySet")).Single(s => s["ElementName"] == "PSU Redundancy");
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task Sensors_of_a_controller_behind_the_BMC_are_read_through_it()
    {
        Dictionary<string, string> sensors = await ElistAsync();
        Assert.Equal(("31 degrees C", "12.12 Volts"), (sensors["PDB Temp"], sensors["PDB 12V"]));
        Assert.Contains("Device ID                 : 44", (await IpmitoolAsync("-t", "0x2c", "mc", "info")).Output, StringComparison.Ordinal);
        ToolRun own = await IpmitoolAsync("-t", "0x2c", "sdr", "elist");
        Assert.Equal(["PDB Temp", "PDB 12V"], own.Lines.Select(l => l.Split('|')[0].Trim()));
        Assert.Equal("1f c0 c0", (await IpmitoolAsync("-t", "0x2c", "raw", "0x04", "0x2d", "0x01")).Output.Trim());
        Assert.NotEqual(0, (await RunAsync("-t", "0x2e", "raw", "0x06", "0x01")).ExitCode);

        IReadOnlyList<WbemcliObject> told = await Client.EnumerateAsync("root/cimv2:OMC_NumericSensor");
        Assert.Equal("31", told.Single(s => s["Name"] == "PDB Temp")["CurrentReading"]);
        (await _host.ClientAsync("hardware", "set", "PDB Temp", "82")).Succeeded();
        Assert.Equal("82 degrees C", (await ElistAsync())["PDB Temp"]);
        Assert.Equal("Upper Critical", (await Client.EnumerateAsync("root/cimv2:OMC_NumericSensor")).Single(s => s["Name"] == "PDB Temp")["CurrentState"]);
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task An_event_that_ipmitool_sends_is_in_the_log()
    {
        int before = (await Client.EnumerateAsync("root/cimv2:OMC_IpmiLogEntry")).Count;
        await IpmitoolAsync("event", "1");
        string line = (await IpmitoolAsync("sel", "elist", "last", "1")).Lines[^1];
        IReadOnlyList<WbemcliObject> entries = await Client.EnumerateAsync("root/cimv2:OMC_IpmiLogEntry");
        Assert.Equal(before + 1, entries.Count);
        Assert.Equal(Normal(string.Join('|', line.Split('|')[3..])), Normal(entries[^1]["Message"]!));

        static string Normal(string text) => string.Join(" | ", text.Split('|', StringSplitOptions.TrimEntries));
    }

    private static string Field(string output, string name) =>
        output.Split('\n').Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(f => f.Length == 2 && f[0] == name)?[1]
        ?? throw new InvalidOperationException($"No '{name}' in:\n{output}");

    private async Task StateAsync(string power, string state, string available)
    {
        Assert.Equal(power, await PowerAsync());
        WbemcliObject link = Assert.Single(await Client.EnumerateAsync("root/cimv2:CIM_AssociatedPowerManagementService"));
        Assert.Equal((state, available), (link["PowerState"], link["AvailableRequestedPowerStates"]));
    }

    private async Task<string> PowerAsync() => (await IpmitoolAsync("chassis", "power", "status")).Output.Trim().Split(' ')[^1];

    private async Task<Dictionary<string, string>> ElistAsync() => (await IpmitoolAsync("sdr", "elist")).Lines.Select(l => l.Split('|', StringSplitOptions.TrimEntries))
        .Where(f => f.Length == 5).ToDictionary(f => f[0], f => f[4]);

    private Task<int> RequestAsync(int state) => PowerRequest.SendAsync(_host, Machine, Service, state);

    private async Task<int> InvokeAsync(string className, string method, params string[] arguments) =>
        await Client.InvokeAsync(Assert.Single(await Client.PathsAsync("ein", className)), method, arguments);

    private async Task<ToolRun> IpmitoolAsync(params string[] arguments) => (await RunAsync(arguments)).Succeeded();

    private Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync(
        "ipmitool",
        ["-I", "lanplus", "-C", "17", "-H", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", User, "-P", Password, .. arguments]);
}
