using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Bmc;

/// <summary>The emulated rack server's BMC served over RMCP+ by the host itself: ipmitool, FreeIPMI and CimHost read the same of it.</summary>
public sealed class EmulatedBmcTests : IAsyncLifetime
{
    private const string User = "admin";
    private const string Password = "Secret12";
    private readonly TemporaryDirectory _folder = new();
    private readonly int _port = FreePort.Next();
    private RackServer? _machine;
    private HostProcess _host = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _machine = new RackServer();
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

    [PeerTheory("ipmitool", "wbemcli")]
    [InlineData(3)]
    [InlineData(17)]
    public async Task CimHost_tells_what_ipmitool_reads(int suite)
    {
        IReadOnlyList<IpmitoolSensor> expected = IpmitoolSensor.Parse((await IpmitoolAsync(suite, "sensor")).Output);
        IReadOnlyList<WbemcliObject> told = await Wbemcli.Of(_host).EnumerateAsync("root/cimv2:OMC_NumericSensor");
        SensorComparison.EqualNumeric(expected, told);
    }

    [PeerFact("ipmi-sensors", "wbemcli")]
    public async Task CimHost_tells_what_FreeIPMI_reads()
    {
        // FreeIPMI takes no cache folder that others may look into; a temporary folder is one's own.
        using var cache = new TemporaryDirectory();
        ToolRun run = (await Tool.RunAsync(
            "ipmi-sensors",
            ["-h", $"127.0.0.1:{_port}", "-D", "LAN_2_0", "-I", "17", "-u", User, "-p", Password, "-l", "ADMIN", "--sdr-cache-directory", cache.FullName, "--quiet-cache", "--comma-separated-output", "--no-header-output"])).Succeeded();
        Dictionary<string, decimal> readings = run.Lines.Select(l => l.Split(','))
            .Where(f => f.Length >= 5 && decimal.TryParse(f[3], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            .ToDictionary(f => f[1], f => decimal.Parse(f[3], CultureInfo.InvariantCulture));
        Assert.True(readings.Count > 50, $"ipmi-sensors reads {readings.Count} numbers.");
        IReadOnlyList<WbemcliObject> told = await Wbemcli.Of(_host).EnumerateAsync("root/cimv2:OMC_NumericSensor");
        foreach ((string name, decimal reading) in readings)
        {
            WbemcliObject sensor = told.Single(s => s["Name"] == name);
            decimal value = sensor.Number("CurrentReading") * (decimal)Math.Pow(10, double.Parse(sensor["UnitModifier"]!, CultureInfo.InvariantCulture));

            // ipmi-sensors prints two decimals of a binary number, rounded as that falls.
            Assert.True(Math.Abs(value - reading) <= 0.005m, $"{name}: ipmi-sensors reads {reading}, CimHost tells {value}.");
        }
    }

    [PeerFact("ipmitool", "wbemcli")]
    public async Task A_value_edited_in_the_machine_s_files_is_in_the_next_query()
    {
        string file = Path.Combine(_machine!.Folder, "bmc", "sensors.json");
        string text = await File.ReadAllTextAsync(file);
        int at = text.IndexOf("\"Inlet Temp\"", StringComparison.Ordinal);
        int value = text.IndexOf("\"value\":", at, StringComparison.Ordinal);
        int end = text.IndexOfAny([',', '}', '\n'], value);
        await File.WriteAllTextAsync(file, text[..value] + "\"value\": 40" + text[end..]);

        await Eventually.HoldsAsync(Inlet, sensor => sensor.Number("CurrentReading") == 40, "the edited reading");
        Assert.Equal("Upper Non-Critical", (await Inlet())["CurrentState"]);
        Assert.Equal(40, IpmitoolSensor.Parse((await IpmitoolAsync(17, "sensor")).Output).Single(s => s.Name == "Inlet Temp").Reading);

        async Task<WbemcliObject> Inlet() => (await Wbemcli.Of(_host).EnumerateAsync("root/cimv2:OMC_NumericSensor")).Single(s => s["Name"] == "Inlet Temp");
    }

    private async Task<ToolRun> IpmitoolAsync(int suite, params string[] arguments) => (await Tool.RunAsync(
        "ipmitool",
        ["-I", "lanplus", "-C", suite.ToString(CultureInfo.InvariantCulture), "-H", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", User, "-P", Password, .. arguments])).Succeeded();
}
