using System.Globalization;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>Reads the files of <c>disks/</c>: one JSON file per device.</summary>
internal static class DiskReader
{
    private const int MostEntries = 256;
    private static readonly string[] s_counters =
        ["dataUnitsRead", "dataUnitsWritten", "hostReads", "hostWrites", "busyMinutes", "powerCycles", "powerOnHours", "unsafeShutdowns", "mediaErrors", "errorEntries"];

    /// <exception cref="MachineFileException">The file is wrong; the message says where and what was expected.</exception>
    public static DiskDescription Read(MachineNode node)
    {
        MachineNode kind = node.Required("kind");
        DiskDescription disk = kind.AsText() switch
        {
            "ata" => Ata(node),
            "nvme" => Nvme(node),
            "scsi" => Scsi(node),
            "enclosure" => EnclosureReader.Read(node),
            _ => throw kind.Expected("one of ata, nvme, scsi, enclosure"),
        };
        disk = Common(node, disk);
        node.End();
        return disk;
    }

    /// <summary>A whole number of up to 128 bits, in decimal or as hexadecimal text.</summary>
    public static UInt128 Number(MachineNode? node, UInt128 most)
    {
        if (node is null)
        {
            return 0;
        }

        UInt128 value = default;
        bool good = node.Kind switch
        {
            MachineNodeKind.Number => UInt128.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
            MachineNodeKind.Text when node.Text.StartsWith("0x", StringComparison.Ordinal) =>
                UInt128.TryParse(node.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value),
            MachineNodeKind.Text => UInt128.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        return good && value <= most ? value : throw node.Expected($"a whole number from 0 to {most}, or \"0x…\"");
    }

    public static ulong Wide(MachineNode? node) => (ulong)Number(node, ulong.MaxValue);

    public static uint? Counter(MachineNode? node) => node is null ? null : (uint)Number(node, uint.MaxValue);

    private static DiskDescription Common(MachineNode node, DiskDescription disk) => disk with
    {
        Vendor = node.Optional("vendor")?.AsText(8) ?? string.Empty,
        Wwn = Wide(node.Optional("wwn")),
        CapacityBytes = Wide(node.Optional("capacityBytes")),
        LogicalBlock = node.Optional("logicalBlock")?.AsInteger(512, 65_536) ?? 512,
        PhysicalBlock = node.Optional("physicalBlock")?.AsInteger(512, 65_536) ?? node.Optional("logicalBlock")?.AsInteger(512, 65_536) ?? 512,
        RotationRate = node.Optional("rotationRate")?.AsInteger(0, 65_534) ?? 0,
        SelfTestSeconds = node.Optional("selfTestSeconds")?.AsInteger(1, 86_400) ?? 60,
        PowerMode = PowerMode(node.Optional("powerMode")),
        SelfTests = List(node, "selfTests", test => new SelfTestDescription(
            test.Required("type").AsByte(), test.Required("result").AsByte(), (uint)test.Required("hours").AsInteger(0, int.MaxValue), test.Optional("lba") is { } lba ? Wide(lba) : null)),
    };

    private static string PowerMode(MachineNode? node) => node?.AsText() switch
    {
        null => "active",
        "active" or "idle" or "standby" => node.Text,
        _ => throw node.Expected("one of active, idle, standby"),
    };

    private static AtaDescription Ata(MachineNode node)
    {
        MachineNode? smart = node.Optional("smart");
        MachineNode? sct = node.Optional("temperature");
        var disk = new AtaDescription
        {
            Name = node.Required("name").AsText(32),
            Location = node.Required("location").AsText(64),
            Model = node.Required("model").AsText(40),
            SerialNumber = node.Required("serialNumber").AsText(20),
            Firmware = node.Required("firmware").AsText(8),
            GeneralPurposeLogging = node.Optional("generalPurposeLogging")?.AsBoolean() ?? true,
            SmartEnabled = smart?.Optional("enabled")?.AsBoolean() ?? true,
            Failing = smart?.Optional("failing")?.AsBoolean() ?? false,
            ConveyanceTest = smart?.Optional("conveyanceTest")?.AsBoolean() ?? false,
            Attributes = List(smart, "attributes", Attribute, 30),
            Errors = List(smart, "errors", Error, 5),
            ErrorCount = smart?.Optional("errorCount")?.AsInteger(0, 65_535) ?? 0,
            Statistics = List(node, "statistics", s => new AtaStatistic(
                s.Required("page").AsByte(1, 7), (ushort)s.Required("offset").AsInteger(8, 504), Wide(s.Required("value")), s.Optional("flags")?.AsByte() ?? 0xC0)),
            Temperature = sct is null ? null : new AtaTemperature(
                Celsius(sct.Required("current")), Celsius(sct.Required("minimum")), Celsius(sct.Required("maximum")), Celsius(sct.Required("lifetimeMinimum")), Celsius(sct.Required("lifetimeMaximum"))),
        };
        smart?.End();
        sct?.End();
        return disk;
    }

    private static sbyte Celsius(MachineNode node) => (sbyte)node.AsInteger(-128, 127);

    private static AtaAttribute Attribute(MachineNode node)
    {
        MachineNode raw = node.Required("raw");
        byte[] bytes = new byte[6];
        if (raw.Kind == MachineNodeKind.Text && !raw.Text.StartsWith("0x", StringComparison.Ordinal))
        {
            bytes = raw.AsBytes(6, 6);
        }
        else
        {
            ulong value = (ulong)Number(raw, 0xFFFF_FFFF_FFFF);
            for (int i = 0; i < 6; i++)
            {
                bytes[i] = (byte)(value >> (8 * i));
            }
        }

        byte normalized = node.Optional("value")?.AsByte() ?? 100;
        return new AtaAttribute(
            node.Required("id").AsByte(1, 255),
            (ushort)(node.Optional("flags")?.AsInteger(0, 0xFFFF) ?? 0x32),
            normalized,
            node.Optional("worst")?.AsByte() ?? normalized,
            node.Optional("threshold")?.AsByte() ?? 0,
            bytes);
    }

    private static AtaError Error(MachineNode node) => new(
        (ushort)node.Required("hours").AsInteger(0, 65_535),
        node.Required("error").AsByte(),
        node.Optional("status")?.AsByte() ?? 0x51,
        (ushort)(node.Optional("count")?.AsInteger(0, 65_535) ?? 0),
        (ulong)Number(node.Optional("lba"), 0xFFFF_FFFF_FFFF),
        node.Optional("command")?.AsByte() ?? 0x60);

    private static NvmeDescription Nvme(MachineNode node)
    {
        MachineNode health = node.Required("health");
        var disk = new NvmeDescription
        {
            Name = node.Required("name").AsText(32),
            Location = node.Required("location").AsText(64),
            Model = node.Required("model").AsText(40),
            SerialNumber = node.Required("serialNumber").AsText(20),
            Firmware = node.Required("firmware").AsText(8),
            VendorId = (ushort)(node.Optional("vendorId")?.AsInteger(0, 0xFFFF) ?? 0),
            Eui64 = Wide(node.Optional("eui64")),
            Nguid = node.Optional("nguid")?.AsBytes(16, 16) ?? new byte[16],
            WarningTemperature = node.Optional("warningTemperature")?.AsInteger(0, 1000) ?? 0,
            CriticalTemperature = node.Optional("criticalTemperature")?.AsInteger(0, 1000) ?? 0,
            Health = Health(health),
            Errors = List(node, "errors", e => new NvmeError(
                Wide(e.Required("count")), (ushort)(e.Optional("queue")?.AsInteger(0, 65_535) ?? 0), (ushort)(e.Optional("command")?.AsInteger(0, 65_535) ?? 0),
                (ushort)e.Required("status").AsInteger(0, 65_535), (ushort)(e.Optional("location")?.AsInteger(0, 65_535) ?? 0xFFFF), Wide(e.Optional("lba")), Counter(e.Optional("namespace")) ?? 1), 64),
            FirmwareSlots = List(node, "firmwareSlots", s => s.AsText(8), 7),
            ActiveSlot = node.Optional("activeSlot")?.AsByte(1, 7) ?? 1,
            NextSlot = node.Optional("nextSlot")?.AsByte(0, 7) ?? 0,
            SupportsSelfTest = node.Optional("supportsSelfTest")?.AsBoolean() ?? true,
            EnduranceGroups = List(node, "enduranceGroups", g => new NvmeEnduranceGroup(
                (ushort)g.Required("id").AsInteger(1, 65_535), g.Optional("criticalWarning")?.AsByte() ?? 0, g.Required("availableSpare").AsByte(),
                g.Optional("spareThreshold")?.AsByte() ?? 10, g.Required("percentageUsed").AsByte(), Number(g.Optional("dataUnitsWritten"), UInt128.MaxValue)), 8),
        };
        health.End();
        return disk;
    }

    private static NvmeHealth Health(MachineNode node) => new()
    {
        CriticalWarning = node.Optional("criticalWarning")?.AsByte() ?? 0,
        Temperature = node.Required("temperature").AsInteger(-273, 1000),
        AvailableSpare = node.Optional("availableSpare")?.AsByte() ?? 100,
        SpareThreshold = node.Optional("spareThreshold")?.AsByte() ?? 10,
        PercentageUsed = node.Optional("percentageUsed")?.AsByte() ?? 0,
        EnduranceWarning = node.Optional("enduranceWarning")?.AsByte() ?? 0,
        Counters = [.. s_counters.Select(name => Number(node.Optional(name), UInt128.MaxValue))],
        WarningMinutes = Counter(node.Optional("warningMinutes")) ?? 0,
        CriticalMinutes = Counter(node.Optional("criticalMinutes")) ?? 0,
        Sensors = List(node, "sensors", s => s.AsInteger(-273, 1000), 8),
    };

    private static ScsiDescription Scsi(MachineNode node) => new()
    {
        Name = node.Required("name").AsText(32),
        Location = node.Required("location").AsText(64),
        Model = node.Required("model").AsText(16),
        SerialNumber = node.Required("serialNumber").AsText(32),
        Firmware = node.Required("firmware").AsText(4),
        Temperature = node.Optional("temperature")?.AsInteger(0, 254),
        TripTemperature = node.Optional("tripTemperature")?.AsInteger(0, 254),
        ExceptionCode = node.Optional("exceptionCode")?.AsByte() ?? 0,
        ExceptionQualifier = node.Optional("exceptionQualifier")?.AsByte() ?? 0,
        ErrorCounters = List(node, "errorCounters", page => page.AsList(7).Select(n => Wide(n)).ToArray(), 3),
        NonMediumErrors = node.Optional("nonMediumErrors") is { } errors ? Wide(errors) : null,
        GrownDefects = Counter(node.Optional("grownDefects")),
        PrimaryDefects = Counter(node.Optional("primaryDefects")),
        PercentageUsed = node.Optional("percentageUsed")?.AsByte(),
        PowerOnMinutes = Counter(node.Optional("powerOnMinutes")),
        BackgroundScanStatus = node.Optional("backgroundScanStatus")?.AsByte() ?? 0,
        StartStopCycles = Counter(node.Optional("startStopCycles")),
        LoadUnloadCycles = Counter(node.Optional("loadUnloadCycles")),
        SpecifiedStartStops = Counter(node.Optional("specifiedStartStops")) ?? 0,
        SpecifiedLoadUnloads = Counter(node.Optional("specifiedLoadUnloads")) ?? 0,
        Manufactured = node.Optional("manufactured")?.AsText(6) ?? string.Empty,
        Phys = List(node, "phys", p => Wide(p), 4),
    };

    internal static List<T> List<T>(MachineNode? node, string name, Func<MachineNode, T> read, int most = MostEntries)
    {
        var entries = new List<T>();
        foreach (MachineNode item in (node?.Optional(name)?.AsList(most) ?? []).SelectMany(NodeTemplate.Expand))
        {
            if (entries.Count >= most)
            {
                throw item.Wrong($"there are more than {most}.");
            }

            entries.Add(read(item));
            if (item.Kind == MachineNodeKind.Object)
            {
                item.End();
            }
        }

        return entries;
    }
}
