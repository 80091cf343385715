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
        return new BmcDescription
        {
            Device = BmcReader.Device(Parse(files, "bmc/device.json")),
            Chassis = BmcReader.Chassis(Parse(files, "bmc/chassis.json")),
            Sensors = sensors,
            OtherRecords = others,
            Frus = [.. frus.Values],
            Sel = files.ContainsKey("bmc/sel.json") ? BmcReader.Sel(Parse(files, "bmc/sel.json"), sensors) : new SelDescription(512, []),
            SystemInfo = SystemInfo(identity),
        };
    }

    private static List<SensorDescription> Sensors(MachineNode file)
    {
        var sensors = new List<SensorDescription>();
        var seen = new HashSet<(byte, byte)>();
        foreach (MachineNode node in file.Required("sensors").AsList(MostSensors).SelectMany(NodeTemplate.Expand))
        {
            if (sensors.Count >= MostSensors)
            {
                throw node.Wrong($"there are more than {MostSensors} sensors.");
            }

            SensorDescription sensor = SensorReader.Read(node);
            for (int i = 0; i < sensor.Sharing.Count; i++)
            {
                if (sensor.Number + i > 254 || !seen.Add((sensor.Lun, (byte)(sensor.Number + i))))
                {
                    throw node.Required("number").Wrong($"sensor number {sensor.Number + i} on LUN {sensor.Lun} is taken or above 254; expected a free number.");
                }
            }

            sensors.Add(sensor);
        }

        file.End();
        return sensors;
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
