using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Providers.Power.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Providers.Power.Tests;

/// <summary>The built package in a real object manager: its schema is taken in, and clients that ask for CIM's classes get its instances.</summary>
public sealed class HostedPackageTests : IAsyncLifetime, IDisposable
{
    private const string Namespace = "root/cimv2";

    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-power-").FullName;
    private readonly FakeProviderHost _host = new();
    private CimRepository? _repository;
    private CimObjectManager? _manager;

    private ICimOperations Operations => _manager!.For(CimCaller.Host);

    public async Task InitializeAsync()
    {
        _host.Hardware.SetHidDevices(HidFixture.Load("line-interactive-charging"));
        _host.Hardware.Files.Add("/sys/class/power_supply/AC/type", "Mains\n").Add("/sys/class/power_supply/AC/online", "1\n");
        _repository = CimRepository.Open(Path.Combine(_folder, "repository.db"));
        await _repository.CreateNamespaceAsync(Namespace, CancellationToken.None);
        var mof = new MofInstaller(_repository);
        string shipped = Path.Combine(HidFixture.Repository, "broker", "CimHost.ObjectManager", "Schema", "Mof");
        Assert.Null(await mof.InstallAsync("CimHost", shipped, [Namespace], CancellationToken.None));

        _manager = new CimObjectManager(_repository, new DispatchOptions(), TimeProvider.System, NullLogger<CimObjectManager>.Instance);
        var loader = new PackageLoader(NullLogger<PackageLoader>.Instance);
        var packages = new ProviderPackages(_manager, mof, loader, loader.Find([HidFixture.OutputOf("providers/CimHost.Providers.Power")]));
        ProviderPackage package = Assert.Single(packages.All);
        await packages.StartAsync(package, _host, null, CancellationToken.None);
        Assert.Equal((PackageStatus.Loaded, string.Empty), (package.Status, package.StatusText));
        Assert.Equal(7, package.Providers.Count);
        Assert.False(File.Exists(Path.Combine(package.Folder, "CimHost.Sdk.dll")), "the SDK must come from the host");
    }

    public async Task DisposeAsync() => await _manager!.DisposeAsync();

    public void Dispose()
    {
        _repository?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("CIM_UninterruptiblePowerSupply", 1)]
    [InlineData("CIM_PowerSupply", 2)]
    [InlineData("CIM_Battery", 1)]
    [InlineData("CIM_NumericSensor", 9)]
    [InlineData("CIM_AssociatedSensor", 9)]
    [InlineData("CIM_AssociatedBattery", 1)]
    [InlineData("CIM_SystemDevice", 12)]
    public async Task Enumerating_the_CIM_class_tells_the_packages_instances(string className, int count)
    {
        List<CimInstance> instances = await Operations.EnumerateInstancesAsync(Namespace, className, new CimInstanceOptions(), CancellationToken.None).ToListAsync();
        Assert.Equal(count, instances.Count);
    }

    [Fact]
    public async Task A_UPS_leads_to_its_battery_and_to_its_sensors()
    {
        CimObjectPath ups = DevicePaths.Device(_host, Namespace, ClassNames.Ups, "hid-f055:0900-LG9-26-00001");
        CimInstance battery = Assert.Single(await AssociatedAsync(ups, "CIM_AssociatedBattery"));
        Assert.Equal((ushort)87, battery["EstimatedChargeRemaining"]);
        Assert.Equal(6, (await AssociatedAsync(ups, "CIM_AssociatedSensor")).Count);
        Assert.Equal(["battery.charge", "battery.runtime", "battery.voltage"], (await AssociatedAsync(battery.Path!, "CIM_AssociatedSensor")).Select(s => s["Measure"].AsString()).Order(StringComparer.Ordinal));
    }

    private async Task<List<CimInstance>> AssociatedAsync(CimObjectPath path, string association) => await Operations.AssociatorsAsync(
        Namespace, path, new CimAssociationOptions { AssociationClass = association }, new CimInstanceOptions(), CancellationToken.None).ToListAsync();
}
