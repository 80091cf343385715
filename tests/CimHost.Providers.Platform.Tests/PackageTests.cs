using CimHost.ObjectManager.Providers;
using CimHost.Providers.Platform.Providers;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using CimHost.TestBed;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Platform.Tests;

/// <summary>The package as a host finds and loads it.</summary>
public sealed class PackageTests
{
    public static TheoryData<string> Classes => new(new PlatformPackage(new FakeProviderHost()).Providers.Keys);

    [Fact]
    public async Task The_built_folder_loads_as_a_package_and_its_providers_answer()
    {
        string folder = RepositoryRoot.PathOf($"providers/CimHost.Providers.Platform/bin/{RepositoryRoot.Configuration}");
        var loader = new PackageLoader(NullLogger<PackageLoader>.Instance);
        ProviderPackage package = Assert.Single(loader.Find([folder]));
        var host = new FakeProviderHost();
        host.Hardware.Files.Add("/proc/meminfo", "MemTotal: 2048 kB\n");
        loader.Load(package, host);
        Assert.Equal((PackageStatus.Loaded, string.Empty), (package.Status, package.StatusText));
        Assert.Equal(Classes.Count, package.Providers.Count);
        Assert.False(File.Exists(Path.Combine(package.Folder, "CimHost.Sdk.dll")), "the SDK must come from the host");

        ICimProvider memory = package.Providers.Single(p => p.ClassNames.Contains(ClassNames.Memory)).Provider;
        var instances = await memory.EnumerateAsync(PlatformPackage.Schema.Request(ClassNames.Memory), CancellationToken.None).ToListAsync();
        Assert.Equal(2048UL, Assert.Single(instances)["NumberOfBlocks"]);
        PackageLoader.Unload(package);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_provider_exports_a_class_of_the_packages_schema(string className)
    {
        ICimProvider provider = new PlatformPackage(new FakeProviderHost()).Providers[className];
        Assert.Equal([className], ProviderContract.CheckExport(provider.GetType(), PlatformPackage.Schema));
    }

    [Theory]
    [InlineData(ClassNames.Processor, "CIM_Processor")]
    [InlineData(ClassNames.PhysicalMemory, "CIM_PhysicalMemory")]
    [InlineData(ClassNames.Memory, "CIM_Memory")]
    [InlineData(ClassNames.MemoryErrorCounter, "CIM_Memory")]
    [InlineData(ClassNames.Chassis, "CIM_Chassis")]
    [InlineData(ClassNames.Card, "CIM_Card")]
    [InlineData(ClassNames.Slot, "CIM_Slot")]
    [InlineData(ClassNames.BiosElement, "CIM_BIOSElement")]
    [InlineData(ClassNames.PciDevice, "CIM_PCIDevice")]
    [InlineData(ClassNames.UsbDevice, "CIM_USBDevice")]
    [InlineData(ClassNames.EthernetPort, "CIM_EthernetPort")]
    [InlineData(ClassNames.OperatingSystem, "CIM_OperatingSystem")]
    [InlineData(ClassNames.LocalFileSystem, "CIM_LocalFileSystem")]
    [InlineData(ClassNames.BlockDevice, "CIM_StorageExtent")]
    [InlineData(ClassNames.RollupHealthSensor, "CIM_Sensor")]
    [InlineData(ClassNames.Realizes, "CIM_Realizes")]
    [InlineData(ClassNames.Container, "CIM_Container")]
    public void Clients_that_ask_for_the_CIM_class_find_ours_below_it(string className, string ancestor) =>
        Assert.True(PlatformPackage.Schema.IsOrDerivesFrom(className, ancestor));
}
