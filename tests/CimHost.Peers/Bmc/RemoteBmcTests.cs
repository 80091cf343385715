using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Bmc;

/// <summary>OpenIPMI's ipmi_sim as a remote BMC: what wbemcli reads from CimHost equals what ipmitool reads from the BMC.</summary>
public sealed class RemoteBmcTests : IAsyncLifetime
{
    private const int CpuTemperature = 1;
    private SimulatedBmc _simulated = null!;

    private IpmiSim Bmc => _simulated.Bmc;

    private Wbemcli Client => Wbemcli.Of(_simulated.Host);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Peer.WhySkipped(["ipmi_sim", "ipmitool", "wbemcli"]) is null)
        {
            _simulated = await SimulatedBmc.StartAsync();
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
    public async Task Every_numeric_sensor_equals_ipmitool_s_also_after_changes_in_the_BMC()
    {
        await CompareAsync();

        // Upper non-critical is 80, critical 90, non-recoverable 95; lower non-critical 5.
        foreach (byte raw in new byte[] { 85, 92, 97, 3, 50 })
        {
            await Bmc.SetReadingAsync(CpuTemperature, raw);
            IReadOnlyList<WbemcliObject> told = await CompareAsync();
            Assert.Equal(raw, told.Single(s => s["Name"] == "CPU1 Temp").Number("CurrentReading"));
        }
    }

    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task Every_discrete_sensor_has_the_states_that_ipmitool_tells_also_after_changes()
    {
        await CompareDiscreteAsync();
        await Bmc.SetStateAsync(14, 0, true);
        WbemcliObject intrusion = (await CompareDiscreteAsync()).Single(s => s["Name"] == "Chassis Intru");
        Assert.Contains("intrusion", intrusion["CurrentState"], StringComparison.OrdinalIgnoreCase);
    }

    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task The_FRU_is_told_as_ipmitool_prints_it()
    {
        string fru = (await _simulated.IpmitoolAsync("fru", "print", "0")).Output;
        WbemcliObject chassis = Assert.Single(await Client.EnumerateAsync("root/cimv2:CIM_Chassis"));
        WbemcliObject board = (await Client.EnumerateAsync("root/cimv2:CIM_Card")).Single(c => c["HostingBoard"] == "TRUE");
        Assert.Equal(Field(fru, "Chassis Part Number"), chassis["PartNumber"]);
        Assert.Equal(Field(fru, "Chassis Serial"), chassis["SerialNumber"]);
        Assert.Equal(Field(fru, "Board Mfg"), board["Manufacturer"]);
        Assert.Equal(Field(fru, "Board Serial"), board["SerialNumber"]);
        Assert.Equal(Field(fru, "Board Part Number"), board["PartNumber"]);
    }

    [PeerFact("ipmi_sim", "ipmitool", "wbemcli")]
    public async Task The_controller_s_firmware_is_the_one_that_ipmitool_tells()
    {
        string revision = Field((await _simulated.IpmitoolAsync("mc", "info")).Output, "Firmware Revision");
        Assert.Contains(await Client.EnumerateAsync("root/cimv2:CIM_SoftwareIdentity"), s => s["VersionString"]!.StartsWith(revision, StringComparison.Ordinal));
    }

    private static string Field(string output, string name) =>
        output.Split('\n').Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).First(f => f[0] == name)[1];

    private async Task<IReadOnlyList<WbemcliObject>> CompareAsync()
    {
        IReadOnlyList<IpmitoolSensor> expected = IpmitoolSensor.Parse((await _simulated.IpmitoolAsync("sensor")).Output);
        IReadOnlyList<WbemcliObject> told = await Client.EnumerateAsync("root/cimv2:CIM_NumericSensor");
        SensorComparison.EqualNumeric(expected, told);
        return told;
    }

    private async Task<IReadOnlyList<WbemcliObject>> CompareDiscreteAsync()
    {
        // The raw states, as "0x0180": the second byte of the answer in the high digits, the third in the low ones.
        Dictionary<string, int> expected = (await _simulated.IpmitoolAsync("sensor")).Output.Split('\n')
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .Where(f => f.Length == 10 && f[2] == "discrete")
            .ToDictionary(f => f[0], f => int.Parse(f[3][2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.NotEmpty(expected);
        IReadOnlyList<WbemcliObject> raw = await Client.EnumerateAsync("root/cimv2:OMC_RawIpmiSensor");
        foreach ((string name, int states) in expected)
        {
            int told = int.Parse(raw.Single(s => s["Name"] == name)["StateBits"]!, CultureInfo.InvariantCulture);
            Assert.True(((states >> 8) | ((states & 0x7F) << 8)) == (told & 0x7FFF), $"{name}: ipmitool tells 0x{states:x4}, CimHost 0x{told:x4}.");
        }

        return await Client.EnumerateAsync("root/cimv2:OMC_DiscreteSensor");
    }
}
