using System.Buffers.Binary;
using System.Net;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Reads bmc/device.json, bmc/chassis.json, bmc/entities.json and bmc/sel.json.</summary>
internal static class BmcReader
{
    private static readonly string[] s_provides = ["sensors", "sdrRepository", "sel", "fru", "eventReceiver", "eventGenerator", "bridge", "chassis"];
    private static readonly string[] s_misc = ["intrusion", "frontPanelLockout", "driveFault", "coolingFault"];
    private static readonly string[] s_power = ["on", "overload", "interlock", "fault", "controlFault"];
    private static readonly Dictionary<string, byte> s_policies = new(StringComparer.Ordinal) { ["off"] = 0, ["previous"] = 1, ["on"] = 2, ["unknown"] = 3 };
    private static readonly Dictionary<string, byte> s_sources = new(StringComparer.Ordinal) { ["static"] = 1, ["dhcp"] = 2, ["bios"] = 3 };

    public static DeviceDescription Device(MachineNode node)
    {
        MachineNode? self = node.Optional("selfTest");
        byte[] guid = node.Required("guid").AsGuid().ToByteArray(bigEndian: true);
        Array.Reverse(guid);
        byte channel = node.Optional("lan")?.Optional("channel")?.AsByte(1, 11) ?? 1;
        var device = new DeviceDescription
        {
            Port = node.Optional("port")?.AsText(32) ?? "ipmi0",
            DeviceId = DeviceId(node),
            SelfTest = self?.AsBytes(2, 2) ?? [0x55, 0x00],
            Guid = guid,
            LongestRead = node.Optional("longestRead")?.AsInteger(8, 255) ?? 255,
            Concurrency = node.Optional("concurrency")?.AsInteger(1, 64) ?? 8,
            Timeout = TimeSpan.FromMilliseconds(node.Optional("timeoutMs")?.AsInteger(1, 600_000) ?? 5000),
            Channel = channel,
            Lan = Lan(node.Optional("lan")),
            Watchdog = Watchdog(node.Optional("watchdog")),
            Dcmi = Dcmi(node.Optional("dcmi")),
        };
        node.End();
        return device;
    }

    public static ChassisDescription Chassis(MachineNode node)
    {
        MachineNode policy = node.Required("powerRestorePolicy");
        int power = Flags(node.Required("power"), s_power) | (policy.AsName(s_policies, 3) << 5);
        int misc = node.Optional("state") is { } state ? Flags(state, s_misc) : 0;
        var chassis = new ChassisDescription(
            node.Optional("capabilities")?.AsBytes(5, 6) ?? [0x00, 0x20, 0x20, 0x20, 0x20],
            [(byte)power, node.Optional("lastPowerEvent")?.AsByte() ?? 0, (byte)(misc | 0x40)],
            [node.Optional("restartCause")?.AsByte(0, 11) ?? 0, 0],
            (uint)(node.Optional("powerOnHours")?.AsInteger(0, int.MaxValue) ?? 0),
            [node.Optional("acpiSystemState")?.AsByte(0, 0x2A) ?? 0, node.Optional("acpiDeviceState")?.AsByte(0, 0x2A) ?? 0],
            node.Optional("softOffSeconds")?.AsInteger(0, 3600) ?? 5);
        node.End();
        return chassis;
    }

    /// <summary>Controllers, associations and OEM records, ready for the SDR repository.</summary>
    public static List<(byte Type, byte[] Body)> Entities(MachineNode node)
    {
        var records = new List<(byte, byte[])>();
        foreach (MachineNode controller in node.Optional("controllers")?.AsList(32) ?? [])
        {
            EntityReference entity = EntityReference.Read(controller.Required("entity"));
            byte[] body =
            [
                controller.Required("address").AsByte(), controller.Optional("channel")?.AsByte(0, 15) ?? 0,
                controller.Optional("powerState")?.AsByte() ?? 0, controller.Required("capabilities").AsByte(), 0, 0, 0,
                entity.Id, entity.Instance, 0, .. TypeLengthField.Read(controller.Required("name"), 16),
            ];
            records.Add((0x12, body));
            controller.End();
        }

        foreach (MachineNode association in node.Optional("associations")?.AsList(128) ?? [])
        {
            EntityReference container = EntityReference.Read(association.Required("container"));
            bool range = association.Optional("range")?.AsBoolean() ?? false;
            MachineNode list = association.Required("contained");
            var contained = list.AsList(4).Select(EntityReference.Read).ToList();
            if (range && contained.Count % 2 != 0)
            {
                throw list.Expected("pairs of first and last entity, because \"range\" is true");
            }

            byte[] body = new byte[11];
            (body[0], body[1], body[2]) = (container.Id, container.Instance, (byte)(range ? 0x80 : 0));
            for (int i = 0; i < contained.Count; i++)
            {
                (body[3 + (2 * i)], body[4 + (2 * i)]) = (contained[i].Id, contained[i].Instance);
            }

            records.Add((0x08, body));
            association.End();
        }

        foreach (MachineNode oem in node.Optional("oemRecords")?.AsList(64) ?? [])
        {
            int manufacturer = oem.Required("manufacturerId").AsInteger(0, 0xFFFFF);
            records.Add((0xC0, [(byte)manufacturer, (byte)(manufacturer >> 8), (byte)(manufacturer >> 16), .. oem.Required("data").AsBytes(1, 58)]));
            oem.End();
        }

        node.End();
        return records;
    }

