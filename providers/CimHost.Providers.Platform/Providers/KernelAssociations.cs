using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_PlatformSystemDevice: the computer and each device that this package tells.</summary>
[CimProvider(ClassNames.SystemDevice)]
[method: ImportingConstructor]
internal sealed class SystemDeviceProvider(
    IProviderHost host, SmbiosSource source, CpuTopology topology, Edac edac, PciDevices pci, NetworkPorts ports, OpticalModules modules, BlockDevices blocks, UsbDevices usb)
    : PairProvider("GroupComponent", "PartComponent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        CimObjectPath system = PlatformPaths.System(host, namespaceName);
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        string[] processors = [.. ProcessorProvider.Sockets(inventory).Select(inventory.NameOf)];
        if (processors.Length == 0)
        {
            processors = [.. (await topology.ReadAsync(cancellationToken)).Select(ProcessorProvider.IdOf)];
        }

        (string ClassName, string Id)[] devices =
        [
            .. processors.Select(p => (ClassNames.Processor, p)),
            .. inventory.OfKind<CacheInformation>().Where(c => c.InstalledSize > 0).Select(c => (ClassNames.CacheMemory, inventory.NameOf(c))),
            .. (await edac.ReadAsync(cancellationToken)).Select(e => (ClassNames.MemoryErrorCounter, e.Id)),
            .. (await pci.ReadAsync(cancellationToken)).Select(d => (ClassNames.PciDevice, d.Address)),
            .. usb.List().Select(d => (ClassNames.UsbDevice, d.Id)),
            .. (await ports.ReadAsync(cancellationToken)).Select(p => (ClassNames.EthernetPort, p.Id)),
            .. (await modules.ReadAsync(cancellationToken)).SelectMany(m => (m.Module?.Quantities ?? []).Select(q => (ClassNames.OpticalModuleSensor, OpticalModuleSensorProvider.IdOf(m.Port, q)))),
            .. (await blocks.ReadAsync(cancellationToken)).Select(b => (ClassNames.BlockDevice, b.Id)),
        ];
        bool hasMemory = await MemoryProvider.IsToldAsync(host.Hardware.Files, cancellationToken);
        return
        [
            .. devices.Select(d => (system, PlatformPaths.Device(host, namespaceName, d.ClassName, d.Id))),
            .. hasMemory ? [(system, PlatformPaths.Device(host, namespaceName, ClassNames.Memory, MemoryProvider.Id))] : Array.Empty<(CimObjectPath, CimObjectPath)>(),
        ];
    }
}

/// <summary>CimHost_RunningOS: the operating system of the computer.</summary>
[CimProvider(ClassNames.RunningOs)]
[method: ImportingConstructor]
internal sealed class RunningOsProvider(IProviderHost host) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<(CimObjectPath, CimObjectPath)>>([(OperatingSystemProvider.Path(host, namespaceName), PlatformPaths.System(host, namespaceName))]);
}

/// <summary>CimHost_HostedFileSystem: the file systems of the computer.</summary>
[CimProvider(ClassNames.HostedFileSystem)]
[method: ImportingConstructor]
internal sealed class HostedFileSystemProvider(IProviderHost host, FileSystems fileSystems) : PairProvider("GroupComponent", "PartComponent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        CimObjectPath system = PlatformPaths.System(host, namespaceName);
        return [.. (await fileSystems.ReadAsync(cancellationToken)).Where(LocalFileSystemProvider.IsTold).Select(m => (system, LocalFileSystemProvider.Path(host, namespaceName, m)))];
    }
}

/// <summary>CimHost_ResidesOnExtent: each file system and the block device that it is on, where /proc/mounts names one of /sys.</summary>
[CimProvider(ClassNames.ResidesOnExtent)]
[method: ImportingConstructor]
internal sealed class ResidesOnExtentProvider(IProviderHost host, FileSystems fileSystems, BlockDevices blocks) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        Dictionary<string, BlockDevice> devices = (await blocks.ReadAsync(cancellationToken)).ToDictionary(b => b.Name, StringComparer.Ordinal);
        var pairs = new List<(CimObjectPath, CimObjectPath)>();
        foreach (Mount mount in (await fileSystems.ReadAsync(cancellationToken)).Where(LocalFileSystemProvider.IsTold))
        {
            if (fileSystems.BlockDeviceOf(mount) is { } name && devices.TryGetValue(name, out BlockDevice? device))
            {
                pairs.Add((PlatformPaths.Device(host, namespaceName, ClassNames.BlockDevice, device.Id), LocalFileSystemProvider.Path(host, namespaceName, mount)));
            }
        }

        return pairs;
    }
}

/// <summary>CimHost_ElementStatisticalData: each network port and its statistics.</summary>
[CimProvider(ClassNames.ElementStatisticalData)]
[method: ImportingConstructor]
internal sealed class ElementStatisticalDataProvider(IProviderHost host, NetworkPorts ports) : PairProvider("ManagedElement", "Stats")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken) =>
    [
        .. (await ports.ReadAsync(cancellationToken)).Select(p => (
            PlatformPaths.Device(host, namespaceName, ClassNames.EthernetPort, p.Id),
            new CimObjectPath(ClassNames.EthernetPortStatistics, "InstanceID", EthernetPortStatisticsProvider.IdOf(p), namespaceName))),
    ];
}
