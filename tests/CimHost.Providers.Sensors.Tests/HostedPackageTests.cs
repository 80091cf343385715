using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Providers.Sensors.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>The built package in a real object manager: its schema is taken in, and clients that ask for CIM's classes get its instances.</summary>
public sealed class HostedPackageTests : IAsyncLifetime, IDisposable
{
    private const string Namespace = "root/cimv2";
    private const string Fixture = "nct6775-every-channel";

    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-sensors-").FullName;
    private readonly FakeProviderHost _host = new() { Cim = NoClasses.Make() };
    private CimRepository? _repository;
    private CimObjectManager? _manager;

    public async Task InitializeAsync()
    {
        SysfsFixture.Load(_host.Hardware.Files, Fixture);
        _repository = CimRepository.Open(Path.Combine(_folder, "repository.db"));
        await _repository.CreateNamespaceAsync(Namespace, CancellationToken.None);
        var mof = new MofInstaller(_repository);
        string shipped = Path.Combine(SysfsFixture.Repository, "broker", "CimHost.ObjectManager", "Schema", "Mof");
        Assert.Null(await mof.InstallAsync("CimHost", shipped, [Namespace], CancellationToken.None));

        _manager = new CimObjectManager(_repository, new DispatchOptions(), TimeProvider.System, NullLogger<CimObjectManager>.Instance);
        var loader = new PackageLoader(NullLogger<PackageLoader>.Instance);
        var packages = new ProviderPackages(_manager, mof, loader, loader.Find([SysfsFixture.OutputOf("providers/CimHost.Providers.Sensors")]));
        ProviderPackage package = Assert.Single(packages.All);
        await packages.StartAsync(package, _host, null, CancellationToken.None);
        Assert.Equal((PackageStatus.Loaded, string.Empty), (package.Status, package.StatusText));
    }

    public async Task DisposeAsync() => await _manager!.DisposeAsync();

    public void Dispose()
    {
        _repository?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("CIM_NumericSensor", 14)]
    [InlineData("CIM_Sensor", 18)]
    [InlineData("CIM_Fan", 4)]
    [InlineData("CIM_CoolingDevice", 6)]
    [InlineData("CIM_ComputerSystem", 1)]
    [InlineData("CIM_AssociatedSensor", 4)]
    [InlineData("CIM_SystemDevice", 24)]
    public async Task Enumerating_the_CIM_class_tells_the_packages_instances(string className, int count)
    {
        List<CimInstance> instances = await Operations.EnumerateInstancesAsync(Namespace, className, new CimInstanceOptions(), CancellationToken.None).ToListAsync();
        Assert.Equal(count, instances.Count);
    }

    [Fact]
    public async Task A_fan_leads_to_its_sensor_and_to_the_computer()
    {
        CimObjectPath fan = DevicePaths.Device(_host, Namespace, ClassNames.HwmonFan, "nct6779-isa-0290/fan1");
        List<CimInstance> sensors = await Operations.AssociatorsAsync(
            Namespace, fan, new CimAssociationOptions { AssociationClass = "CIM_AssociatedSensor" }, new CimInstanceOptions(), CancellationToken.None).ToListAsync();
        CimInstance sensor = Assert.Single(sensors);
        Assert.Equal(ClassNames.HwmonSensor, sensor.ClassName);
        Assert.Equal(1180, sensor["CurrentReading"]);

        List<CimObjectPath> systems = await Operations.AssociatorNamesAsync(
            Namespace, fan, new CimAssociationOptions { ResultClass = "CIM_System" }, CancellationToken.None).ToListAsync();
        Assert.Equal(DevicePaths.System(_host, Namespace).KeyString, Assert.Single(systems).KeyString);
    }

    private ICimOperations Operations => _manager!.For(CimCaller.Host);
}
