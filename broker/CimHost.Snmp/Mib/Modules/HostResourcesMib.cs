using CimHost.Sdk.Cim;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>HOST-RESOURCES-MIB (RFC 2790): what CIM tells of the host. Loads of processors and sizes of file systems are not known to CIM here, and left out.</summary>
internal static class HostResourcesMib
{
    private const uint Processor = 3;
    private const uint Network = 4;
    private const uint DiskStorage = 6;
    private const uint OtherDevice = 1;
    private static readonly Oid s_host = new(1, 3, 6, 1, 2, 1, 25);
    private static readonly SnmpValue s_noProduct = SnmpValue.ObjectIdentifier(new Oid(0, 0));
    private static readonly MibSyntax s_product = MibSyntax.Of("HOST-RESOURCES-MIB", "ProductID", SnmpType.ObjectIdentifier);
    private static readonly MibSyntax s_kilobytes = MibSyntax.Of("HOST-RESOURCES-MIB", "KBytes", SnmpType.Integer32);

    /// <summary>The module.</summary>
    public static MibModule Module(MibFacts facts) => new("HOST-RESOURCES-MIB", s_host.Append(7, 1), "The host: memory, devices, programs",
    [
        new MibScalar(s_host.Append(1, 1), "hrSystemUptime", MibSyntax.TimeTicks, m => UpTime(facts, m)),
        new MibScalar(s_host.Append(1, 2), "hrSystemDate", MibSyntax.DateAndTime, () => Values.DateAndTime(facts.Time.GetLocalNow())),
        new MibScalar(s_host.Append(1, 6), "hrSystemProcesses", MibSyntax.Gauge32, m => Values.Gauge((ulong)m.Worlds.Count)),
        new MibScalar(s_host.Append(2, 2), "hrMemorySize", s_kilobytes, m => Values.Integer(m.OperatingSystem?.Number("TotalVisibleMemorySize"))),
        new MibTable<Storage>(s_host.Append(2, 3), "hrStorageTable", ["hrStorageIndex"], Storages, s => [(uint)s.Index])
            .Column(1, "hrStorageIndex", MibSyntax.Index, s => SnmpValue.Integer(s.Index))
            .Column(2, "hrStorageType", MibSyntax.AutonomousType, s => SnmpValue.ObjectIdentifier(s_host.Append(2, 1, s.Type)))
            .Column(3, "hrStorageDescr", MibSyntax.DisplayString, s => Values.Ascii(s.Description))
            .Column(4, "hrStorageAllocationUnits", MibSyntax.Index, s => SnmpValue.Integer(s.Unit))
            .Column(5, "hrStorageSize", MibSyntax.IndexOrZero, s => Values.Integer(s.Size))
            .Column(6, "hrStorageUsed", MibSyntax.IndexOrZero, s => Values.Integer(s.Used)),
        new MibTable<(NumberedView Device, uint Type)>(s_host.Append(3, 2), "hrDeviceTable", ["hrDeviceIndex"], Devices, d => [(uint)d.Device.Index])
            .Column(1, "hrDeviceIndex", MibSyntax.Index, d => SnmpValue.Integer(d.Device.Index))
            .Column(2, "hrDeviceType", MibSyntax.AutonomousType, d => SnmpValue.ObjectIdentifier(s_host.Append(3, 1, d.Type)))
            .Column(3, "hrDeviceDescr", MibSyntax.DisplayString, d => Values.Ascii(Describe(d.Device.Instance), 64))
            .Column(4, "hrDeviceID", s_product, _ => s_noProduct)
            .Column(5, "hrDeviceStatus", MibSyntax.Enumeration(("unknown", 1), ("running", 2), ("warning", 3), ("testing", 4), ("down", 5)), d => SnmpValue.Integer(Status(d.Device))),
        new MibTable<NumberedView>(s_host.Append(3, 3), "hrProcessorTable", ["hrDeviceIndex"], m => m.Processors, p => [(uint)p.Index])
            .Column(1, "hrProcessorFrwID", s_product, _ => s_noProduct)
            .Column(2, "hrProcessorLoad", MibSyntax.Integer32.Range(0, 100), p => Values.Integer(p.Instance.Number("LoadPercentage"))),
        new MibTable<(NumberedView Device, int Port)>(s_host.Append(3, 4), "hrNetworkTable", ["hrDeviceIndex"], m => m.HostPorts.Select(p => (p, m.PortIndex(p.Instance))), p => [(uint)p.Device.Index])
            .Column(1, "hrNetworkIfIndex", MibSyntax.IndexOrZero, p => SnmpValue.Integer(p.Port)),
        new MibTable<NumberedView>(s_host.Append(3, 6), "hrDiskStorageTable", ["hrDeviceIndex"], m => m.HostDisks, d => [(uint)d.Index])
            .Column(1, "hrDiskStorageAccess", MibSyntax.Enumeration(("readWrite", 1), ("readOnly", 2)), _ => SnmpValue.Integer(1))
            .Column(2, "hrDiskStorageMedia", MibSyntax.Enumeration(("other", 1), ("unknown", 2), ("hardDisk", 3)), _ => SnmpValue.Integer(3))
            .Column(3, "hrDiskStorageRemoveble", MibSyntax.TruthValue, _ => Values.Truth(false))
            .Column(4, "hrDiskStorageCapacity", s_kilobytes, d => Values.Integer((long?)(d.Instance.Unsigned("CapacityBytes") / 1024))),
        new MibTable<NumberedView>(s_host.Append(3, 8), "hrFSTable", ["hrFSIndex"], m => m.FileSystems, f => [(uint)f.Index])
            .Column(1, "hrFSIndex", MibSyntax.Index, f => SnmpValue.Integer(f.Index))
            .Column(2, "hrFSMountPoint", MibSyntax.DisplayString, f => Values.Ascii(f.Instance.FirstText("Root", "Name"), 128))
            .Column(3, "hrFSRemoteMountPoint", MibSyntax.DisplayString, _ => Values.Ascii(null))
            .Column(4, "hrFSType", MibSyntax.AutonomousType, f => SnmpValue.ObjectIdentifier(s_host.Append(3, 9, FileSystemType(f.Instance.Text("FileSystemType")))))
            .Column(5, "hrFSAccess", MibSyntax.Enumeration(("readWrite", 1), ("readOnly", 2)), f => SnmpValue.Integer(f.Instance.Truth("ReadOnly") == true ? 2 : 1))
            .Column(6, "hrFSBootable", MibSyntax.TruthValue, _ => Values.Truth(false))
            .Column(7, "hrFSStorageIndex", MibSyntax.IndexOrZero, _ => SnmpValue.Integer(0)),
        new MibTable<NumberedView>(s_host.Append(4, 2), "hrSWRunTable", ["hrSWRunIndex"], m => m.Worlds, w => [(uint)w.Index])
            .Column(1, "hrSWRunIndex", MibSyntax.Index, w => SnmpValue.Integer(w.Index))
            .Column(2, "hrSWRunName", MibSyntax.DisplayString, w => Values.Ascii(w.Instance.FirstText("Name", "ElementName"), 64))
            .Column(3, "hrSWRunID", s_product, _ => s_noProduct)
            .Column(4, "hrSWRunPath", MibSyntax.DisplayString, w => Values.Ascii(w.Instance.Text("ResourceGroup"), 128))
            .Column(5, "hrSWRunParameters", MibSyntax.DisplayString, _ => Values.Ascii(null))
            .Column(6, "hrSWRunType", MibSyntax.Enumeration(("unknown", 1), ("operatingSystem", 2), ("deviceDriver", 3), ("application", 4)), _ => SnmpValue.Integer(4))
            .Column(7, "hrSWRunStatus", MibSyntax.Enumeration(("running", 1), ("runnable", 2), ("notRunnable", 3), ("invalid", 4)), _ => SnmpValue.Integer(1)),
        new MibTable<NumberedView>(s_host.Append(5, 1), "hrSWRunPerfTable", ["hrSWRunIndex"], m => m.Worlds, w => [(uint)w.Index])
            .Column(1, "hrSWRunPerfCPU", MibSyntax.IndexOrZero, w => Values.Integer(w.Instance.Number("UserModeTime") / 10))
            .Column(2, "hrSWRunPerfMem", s_kilobytes, w => Values.Integer(w.Instance.Number("WorkingSetSize") / 1024)),
    ]);

