using System.Text;

namespace CimHost.TestBed;

/// <summary>
/// What the simulated BMC looks like: six threshold sensors (numbers 1–6), six discrete ones (10–15), as many further DIMM temperatures as
/// asked for (from number 20), two FRU devices with the same contents, an SEL with two entries.
/// </summary>
public sealed class IpmiSimConfiguration
{
    /// <summary>The administrator's name.</summary>
    public const string UserName = "admin";

    /// <summary>The administrator's password.</summary>
    public const string Password = "Secret12";

    private const string Bmc = "0x20";

    // Called with "get power", "set power 0" or 1, "set shutdown 1" and others by ipmi_sim (ipmi_lan(5), chassis_control).
    private const string PowerScript = """
        cd "$(dirname "$0")" || exit 1
        case "$1 $2" in
          "get power") echo "power:$(cat power)" ;;
          "set power") echo "$3" >power ;;
          "set shutdown") echo 0 >power ;;
        esac

        """;

    /// <summary>UDP port of RMCP.</summary>
    public int Port { get; init; } = FreePort.Next();

    /// <summary>TCP port of the console.</summary>
    public int ConsolePort { get; init; } = FreePort.Next();

    /// <summary>TCP port for a virtual machine's system interface (QEMU's ipmi-bmc-extern); null for none.</summary>
    public int? VirtualMachinePort { get; init; }

    /// <summary>Whether its chassis can be switched on and off; it is on at the start.</summary>
    public bool HasPowerControl { get; init; }

    /// <summary>DIMM temperature sensors beyond the twelve sensors that are always there; at most 200.</summary>
    public int FurtherSensors { get; init; }

    /// <summary>The threshold sensors.</summary>
    public IReadOnlyList<SimThresholdSensor> ThresholdSensors =>
    [
        new(1, 0x01, 1, "CPU1 Temp", 1, 0, 45, new(5, 2, null, 80, 90, 95), 3, 1),
        new(2, 0x01, 1, "Inlet Temp", 1, 0, 24, new(null, null, null, 40, 45, null), 0x37, 1),
        new(3, 0x04, 18, "Fan 1", 75, 0, 80, new(12, 8, null, null, null, null), 29, 1),
        new(4, 0x04, 18, "Fan 2", 75, 0, 82, new(12, 8, null, null, null, null), 29, 2),
        new(5, 0x02, 4, "P12V", 63, -3, 194, new(184, 180, null, 206, 210, null), 7, 1),
        new(6, 0x0B, 6, "Sys Power", 4, 0, 60, new(null, null, null, 200, 225, null), 7, 1),
        .. Enumerable.Range(0, Math.Min(FurtherSensors, 200)).Select(i =>
            new SimThresholdSensor((byte)(20 + i), 0x01, 1, $"DIMM{i} Temp", 1, 0, (byte)(30 + (i % 40)), new(null, null, null, 85, 95, null), 32, (byte)(1 + i))),
    ];

    /// <summary>The discrete sensors.</summary>
    public IReadOnlyList<SimDiscreteSensor> DiscreteSensors { get; } =
    [
        new(10, 0x08, 0x6F, "PSU1 Status", 0x000B, 0x0001, 10, 1),
        new(11, 0x08, 0x6F, "PSU2 Status", 0x000B, 0x0003, 10, 2),
        new(12, 0x09, 0x0B, "PSU Redundancy", 0x003F, 0x0001, 10, 1),
        new(13, 0x0C, 0x6F, "DIMM ECC", 0x0023, 0x0000, 32, 1),
        new(14, 0x05, 0x6F, "Chassis Intru", 0x0001, 0x0000, 23, 1),
        new(15, 0x0D, 0x6F, "Drive 0", 0x0007, 0x0001, 26, 1),
    ];