    /// <summary>Controllers behind the BMC, with their sensors and the bodies of their locator records.</summary>
    public static (List<SatelliteDescription> Controllers, List<SensorDescription> Sensors, List<(byte Type, byte[] Body)> Locators) Satellites(MachineNode node)
    {
        (List<SatelliteDescription> Controllers, List<SensorDescription> Sensors, List<(byte, byte[])> Locators) all = ([], [], []);
        foreach (MachineNode item in node.Required("controllers").AsList(16))
        {
            MachineNode place = item.Required("address");
            byte address = place.AsByte();
            if ((address & 1) != 0 || address is 0 or 0x20 || all.Controllers.Exists(c => c.Address == address))
            {
                throw place.Expected("an even address of its own that is neither 0 nor that of the BMC (0x20)");
            }

            byte channel = item.Optional("channel")?.AsByte(0, 11) ?? 0;
            byte[] field = TypeLengthField.Read(item.Required("name"), 16);
            EntityReference entity = EntityReference.Read(item.Required("entity"));

            // §20.1: it has the records of its sensors itself.
            byte[] deviceId = DeviceId(item);
            deviceId[1] |= 0x80;
            FruDescription? fru = null;
            if (item.Optional("fru") is { } inventory)
            {
                (byte[] image, bool words) = FruReader.Inventory(inventory);
                inventory.End();
                fru = new FruDescription(0, null, image, words);
            }

            all.Controllers.Add(new SatelliteDescription(item.Required("name").AsText(), address, channel, deviceId, fru));

            // §43.9: a dynamic device, present to the BMC, with sensors and perhaps a FRU inventory of its own.
            all.Locators.Add((0x12, [address, channel, 0, (byte)(fru is null ? 0x81 : 0x89), 0, 0, 0, entity.Id, entity.Instance, 0, .. field]));
            foreach (MachineNode sensor in item.Required("sensors").AsList(64))
            {
                all.Sensors.Add(SensorReader.Read(sensor) with { Owner = address, Channel = channel });
            }

            item.End();
        }

        node.End();
        return all;
    }

    /// <summary>The event log; entries name a sensor of this BMC.</summary>
    public static SelDescription Sel(MachineNode node, IReadOnlyList<SensorDescription> sensors)
    {
        int capacity = node.Optional("capacity")?.AsInteger(1, 4096) ?? 512;
        var entries = new List<byte[]>();
        foreach (MachineNode entry in node.Optional("entries")?.AsList(capacity) ?? [])
        {
            string name = entry.Required("sensor").AsText();
            SensorDescription sensor = sensors.FirstOrDefault(s => s.Name == name) ?? throw entry.Required("sensor").Expected("the name of a sensor in bmc/sensors.json");
            byte[] body = new byte[14];
            body[0] = 0x02;
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(1), (uint)entry.Required("time").AsTime().ToUnixTimeSeconds());
            (body[5], body[6], body[7]) = (0x20, (byte)sensor.Lun, 0x04);
            (body[8], body[9]) = (sensor.Type, sensor.Number);
            body[10] = (byte)(sensor.ReadingType | ((entry.Optional("asserted")?.AsBoolean() ?? true) ? 0 : 0x80));
            entry.Required("data").AsBytes(3, 3).CopyTo(body, 11);
            entries.Add(body);
            entry.End();
        }

