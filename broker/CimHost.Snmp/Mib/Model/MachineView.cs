using CimHost.Alerts;
using CimHost.Sdk.Cim;
using CimHost.Snmp.Mib.Persistence;

namespace CimHost.Snmp.Mib.Model;

/// <summary>The host as MIBs show it: what was read of the CIM model, with the numbers of the rows. Never changes.</summary>
internal sealed class MachineView
{
    private readonly Identities _identities;
    private readonly MibStore _store;

    /// <summary>A view of what was read.</summary>
    /// <exception cref="IOException">Numbers of new things could not be stored.</exception>
    public MachineView(CimSnapshot cim, string systemName, MibStore store, IAlertLog? alerts)
    {
        _identities = new Identities(systemName);
        _store = store;
        Cim = cim;
        SystemName = systemName;
        Entities = EntityTree.Build(cim, _identities, store);
        EntityByIdentity = Entities.ToDictionary(e => e.Identity, StringComparer.Ordinal);
        Sensors = [.. Entities.Select(e => e.Sensor).OfType<SensorView>()];
        Disks = [.. Entities.Where(e => e.Class == EntityClass.StorageDrive && e.Device is not null)];
        Smart = ReadSmart();
        Ports = ReadPorts();
        Worlds = Numbered(CimClasses.UserWorld, "world");
        ResourceGroups = Numbered(CimClasses.ResourceGroup, "group");
        Providers = Numbered(CimClasses.ProviderHealth, "provider");
        Packages = Numbered(CimClasses.ProviderPackage, "package");
        FileSystems = Numbered(CimClasses.LocalFileSystem, "filesystem");
        Processors = Numbered(CimClasses.Processor, DeviceKind);
        HostDisks = Numbered(CimClasses.DiskDrive, DeviceKind);
        HostPorts = Numbered(CimClasses.NetworkPort, DeviceKind);
        HostPci = Numbered(CimClasses.PCIDevice, DeviceKind);
        Firmware = Numbered(CimClasses.SoftwareIdentity, "software");
        Alerts = alerts?.Latest(MaxAlerts) ?? [];
    }

    /// <summary>When entities changed.</summary>
    public required EntityHistory History { get; init; }

    /// <summary>Most alerts that are shown.</summary>
    public const int MaxAlerts = 1000;

    private const string DeviceKind = "device";

    /// <summary>What was read.</summary>
    public CimSnapshot Cim { get; }

    /// <summary>Name of this host.</summary>
    public string SystemName { get; }

    /// <summary>Physical entities by number.</summary>
    public IReadOnlyList<EntityView> Entities { get; }

    /// <summary>Physical entities by identity.</summary>
    public IReadOnlyDictionary<string, EntityView> EntityByIdentity { get; }

    /// <summary>Sensors; they are entities too.</summary>
    public IReadOnlyList<SensorView> Sensors { get; }

    /// <summary>Disks; they are entities too.</summary>
    public IReadOnlyList<EntityView> Disks { get; }

    /// <summary>What disks tell of themselves.</summary>
    public IReadOnlyList<SmartView> Smart { get; }

    /// <summary>Network ports.</summary>
    public IReadOnlyList<PortView> Ports { get; }

    /// <summary>User worlds.</summary>
    public IReadOnlyList<NumberedView> Worlds { get; }

    /// <summary>Resource groups, one for each resource.</summary>
    public IReadOnlyList<NumberedView> ResourceGroups { get; }

    /// <summary>Providers in service.</summary>
    public IReadOnlyList<NumberedView> Providers { get; }

    /// <summary>Provider packages found.</summary>
    public IReadOnlyList<NumberedView> Packages { get; }

    /// <summary>File systems.</summary>
    public IReadOnlyList<NumberedView> FileSystems { get; }

    /// <summary>Processors, with hrDeviceIndex.</summary>
    public IReadOnlyList<NumberedView> Processors { get; }

    /// <summary>Disks, with hrDeviceIndex.</summary>
    public IReadOnlyList<NumberedView> HostDisks { get; }

    /// <summary>Network ports, with hrDeviceIndex.</summary>
    public IReadOnlyList<NumberedView> HostPorts { get; }

    /// <summary>PCI devices, with hrDeviceIndex.</summary>
    public IReadOnlyList<NumberedView> HostPci { get; }

    /// <summary>Firmware and software.</summary>
    public IReadOnlyList<NumberedView> Firmware { get; }

    /// <summary>Alerts, newest first.</summary>
    public IReadOnlyList<Alert> Alerts { get; }

    /// <summary>The operating system of the host; null when none tells of it.</summary>
    public CimInstance? OperatingSystem => Cim.Of(CimClasses.OperatingSystem).Count > 0 ? Cim.Of(CimClasses.OperatingSystem)[0] : null;

    /// <summary>Number of the entity that an instance is; 0 when it is none.</summary>
    public int EntityIndex(CimInstance instance) => EntityByIdentity.GetValueOrDefault(_identities.Of(instance))?.Index ?? 0;

    /// <summary>ifIndex of a network port; 0 when it is none.</summary>
    public int PortIndex(CimInstance port) => Ports.FirstOrDefault(p => ReferenceEquals(p.Port, port))?.Index ?? 0;

    private NumberedView[] Numbered(string className, string kind)
    {
        (CimInstance Instance, string Identity)[] found = [.. Cim.Of(className)
            .Select(i => (Instance: i, Identity: _identities.Of(i)))
            .Where(i => i.Identity.Length > 0)
            .DistinctBy(i => i.Identity)
            .OrderBy(i => i.Identity, StringComparer.Ordinal)];
        IReadOnlyDictionary<string, int> numbers = _store.Number(kind, found.Select(f => f.Identity));
        return [.. found.Where(f => numbers.ContainsKey(f.Identity)).Select(f => new NumberedView(numbers[f.Identity], f.Instance, Cim.IsOutdated(className, f.Instance)))];
    }

    private SmartView[] ReadSmart()
    {
        Dictionary<string, int> disks = [];
        foreach (EntityView disk in Disks)
        {
            disks.TryAdd(disk.Device!.Text("DeviceID") ?? string.Empty, disk.Index);
        }

        return [.. Numbered(CimClasses.SmartAttribute, "smart")
            .Select(a => new SmartView(disks.GetValueOrDefault(a.Instance.Text("DriveID") ?? string.Empty), a.Index, a.Instance))
            .Where(a => a.Disk > 0)];
    }

    private PortView[] ReadPorts()
    {
        Dictionary<string, CimInstance> statistics = [];
        foreach (CimInstance instance in Cim.Of(CimClasses.NetworkPortStatistics))
        {
            statistics.TryAdd(_identities.Of(instance), instance);
        }

        Dictionary<string, CimInstance> ofPort = [];
        foreach (CimInstance link in Cim.Of(CimClasses.ElementStatisticalData))
        {
            if (statistics.TryGetValue(_identities.OfReference(link, "Stats"), out CimInstance? found))
            {
                ofPort.TryAdd(_identities.OfReference(link, "ManagedElement"), found);
            }
        }

        return [.. Numbered(CimClasses.NetworkPort, "interface")
            .Select(p => new PortView(p.Index, p.Instance, ofPort.GetValueOrDefault(_identities.Of(p.Instance)), p.IsOutdated))];
    }
}
