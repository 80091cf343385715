using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Realizes: the processor in its socket and the module whose errors are counted, with the devices that they are.</summary>
[CimProvider(ClassNames.Realizes)]
[method: ImportingConstructor]
internal sealed class RealizesProvider(IProviderHost host, SmbiosSource source, Edac edac) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        var pairs = new List<(CimObjectPath, CimObjectPath)>();
        foreach (string name in ProcessorProvider.Sockets(inventory).Select(inventory.NameOf))
        {
            pairs.Add((
                PlatformPaths.Physical(namespaceName, ClassNames.ProcessorPackage, name),
                PlatformPaths.Device(host, namespaceName, ClassNames.Processor, name)));
        }

        bool hasMemory = host.Hardware.Files.FileExists("/proc/meminfo");
        IReadOnlyList<EdacModule> entries = await edac.ReadAsync(cancellationToken);
        foreach (MemoryDevice module in inventory.OfKind<MemoryDevice>().Where(m => m.IsPopulated))
        {
            CimObjectPath physical = PlatformPaths.Physical(namespaceName, ClassNames.PhysicalMemory, inventory.NameOf(module));
            pairs.AddRange(entries.Where(e => MemoryHealth.IsOf(e, module)).Select(e => (physical, PlatformPaths.Device(host, namespaceName, ClassNames.MemoryErrorCounter, e.Id))));
            if (hasMemory && module.Size > 0)
            {
                pairs.Add((physical, PlatformPaths.Device(host, namespaceName, ClassNames.Memory, MemoryProvider.Id)));
            }
        }

        return pairs;
    }
}

/// <summary>CimHost_Container: what the chassis and the boards hold.</summary>
[CimProvider(ClassNames.Container)]
[method: ImportingConstructor]
internal sealed class ContainerProvider(SmbiosSource source) : PairProvider("GroupComponent", "PartComponent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        var pairs = new List<(CimObjectPath, CimObjectPath)>();
        Enclosure? onlyChassis = inventory.OfKind<Enclosure>().ToArray() is [var one] ? one : null;
        foreach (Baseboard board in inventory.OfKind<Baseboard>())
        {
            CimObjectPath boardPath = Path(namespaceName, inventory, board)!;
            if ((inventory.Find<Enclosure>(board.ChassisHandle) ?? onlyChassis) is { } chassis)
            {
                pairs.Add((Path(namespaceName, inventory, chassis)!, boardPath));
            }

            foreach (SmbiosRecord part in board.ContainedHandles.SelectMany(h => PartsOf(inventory, h)))
            {
                if (Path(namespaceName, inventory, part) is { } path && !path.Equals(boardPath))
                {
                    pairs.Add((boardPath, path));
                }
            }
        }

        if (onlyChassis is not null)
        {
            CimObjectPath chassis = Path(namespaceName, inventory, onlyChassis)!;
            pairs.AddRange(inventory.OfKind<PowerSupplyInformation>().Where(p => p.IsPresent).Select(p => (chassis, Path(namespaceName, inventory, p)!)));
        }

        return [.. pairs.DistinctBy(p => (p.Item1.ToString(), p.Item2.ToString()))];
    }

    // A board that holds a memory array holds its modules.
    private static IEnumerable<SmbiosRecord> PartsOf(SmbiosInventory inventory, ushort handle) => inventory.Find<SmbiosRecord>(handle) switch
    {
        null => [],
        PhysicalMemoryArray array => inventory.OfKind<MemoryDevice>().Where(m => m.ArrayHandle == array.Handle && m.IsPopulated),
        { } part => [part],
    };

    private static CimObjectPath? Path(string namespaceName, SmbiosInventory inventory, SmbiosRecord record)
    {
        string? className = record switch
        {
            Enclosure => ClassNames.Chassis,
            Baseboard => ClassNames.Card,
            ProcessorInformation { IsPopulated: true } => ClassNames.ProcessorPackage,
            MemoryDevice { IsPopulated: true } => ClassNames.PhysicalMemory,
            SystemSlot => ClassNames.Slot,
            PortConnector => ClassNames.PhysicalConnector,
            PowerSupplyInformation { IsPresent: true } => ClassNames.PowerSupplyPackage,
            _ => null,
        };
        return className is null ? null : PlatformPaths.Physical(namespaceName, className, inventory.NameOf(record));
    }
}

/// <summary>CimHost_ComputerSystemPackage: the chassis of the computer.</summary>
[CimProvider(ClassNames.ComputerSystemPackage)]
[method: ImportingConstructor]
internal sealed class ComputerSystemPackageProvider(IProviderHost host, SmbiosSource source) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        CimObjectPath system = PlatformPaths.System(host, namespaceName);
        return [.. inventory.OfKind<Enclosure>().Select(e => (PlatformPaths.Physical(namespaceName, ClassNames.Chassis, inventory.NameOf(e)), system))];
    }
}

/// <summary>CimHost_AssociatedCacheMemory: each processor and its caches.</summary>
[CimProvider(ClassNames.AssociatedCacheMemory)]
[method: ImportingConstructor]
internal sealed class AssociatedCacheMemoryProvider(IProviderHost host, SmbiosSource source) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken)
    {
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        var pairs = new List<(CimObjectPath, CimObjectPath)>();
        foreach (ProcessorInformation processor in ProcessorProvider.Sockets(inventory))
        {
            foreach (ushort? handle in new[] { processor.L1CacheHandle, processor.L2CacheHandle, processor.L3CacheHandle })
            {
                if (inventory.Find<CacheInformation>(handle) is { InstalledSize: > 0 } cache)
                {
                    pairs.Add((
                        PlatformPaths.Device(host, namespaceName, ClassNames.CacheMemory, inventory.NameOf(cache)),
                        PlatformPaths.Device(host, namespaceName, ClassNames.Processor, inventory.NameOf(processor))));
                }
            }
        }

        return [.. pairs.DistinctBy(p => (p.Item1.ToString(), p.Item2.ToString()))];
    }
}
