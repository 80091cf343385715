using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Providers;
using CimHost.Providers.Platform.Rollup;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using CimHost.TestBed;

namespace CimHost.Providers.Platform.Tests;

/// <summary>The package's providers over a fake host, put together as the container does.</summary>
internal sealed class PlatformPackage
{
    private static readonly Lazy<CimTestSchema> s_schema = new(() => CimTestSchema.Compile(
        "root/cimv2",
        RepositoryRoot.PathOf("broker/CimHost.ObjectManager/Schema/Mof"),
        RepositoryRoot.PathOf("providers/CimHost.Providers.Platform/Schema")));

    public PlatformPackage(FakeProviderHost host)
    {
        Host = host;
        var files = new PlatformFiles(host);
        var source = new SmbiosSource(host);
        var topology = new CpuTopology(files);
        var edac = new Edac(files);
        var health = new MemoryHealth(host, edac);
        var pci = new PciDevices(files);
        var usb = new UsbDevices(files);
        var ports = new NetworkPorts(files);
        var modules = new OpticalModules(ports, files);
        var blocks = new BlockDevices(files);
        var fileSystems = new FileSystems(files);
        var names = new IdNames(host);
        var rollup = new HealthRollup(host);
        Providers = new Dictionary<string, ICimProvider>
        {
            [ClassNames.Processor] = new ProcessorProvider(host, source, topology),
            [ClassNames.ProcessorPackage] = new ProcessorPackageProvider(source),
            [ClassNames.CacheMemory] = new CacheMemoryProvider(host, source),
            [ClassNames.PhysicalMemory] = new PhysicalMemoryProvider(source, health),
            [ClassNames.Memory] = new MemoryProvider(host, files, source),
            [ClassNames.MemoryErrorCounter] = new MemoryErrorCounterProvider(host, edac, health),
            [ClassNames.Chassis] = new ChassisProvider(source, rollup),
            [ClassNames.Card] = new CardProvider(source),
            [ClassNames.Slot] = new SlotProvider(source),
            [ClassNames.MemorySlot] = new MemorySlotProvider(source),
            [ClassNames.PhysicalConnector] = new PhysicalConnectorProvider(source),
            [ClassNames.PowerSupplyPackage] = new PowerSupplyPackageProvider(source),
            [ClassNames.BatteryPackage] = new BatteryPackageProvider(source),
            [ClassNames.BiosElement] = new BiosElementProvider(source),
            [ClassNames.SmbiosStructure] = new SmbiosStructureProvider(source),
            [ClassNames.PciDevice] = new PciDeviceProvider(host, pci, names, files, source),
            [ClassNames.UsbDevice] = new UsbDeviceProvider(host, files, usb, names),
            [ClassNames.EthernetPort] = new EthernetPortProvider(host, ports, files),
            [ClassNames.EthernetPortStatistics] = new EthernetPortStatisticsProvider(host, ports, files),
            [ClassNames.OpticalModule] = new OpticalModuleProvider(modules),
            [ClassNames.OpticalModuleSensor] = new OpticalModuleSensorProvider(host, modules, files),
            [ClassNames.ModuleRealizes] = new ModuleRealizesProvider(host, modules),
            [ClassNames.ModuleAssociatedSensor] = new ModuleAssociatedSensorProvider(host, modules),
            [ClassNames.OperatingSystem] = new OperatingSystemProvider(host, files),
            [ClassNames.LocalFileSystem] = new LocalFileSystemProvider(host, fileSystems),
            [ClassNames.BlockDevice] = new BlockDeviceProvider(host, blocks, files),
            [ClassNames.RollupHealthSensor] = new RollupHealthSensorProvider(host, rollup),
            [ClassNames.Realizes] = new RealizesProvider(host, source, edac),
            [ClassNames.Container] = new ContainerProvider(source),
            [ClassNames.ComputerSystemPackage] = new ComputerSystemPackageProvider(host, source),
            [ClassNames.SystemDevice] = new SystemDeviceProvider(host, source, topology, edac, pci, ports, modules, blocks, usb),
            [ClassNames.AssociatedCacheMemory] = new AssociatedCacheMemoryProvider(host, source),
            [ClassNames.RunningOs] = new RunningOsProvider(host),
            [ClassNames.HostedFileSystem] = new HostedFileSystemProvider(host, fileSystems),
            [ClassNames.ResidesOnExtent] = new ResidesOnExtentProvider(host, fileSystems, blocks),
            [ClassNames.ElementStatisticalData] = new ElementStatisticalDataProvider(host, ports),
        };
    }

    public static CimTestSchema Schema => s_schema.Value;

    public FakeProviderHost Host { get; }

    public IReadOnlyDictionary<string, ICimProvider> Providers { get; }

    /// <summary>All instances of a class in the order of their paths.</summary>
    public async Task<IReadOnlyList<CimInstance>> EnumerateAsync(string className, params string[] propertyList)
    {
        CimProviderRequest request = Schema.Request(className, propertyList);
        List<CimInstance> instances = await Providers[className].EnumerateAsync(request, CancellationToken.None).ToListAsync();
        return [.. instances.OrderBy(i => i.Path!.ToString(), StringComparer.Ordinal)];
    }
}
