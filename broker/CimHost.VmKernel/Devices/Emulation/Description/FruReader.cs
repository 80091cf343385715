using System.Buffers.Binary;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>
/// Reads one file of bmc/fru/ and builds the inventory area that it describes (IPMI Platform Management FRU Information Storage
/// Definition 1.0 rev 1.3): common header, chassis, board and product areas, multi-record area.
/// </summary>
internal static class FruReader
{
    private static readonly DateTimeOffset s_epoch = new(1996, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static FruDescription Read(MachineNode node)
    {
        byte device = node.Required("device").AsByte(0, 254);
        byte[]? locator = null;
        EntityReference entity = EntityReference.Read(node.Required("entity"));
        byte[] name = TypeLengthField.Read(node.Required("name"), 16);
        if (node.Optional("locator")?.AsBoolean() ?? true)
        {
            // §43.8: a logical FRU device behind the BMC (20h), device type 10h.
            locator = [0x20, device, 0x80, 0x00, 0x00, 0x10, 0x00, entity.Id, entity.Instance, 0x00, .. name];
        }

        (byte[] stored, bool words) = Inventory(node);
        node.End();
        return new FruDescription(device, locator, stored, words);
    }

    /// <summary>The inventory of a FRU device: its bytes, or the areas from which they are made, and whether it is read by words.</summary>
    public static (byte[] Image, bool ByWords) Inventory(MachineNode node)
    {
        byte[] image = node.Optional("image")?.AsBytes(8, 65_528) ?? Image(node);
        int size = node.Optional("size")?.AsInteger(8, 65_528) ?? (image.Length + 255) / 256 * 256;
        if (image.Length > size)
        {
            throw node.Required("size").Expected($"at least {image.Length}, which the areas take");
        }

        byte[] stored = new byte[size];
        image.CopyTo(stored, 0);
        return (stored, node.Optional("wordAccess")?.AsBoolean() ?? false);
    }

    private static byte[] Image(MachineNode node)
    {
        byte[] header = [1, 0, 0, 0, 0, 0, 0, 0];
        var image = new List<byte>(header);
        Append(1, node.Optional("internalUse") is { } internalUse ? Padded([1, .. internalUse.AsBytes(1, 1024)], checksum: false) : null);
        Append(2, node.Optional("chassis") is { } chassis ? Chassis(chassis) : null);
        Append(3, node.Optional("board") is { } board ? Board(board) : null);
        Append(4, node.Optional("product") is { } product ? Product(product) : null);
        Append(5, node.Optional("multiRecords") is { } records ? MultiRecords(records) : null);
        byte[] bytes = [.. image];
        header.CopyTo(bytes, 0);
        bytes[7] = Checksum(bytes.AsSpan(0, 7));
        return bytes;

        void Append(int position, byte[]? area)
        {
            if (area is null)
            {
                return;
            }

            if (image.Count > 255 * 8)
            {
                throw node.Wrong("the areas are too long; expected each to begin within the first 2040 bytes.");
            }

            header[position] = (byte)(image.Count / 8);
            image.AddRange(area);
        }
    }

    private static byte[] Chassis(MachineNode node)
    {
        byte type = node.Required("type").AsName(IpmiNames.ChassisTypes);
        return Area(node, [1, 0, type], "partNumber", "serialNumber");
    }

    private static byte[] Board(MachineNode node)
    {
        int minutes = (int)((node.Optional("manufactured")?.AsTime() ?? s_epoch) - s_epoch).TotalMinutes;
        if (minutes > 0xFFFFFF)
        {
            throw node.Required("manufactured").Expected("a time before 2027-11-24, the last one that the field holds");
        }

        byte language = node.Optional("language")?.AsByte(0, 136) ?? 25;
        return Area(node, [1, 0, language, (byte)minutes, (byte)(minutes >> 8), (byte)(minutes >> 16)], "manufacturer", "product", "serialNumber", "partNumber", "fruFileId");
    }

    private static byte[] Product(MachineNode node)
    {
        byte language = node.Optional("language")?.AsByte(0, 136) ?? 25;
        return Area(node, [1, 0, language], "manufacturer", "name", "partNumber", "version", "serialNumber", "assetTag", "fruFileId");
    }

    private static byte[] Area(MachineNode node, List<byte> area, params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
        {
            if (node.Optional(field) is { } value)
            {
                area.AddRange(TypeLengthField.Read(value, 63));
            }
            else
            {
                area.Add(0xC0);
            }
        }

        foreach (MachineNode custom in node.Optional("custom")?.AsList(16) ?? [])
        {
            area.AddRange(TypeLengthField.Read(custom, 63));
        }

        area.Add(0xC1);
        node.End();
        byte[] bytes = Padded([.. area], checksum: true);
        return bytes.Length <= 255 * 8 ? bytes : throw node.Wrong("the area takes more than 2040 bytes.");
    }

    /// <summary>Fills an area up to a multiple of eight bytes and sets its length and its checksum.</summary>
    private static byte[] Padded(byte[] area, bool checksum)
    {
        byte[] bytes = new byte[(area.Length + (checksum ? 1 : 0) + 7) / 8 * 8];
        area.CopyTo(bytes, 0);
        if (checksum)
        {
            bytes[1] = (byte)(bytes.Length / 8);
            bytes[^1] = Checksum(bytes.AsSpan(0, bytes.Length - 1));
        }

        return bytes;
    }

    private static byte[] MultiRecords(MachineNode list)
    {
        IReadOnlyList<MachineNode> records = list.AsList(32);
        var area = new List<byte>();
        for (int i = 0; i < records.Count; i++)
        {
            (byte type, byte[] data) = MultiRecord(records[i]);
            records[i].End();
            byte[] header = [type, (byte)(0x02 | (i == records.Count - 1 ? 0x80 : 0)), (byte)data.Length, Checksum(data), 0];
            header[4] = Checksum(header.AsSpan(0, 4));
            area.AddRange(header);
            area.AddRange(data);
        }

        return area.Count > 0 ? Padded([.. area], checksum: false) : throw list.Expected("at least one record");
    }

    private static (byte Type, byte[] Data) MultiRecord(MachineNode node)
    {
        MachineNode type = node.Required("type");
        return type.Kind == MachineNodeKind.Text && !type.Text.StartsWith("0x", StringComparison.Ordinal)
            ? type.Text switch
            {
                "powerSupply" => ((byte)0x00, PowerSupply(node)),
                "dcOutput" => ((byte)0x01, DcOutput(node)),
                "dcLoad" => ((byte)0x02, DcOutput(node)),
                "managementAccess" => ((byte)0x03, (byte[])[node.Required("subType").AsByte(1, 7), .. System.Text.Encoding.Latin1.GetBytes(node.Required("text").AsText(200))]),
                _ => throw type.Expected("powerSupply, dcOutput, dcLoad, managementAccess or the number of a record type"),
            }
            : (type.AsByte(), node.Required("data").AsBytes(1, 255));
    }

    /// <summary>Power supply information, §18.1, 24 bytes.</summary>
    private static byte[] PowerSupply(MachineNode node)
    {
        byte[] data = new byte[24];
        Word(data, 0, node.Required("capacityWatts").AsInteger(0, 4095));
        Word(data, 2, node.Optional("peakVoltAmperes")?.AsInteger(0, 0xFFFE) ?? 0xFFFF);
        data[4] = node.Optional("inrushAmperes")?.AsByte(0, 254) ?? 0xFF;
        data[5] = node.Optional("inrushMs")?.AsByte() ?? 0;
        Range(node.Required("inputVolts"), data, 6);
        if (node.Optional("inputVolts2") is { } second)
        {
            Range(second, data, 10);
        }

        if (node.Optional("inputHertz") is { } hertz)
        {
            (data[14], data[15]) = (hertz.Required("min").AsByte(), hertz.Required("max").AsByte());
            hertz.End();
        }

        data[16] = node.Optional("dropoutMs")?.AsByte() ?? 0;
        string[] flags = ["predictiveFailure", "powerFactorCorrection", "autoswitch", "hotSwap", "twoPulsesPerRotation"];
        for (int i = 0; i < flags.Length; i++)
        {
            data[17] |= (byte)((node.Optional(flags[i])?.AsBoolean() ?? false) ? 1 << i : 0);
        }

        Word(data, 18, (node.Optional("holdUpSeconds")?.AsInteger(0, 15) ?? 0) << 12 | (node.Optional("peakWatts")?.AsInteger(0, 4095) ?? 0));
        if (node.Optional("combined") is { } combined)
        {
            data[20] = (byte)((combined.Required("voltage1").AsInteger(0, 15) << 4) | combined.Required("voltage2").AsInteger(0, 15));
            Word(data, 21, combined.Required("watts").AsInteger(0, 0xFFFF));
            combined.End();
        }

        data[23] = node.Optional("tachometerLowerThreshold")?.AsByte() ?? 0;
        return data;
    }

    /// <summary>DC output and DC load, §18.2 and §18.3: one layout, 13 bytes.</summary>
    private static byte[] DcOutput(MachineNode node)
    {
        byte[] data = new byte[13];
        data[0] = (byte)(node.Required("output").AsByte(0, 15) | ((node.Optional("standby")?.AsBoolean() ?? false) ? 0x80 : 0));
        Word(data, 1, Hundredths(node.Required("nominalVolts")));
        Word(data, 3, Hundredths(node.Required("minVolts")));
        Word(data, 5, Hundredths(node.Required("maxVolts")));
        Word(data, 7, node.Optional("rippleMillivolts")?.AsInteger(0, 0xFFFF) ?? 0);
        Word(data, 9, node.Required("minMilliamperes").AsInteger(0, 0xFFFF));
        Word(data, 11, node.Required("maxMilliamperes").AsInteger(0, 0xFFFF));
        return data;
    }

    private static void Range(MachineNode node, byte[] data, int at)
    {
        Word(data, at, Hundredths(node.Required("min")));
        Word(data, at + 2, Hundredths(node.Required("max")));
        node.End();
    }

    private static int Hundredths(MachineNode node) => (int)Math.Round(node.AsNumber(-327, 655) * 100);

    private static void Word(byte[] data, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(at), (ushort)value);

    /// <summary>The byte that makes the sum zero.</summary>
    private static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return (byte)-sum;
    }
}
