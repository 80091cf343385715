using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>Reads the description of an enclosure.</summary>
internal static class EnclosureReader
{
    // Element types of SES-3 table 71.
    private static readonly Dictionary<string, byte> s_types = new(StringComparer.Ordinal)
    {
        ["slot"] = 0x17, ["device"] = 0x01, ["powerSupply"] = 0x02, ["fan"] = 0x03, ["temperature"] = 0x04, ["voltage"] = 0x12, ["current"] = 0x13,
    };

    private static readonly Dictionary<string, byte> s_status = new(StringComparer.Ordinal)
    {
        ["unsupported"] = 0, ["ok"] = 1, ["critical"] = 2, ["nonCritical"] = 3, ["unrecoverable"] = 4, ["notInstalled"] = 5, ["unknown"] = 6, ["notAvailable"] = 7,
    };

    public static EnclosureDescription Read(MachineNode node) => new()
    {
        Name = node.Required("name").AsText(32),
        Location = node.Required("location").AsText(64),
        Model = node.Required("model").AsText(16),
        SerialNumber = node.Required("serialNumber").AsText(32),
        Firmware = node.Required("firmware").AsText(4),
        Groups = DiskReader.List(node, "elements", Group, 32),
    };

    private static ElementGroup Group(MachineNode node)
    {
        byte type = node.Required("type").AsName(s_types);
        return new ElementGroup(type, node.Optional("text")?.AsText(64) ?? string.Empty, DiskReader.List(node, "items", item => Element(item, type), 120));
    }

    private static EnclosureElement Element(MachineNode node, byte type)
    {
        byte[] status = new byte[4];
        status[0] = node.Required("status").AsName(s_status, 7);
        if (node.Optional("predictedFailure")?.AsBoolean() == true)
        {
            status[0] |= 0x40;
        }

        switch (type)
        {
            case 0x03:
                // Cooling: actual fan speed in units of 10 rpm, bits 10:8 in byte 1 (SES-3 §7.3.5).
                int speed = (node.Optional("rpm")?.AsInteger(0, 20_470) ?? 0) / 10;
                (status[1], status[2]) = ((byte)(speed >> 8), (byte)speed);
                status[3] = node.Optional("speedCode")?.AsByte(0, 7) ?? 0;
                break;
            case 0x04:
                // Temperature: offset of 20 °C (§7.3.6).
                status[2] = (byte)((node.Optional("celsius")?.AsInteger(-19, 235) ?? -20) + 20);
                break;
            case 0x12:
                Put(status, node.Optional("volts"));
                break;
            case 0x13:
                Put(status, node.Optional("amperes"));
                break;
            case 0x17 or 0x01:
                status[2] = (byte)(node.Optional("identify")?.AsBoolean() == true ? 0x02 : 0);
                status[3] = (byte)(node.Optional("fault")?.AsBoolean() == true ? 0x20 : 0);
                break;
            default:
                status[3] = node.Optional("bits")?.AsByte() ?? 0;
                break;
        }

        return new EnclosureElement(node.Optional("name")?.AsText(64) ?? string.Empty, status, DiskReader.Wide(node.Optional("sasAddress")));
    }

    // Voltage and current in hundredths, signed (§7.3.19, §7.3.20).
    private static void Put(byte[] status, MachineNode? value)
    {
        short hundredths = (short)Math.Round((value?.AsNumber(-327, 327) ?? 0) * 100);
        (status[2], status[3]) = ((byte)(hundredths >> 8), (byte)hundredths);
    }
}
