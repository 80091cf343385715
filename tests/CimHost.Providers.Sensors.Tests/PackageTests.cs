using CimHost.ObjectManager.Providers;
using CimHost.Providers.Sensors.Providers;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>The package as a host finds and loads it.</summary>
public sealed class PackageTests
{
    public static TheoryData<string> Classes => new(new SensorPackage(new FakeProviderHost()).Providers.Keys);

    [Fact]
    public async Task The_built_folder_loads_as_a_package_and_its_providers_answer()
    {
        string folder = SysfsFixture.OutputOf("providers/CimHost.Providers.Sensors");
        var loader = new PackageLoader(NullLogger<PackageLoader>.Instance);
        ProviderPackage package = Assert.Single(loader.Find([folder]));
        var host = new FakeProviderHost();
        SysfsFixture.Load(host.Hardware.Files, "lm75-i2c");
        loader.Load(package, host, TaskScheduler.Default);
        Assert.Equal((PackageStatus.Loaded, string.Empty), (package.Status, package.StatusText));
        Assert.Equal(8, package.Providers.Count);
        Assert.False(File.Exists(Path.Combine(package.Folder, "CimHost.Sdk.dll")), "the SDK must come from the host");
        Assert.False(File.Exists(Path.Combine(package.Folder, "System.Composition.AttributedModel.dll")), "the attributes must come from the host");
        Assert.True(File.Exists(Path.Combine(package.Folder, "Schema", "CimHost_Sensors.mof")));

        ICimProvider sensors = package.Providers.Single(p => p.ClassNames.Contains(ClassNames.HwmonSensor)).Provider;
        var instances = await sensors.EnumerateAsync(SensorPackage.Schema.Request(ClassNames.HwmonSensor), CancellationToken.None).ToListAsync();
        Assert.Equal(36500, Assert.Single(instances)["CurrentReading"]);
        PackageLoader.Unload(package);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_provider_exports_a_class_of_the_packages_schema(string className)
    {
        ICimProvider provider = new SensorPackage(new FakeProviderHost()).Providers[className];
        Assert.Equal([className], ProviderContract.CheckExport(provider.GetType(), SensorPackage.Schema));
    }

    [Theory]
    [InlineData(ClassNames.HwmonSensor, "CIM_NumericSensor")]
    [InlineData(ClassNames.ThermalZone, "CIM_NumericSensor")]
    [InlineData(ClassNames.HwmonDiscreteSensor, "CIM_Sensor")]
    [InlineData(ClassNames.HwmonFan, "CIM_Fan")]
    [InlineData(ClassNames.CoolingDevice, "CIM_CoolingDevice")]
    [InlineData(ClassNames.ComputerSystem, "CIM_ComputerSystem")]
    [InlineData(ClassNames.AssociatedSensor, "CIM_AssociatedSensor")]
    [InlineData(ClassNames.SystemDevice, "CIM_SystemDevice")]
    public void Clients_that_ask_for_the_CIM_class_find_ours_below_it(string className, string ancestor) =>
        Assert.True(SensorPackage.Schema.IsOrDerivesFrom(className, ancestor));

    [Fact]
    public void The_manifest_names_the_assembly_and_this_contract()
    {
        PackageManifest manifest = PackageManifest.Parse(File.ReadAllBytes(Path.Combine(SysfsFixture.Repository, "providers", "CimHost.Providers.Sensors", "provider.json")));
        Assert.Equal("CimHost.Providers.Sensors", manifest.Name);
        Assert.Equal(PackageManifest.CurrentAbi, manifest.Abi);
        Assert.Equal("CimHost.Providers.Sensors.dll", manifest.Assembly);
    }
}