    private static SnmpValue? UpTime(MibFacts facts, MachineView machine) => machine.OperatingSystem?.Time("LastBootUpTime") is { } boot
        ? SnmpValue.TimeTicks(unchecked((uint)(long)((facts.Time.GetUtcNow() - boot).TotalMilliseconds / 10)))
        : null;

    private static IEnumerable<Storage> Storages(MachineView machine)
    {
        if (machine.OperatingSystem is not { } os)
        {
            yield break;
        }

        // hrStorageRam is 2 and hrStorageVirtualMemory 3 below hrStorageTypes; the numbers of the rows are as fixed as the kinds.
        if (os.Number("TotalVisibleMemorySize") is { } memory)
        {
            yield return new Storage(1, 2, "Physical memory", 1024, memory, memory - os.Number("FreePhysicalMemory"));
        }

        if (os.Number("SizeStoredInPagingFiles") is { } swap)
        {
            yield return new Storage(2, 3, "Swap space", 1024, swap, swap - os.Number("FreeSpaceInPagingFiles"));
        }
    }

    private static IEnumerable<(NumberedView Device, uint Type)> Devices(MachineView machine) =>
    [
        .. machine.Processors.Select(d => (d, Processor)), .. machine.HostDisks.Select(d => (d, DiskStorage)), .. machine.HostPorts.Select(d => (d, Network)),
        .. machine.HostPci.Select(d => (d, OtherDevice)),
    ];

    private static string Describe(CimInstance device) => device.FirstText("Model", "DeviceName", "ElementName", "Caption", "Description", "DeviceID") ?? device.ClassName;

    private static int Status(NumberedView device) => device.IsOutdated ? 1 : device.Instance.Number("HealthState") switch
    {
        5 => 2,
        10 or 15 => 3,
        20 or 25 or 30 => 5,
        _ => device.Instance.Number("EnabledState") == 2 ? 2 : 1,
    };

    // hrFSTypes that Linux mounts; other(1) for what the RFC does not know.
    private static uint FileSystemType(string? name) => name switch
    {
        "vfat" or "msdos" => 5,
        "ntfs" => 9,
        "iso9660" => 12,
        "nfs" or "nfs4" => 14,
        "ext2" or "ext3" or "ext4" => 23,
        _ => 1,
    };

    /// <summary>A row of hrStorageTable.</summary>
    private sealed record Storage(int Index, uint Type, string Description, int Unit, long? Size, long? Used);
}
