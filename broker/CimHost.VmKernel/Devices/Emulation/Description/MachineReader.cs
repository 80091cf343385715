using System.Globalization;
using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Faults;
using CimHost.VmKernel.Devices.Emulation.Hid;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Turns the files of a machine into its description. No I/O: the files come as bytes by their path below the machine's directory.</summary>
internal static class MachineReader
{
    private const int MostSensors = 600;
    private const int MostDisks = 256;

    /// <exception cref="MachineFileException">A file is missing or wrong; the message says which, where and what was expected.</exception>
    public static MachineDescription Read(IReadOnlyDictionary<string, byte[]> files)
    {
        MachineIdentity identity = Identity(Parse(files, "machine.json"));
        BmcDescription? bmc = files.Keys.Any(f => f.StartsWith("bmc/", StringComparison.Ordinal)) ? Bmc(files, identity) : null;
        IReadOnlyList<FaultRule> faults = files.ContainsKey("faults.json") ? FaultRuleReader.Read(Parse(files, "faults.json")) : [];
        return new MachineDescription(identity, bmc, Disks(files), HidDevices(files), faults);
    }

    private static List<HidDeviceDescription> HidDevices(IReadOnlyDictionary<string, byte[]> files)
    {
        var devices = new List<HidDeviceDescription>();
        foreach (string file in files.Keys.Where(f => f.StartsWith("hid/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            MachineNode node = Parse(files, file);
            HidDeviceDescription device = HidDeviceReader.Read(node);
            if (devices.Any(d => d.Port == device.Port))
            {
                throw node.Required("port").Wrong($"the port {device.Port} is taken by another file; expected a name of its own.");
            }

            devices.Add(device);
        }

        return devices;
    }

    private static MachineNode Parse(IReadOnlyDictionary<string, byte[]> files, string name) =>
        files.TryGetValue(name, out byte[]? bytes) ? MachineNodeReader.Read(name, bytes) : throw new MachineFileException($"{name}: the file is missing.");

    private static List<DiskDescription> Disks(IReadOnlyDictionary<string, byte[]> files)
    {
        var disks = new List<DiskDescription>();
        foreach (string file in files.Keys.Where(f => f.StartsWith("disks/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            foreach (MachineNode node in NodeTemplate.Expand(Parse(files, file)))
            {
                DiskDescription disk = DiskReader.Read(node);
                if (disks.Count >= MostDisks || disks.Exists(d => d.Name == disk.Name))
                {
                    throw node.Required("name").Wrong(disks.Count >= MostDisks ? $"there are more than {MostDisks} disks." : $"{disk.Name} is described twice, perhaps by another file.");
                }

                disks.Add(disk);
            }
        }

        return [.. disks.OrderBy(d => d.Name.Length).ThenBy(d => d.Name, StringComparer.Ordinal)];
    }

    private static MachineIdentity Identity(MachineNode node)
    {
        MachineNode bios = node.Required("bios");
        MachineNode date = bios.Required("date");
        if (!DateOnly.TryParseExact(date.AsText(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            throw date.Expected("a date such as 2026-03-18");
        }

        MachineNode name = node.Required("systemName");
        var identity = new MachineIdentity(
            name.AsText(64),
            node.Optional("manufacturer")?.AsText() ?? string.Empty,
            node.Optional("model")?.AsText() ?? string.Empty,
            node.Optional("serialNumber")?.AsText() ?? string.Empty,
            bios.Required("version").AsText(64),
            day,
            node.Optional("operatingSystem")?.AsText(),
            node.Optional("description")?.AsText(1000) ?? string.Empty);
        bios.End();
        node.End();
        return identity.SystemName.Length > 0 ? identity : throw name.Expected("a host name");
    }

    private static BmcDescription Bmc(IReadOnlyDictionary<string, byte[]> files, MachineIdentity identity)
    {
        List<SensorDescription> sensors = Sensors(Parse(files, "bmc/sensors.json"));
        var frus = new SortedDictionary<byte, FruDescription>();
        foreach (string file in files.Keys.Where(f => f.StartsWith("bmc/fru/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            MachineNode node = Parse(files, file);
            FruDescription fru = FruReader.Read(node);
            if (!frus.TryAdd(fru.Device, fru))
            {
                throw node.Required("device").Wrong($"FRU device {fru.Device} is described by another file too.");
            }
        }

        List<(byte, byte[])> others = files.ContainsKey("bmc/entities.json") ? BmcReader.Entities(Parse(files, "bmc/entities.json")) : [];
        others.InsertRange(0, frus.Values.Where(f => f.Locator is not null).Select(f => ((byte)0x11, f.Locator!)));
        (List<SatelliteDescription> controllers, List<SensorDescription> behind, List<(byte, byte[])> locators) =
            files.ContainsKey("bmc/satellites.json") ? Satellites(Parse(files, "bmc/satellites.json")) : ([], [], []);
        others.AddRange(locators);
        MachineNode deviceFile = Parse(files, "bmc/device.json");
        DeviceDescription device = BmcReader.Device(deviceFile);
        if (device.Dcmi is { } dcmi && !sensors.Exists(s => s.Name == dcmi.PowerSensor && s.Factors is not null))
        {
            throw deviceFile.Required("dcmi").Required("powerSensor").Expected("the name of a sensor in bmc/sensors.json that gives a number");
        }

        return new BmcDescription
        {
            Device = device,
            Chassis = BmcReader.Chassis(Parse(files, "bmc/chassis.json")),
            Sensors = [.. sensors, .. behind],
            Satellites = controllers,
            OtherRecords = others,
            Frus = [.. frus.Values],
            Sel = files.ContainsKey("bmc/sel.json") ? BmcReader.Sel(Parse(files, "bmc/sel.json"), sensors) : new SelDescription(512, []),
            SystemInfo = SystemInfo(identity),
        };
    }

    private static List<SensorDescription> Sensors(MachineNode file)
    {
        var sensors = new List<SensorDescription>();
        var seen = new HashSet<(byte, byte, byte)>();
        foreach (MachineNode node in file.Required("sensors").AsList(MostSensors).SelectMany(NodeTemplate.Expand))
        {
            if (sensors.Count >= MostSensors)
            {
                throw node.Wrong($"there are more than {MostSensors} sensors.");
            }

            SensorDescription sensor = SensorReader.Read(node);
            if (Taken(sensor, seen) is { } number)
            {
                throw node.Required("number").Wrong($"sensor number {number} on LUN {sensor.Lun} is taken or above 254; expected a free number.");
            }

            sensors.Add(sensor);
        }

        file.End();
        return sensors;
    }

    private static int? Taken(SensorDescription sensor, HashSet<(byte, byte, byte)> seen)
    {
        for (int i = 0; i < sensor.Sharing.Count; i++)
        {
            if (sensor.Number + i > 254 || !seen.Add((sensor.Owner, sensor.Lun, (byte)(sensor.Number + i))))
            {
                return sensor.Number + i;
            }
        }

        return null;
    }

    private static (List<SatelliteDescription> Controllers, List<SensorDescription> Sensors, List<(byte Type, byte[] Body)> Locators) Satellites(MachineNode file)
    {
        (List<SatelliteDescription> Controllers, List<SensorDescription> Sensors, List<(byte, byte[])> Locators) all = BmcReader.Satellites(file);
        var seen = new HashSet<(byte, byte, byte)>();
        foreach (SensorDescription sensor in all.Sensors)
        {
            if (Taken(sensor, seen) is { } number)
            {
                throw file.Required("controllers").Wrong($"sensor number {number} on LUN {sensor.Lun} of the controller at {sensor.Owner:X2}h is taken or above 254; expected a free number.");
            }
        }

        return all;
    }

    private static Dictionary<byte, string> SystemInfo(MachineIdentity identity)
    {
        var texts = new Dictionary<byte, string> { [1] = identity.BiosVersion, [2] = identity.SystemName };
        if (identity.OperatingSystem is { } system)
        {
            (texts[3], texts[4]) = (system, system);
        }

        return texts;
    }
}