        node.End();
        return new SelDescription(capacity, entries);
    }

    private static byte[] DeviceId(MachineNode node)
    {
        MachineNode firmware = node.Required("firmware");
        string[] parts = firmware.AsText().Split('.');
        if (parts.Length != 2 || !byte.TryParse(parts[0], out byte major) || major > 127 || parts[1].Length is 0 or > 2 || !byte.TryParse(parts[1], out byte minor))
        {
            throw firmware.Expected("a version such as 3.21, up to 127.99");
        }

        MachineNode version = node.Optional("ipmiVersion") ?? node;
        byte ipmi = version == node ? (byte)0x02 : version.AsText() switch
        {
            "2.0" => (byte)0x02,
            "1.5" => (byte)0x51,
            _ => throw version.Expected("2.0 or 1.5"),
        };
        byte[] answer = new byte[15];
        (answer[0], answer[1]) = (node.Required("deviceId").AsByte(), node.Optional("deviceRevision")?.AsByte(0, 15) ?? 0);
        (answer[2], answer[3], answer[4]) = (major, (byte)(((minor / 10) << 4) | (minor % 10)), ipmi);
        answer[5] = (byte)Flags(node.Required("provides"), s_provides);
        int manufacturer = node.Required("manufacturerId").AsInteger(0, 0xFFFFF);
        (answer[6], answer[7], answer[8]) = ((byte)manufacturer, (byte)(manufacturer >> 8), (byte)(manufacturer >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(9), (ushort)node.Required("productId").AsInteger(0, 0xFFFF));
        (node.Optional("auxiliaryFirmware")?.AsBytes(4, 4) ?? new byte[4]).CopyTo(answer, 11);
        return answer;
    }

    private static int Flags(MachineNode list, string[] names)
    {
        int flags = 0;
        foreach (MachineNode item in list.AsList(names.Length))
        {
            int bit = Array.IndexOf(names, item.AsText());
            flags |= bit >= 0 ? 1 << bit : throw item.Expected($"one of {string.Join(", ", names)}");
        }

        return flags;
    }

    private static Dictionary<byte, byte[]> Lan(MachineNode? lan)
    {
        var parameters = new Dictionary<byte, byte[]> { [0] = [0] };
        if (lan is null)
        {
            return parameters;
        }

        _ = lan.Optional("channel");
        parameters[1] = [0x00];
        parameters[2] = [0, 0, 0, 0, 0];
        parameters[3] = Address(lan.Required("address"));
        parameters[4] = [lan.Optional("source")?.AsName(s_sources, 4) ?? 1];
        parameters[5] = Mac(lan.Required("mac"));
        parameters[6] = Address(lan.Required("mask"));
        parameters[12] = Address(lan.Required("gateway"));
        parameters[13] = new byte[6];
        int vlan = lan.Optional("vlan")?.AsInteger(1, 4094) ?? 0;
        parameters[20] = [(byte)vlan, (byte)((vlan >> 8) | (vlan == 0 ? 0 : 0x80))];
        parameters[21] = [lan.Optional("vlanPriority")?.AsByte(0, 7) ?? 0];
        parameters[22] = [2];
        parameters[23] = [0, 3, 17];
        parameters[24] = [0, 0x44, 0x04, 0, 0, 0, 0, 0, 0];
        lan.End();
        return parameters;
    }

    private static DcmiDescription? Dcmi(MachineNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var dcmi = new DcmiDescription(node.Required("powerSensor").AsText(), node.Optional("samplingSeconds")?.AsInteger(1, 3600) ?? 1);
        node.End();
        return dcmi;
    }

    private static byte[] Address(MachineNode node) =>
        IPAddress.TryParse(node.AsText(), out IPAddress? address) && address.GetAddressBytes() is { Length: 4 } bytes ? bytes : throw node.Expected("an IPv4 address");

    private static byte[] Mac(MachineNode node)
    {
        string digits = node.AsText().Replace(":", string.Empty, StringComparison.Ordinal);
        return digits.Length == 12 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : throw node.Expected("six bytes such as 02:00:5e:10:00:01");
    }

    private static byte[] Watchdog(MachineNode? node)
    {
        byte[] answer = new byte[8];
        if (node is not null)
        {
            (answer[0], answer[1], answer[2]) = (node.Required("use").AsByte(), node.Required("action").AsByte(), node.Optional("preTimeoutSeconds")?.AsByte() ?? 0);
            ushort countdown = (ushort)(node.Required("seconds").AsNumber(0, 6553) * 10);
            BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(4), countdown);
            BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(6), countdown);
            node.End();
        }

        return answer;
    }
}