    /// <summary>Writes <c>lan.conf</c>, <c>bmc.emu</c>, <c>fru.bin</c> and, with power control, a script for it into a folder.</summary>
    public void WriteTo(string folder)
    {
        string fru = Path.Combine(folder, "fru.bin");
        File.WriteAllBytes(fru, SimFru.Image());
        string? power = HasPowerControl ? Path.Combine(folder, "power.sh") : null;
        if (power is not null)
        {
            File.WriteAllText(Path.Combine(folder, "power"), "1\n");
            File.WriteAllText(power, PowerScript);
        }

        File.WriteAllText(Path.Combine(folder, "lan.conf"), LanConfiguration(power));
        File.WriteAllLines(Path.Combine(folder, "bmc.emu"), Commands(fru));
    }

    private string LanConfiguration(string? power)
    {
        const string Allowed = "none md2 md5 straight";
        var text = new StringBuilder();
        text.AppendLine("name \"testbmc\"").AppendLine($"set_working_mc {Bmc}").AppendLine("  startlan 1");
        text.AppendLine($"    addr 127.0.0.1 {Port}").AppendLine("    priv_limit admin");
        foreach (string privilege in (string[])["callback", "user", "operator", "admin"])
        {
            text.AppendLine($"    allowed_auths_{privilege} {Allowed}");
        }

        text.AppendLine("    guid 6b1d54a09c2e4c3f8f7712ab90cd3e51").AppendLine("  endlan");
        if (VirtualMachinePort is { } port)
        {
            text.AppendLine($"  serial 15 127.0.0.1 {port} codec VM");
        }

        if (power is not null)
        {
            text.AppendLine($"  chassis_control \"sh {power}\"");
        }

        text.AppendLine($"  user 1 true \"\" \"test\" user 10 {Allowed}");
        text.AppendLine($"  user 2 true \"{UserName}\" \"{Password}\" admin 10 {Allowed}");
        text.AppendLine($"  user 3 true \"watcher\" \"Watch123\" user 10 {Allowed}");
        return text.AppendLine($"console 127.0.0.1 {ConsolePort}").ToString();
    }

    private IEnumerable<string> Commands(string fru)
    {
        yield return $"mc_setbmc {Bmc}";
        yield return $"mc_add {Bmc} 0x20 no-device-sdrs 0x03 0x02 0x15 0x9f 0x00a2b1 0x0102";
        yield return $"sel_enable {Bmc} 1000 0x0a";
        foreach (string command in ThresholdSensors.SelectMany(s => s.Commands(Bmc)).Concat(DiscreteSensors.SelectMany(s => s.Commands(Bmc))))
        {
            yield return command;
        }

        ushort record = 1;
        foreach (byte[] body in Records())
        {
            byte[] sdr = [(byte)record, (byte)(record >> 8), .. body];
            yield return $"main_sdr_add {Bmc} {string.Join(' ', sdr.Select(b => $"0x{b:x2}"))}";
            record++;
        }

        yield return $"mc_add_fru_data {Bmc} 0 {SimFru.Length} file 0 \"{fru}\"";
        yield return $"mc_add_fru_data {Bmc} 1 {SimFru.Length} file 0 \"{fru}\"";
        yield return $"mc_enable {Bmc}";
        yield return $"sel_add {Bmc} 0x02 0x10 0x20 0x30 0x66 0x20 0x00 0x04 0x08 0x0b 0x6f 0x01 0xff 0xff";
        yield return $"sel_add {Bmc} 0x02 0x20 0x20 0x30 0x66 0x20 0x00 0x04 0x01 0x01 0x01 0x57 0x51 0x50";
    }

    private IEnumerable<byte[]> Records()
    {
        foreach (SimThresholdSensor sensor in ThresholdSensors)
        {
            yield return sensor.Record();
        }

        foreach (SimDiscreteSensor sensor in DiscreteSensors)
        {
            yield return sensor.Record();
        }

        // FRU device locator (IPMI 2.0 §43.8) for device 1, and the controller's own locator (§43.9).
        yield return SimThresholdSensor.Frame(0x11, [0x20, 1, 0x80, 0, 0, 0x10, 0, 10, 1, 0], "PSU1 FRU");
        yield return SimThresholdSensor.Frame(0x12, [0x20, 0, 0, 0x9F, 0, 0, 0, 7, 1, 0], "Test BMC");
    }
}
