using CimHost.Providers.Storage.Cim;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Storage.Tests;

/// <summary>The package's providers over a fake host, put together as the container does.</summary>
internal sealed class StoragePackage
{
    private static readonly Lazy<CimTestSchema> s_schema = new(() => CimTestSchema.Compile(
        "root/cimv2",
        Path.Combine(DiskFixture.Repository, "broker", "CimHost.ObjectManager", "Schema", "Mof"),
        Path.Combine(DiskFixture.Repository, "providers", "CimHost.Providers.Storage", "Schema")));

    public StoragePackage(FakeProviderHost host)
    {
        Host = host;

        // No test depends on what is installed on the computer that it runs on.
        host.Configuration.TryAdd("DriveDatabase", string.Empty);
        Devices = new StorageDevices(host, new AtaReader(new InstalledDriveDatabase(host)));
        Runner = new SelfTestRunner(host, Devices);
        Drives = new DiskDriveProvider(host, Devices, Runner);
        Jobs = new SelfTestJobProvider(host, Devices);
        Tests = new DiagnosticTestProvider(host, Devices);
        var controllers = new DiskControllers(host);
        ICimProvider[] providers =
        [
            Drives, new DiskSensorProvider(host, Devices), new SmartAttributeProvider(host, Devices), new PartProvider(host, Devices, controllers), new FirmwareProvider(host, Devices),
            new LogProvider(host, Devices), new EnclosureProvider(host, Devices), new AssociationProvider(host, Devices, controllers), new DiskInSlotProvider(host, Devices, new EnclosureSlots(host)), Tests, Jobs,
        ];
        Providers = providers
            .SelectMany(p => ((CimProviderAttribute)p.GetType().GetCustomAttributes(typeof(CimProviderAttribute), false)[0]).ClassNames.Select(name => (name, p)))
            .ToDictionary(p => p.name, p => p.p);
    }

    public static CimTestSchema Schema => s_schema.Value;

    public FakeProviderHost Host { get; }

    public StorageDevices Devices { get; }

    public SelfTestRunner Runner { get; }

    public DiskDriveProvider Drives { get; }

    public DiagnosticTestProvider Tests { get; }

    public SelfTestJobProvider Jobs { get; }

    public IReadOnlyDictionary<string, ICimProvider> Providers { get; }

    /// <summary>The package over some ports.</summary>
    public static StoragePackage Over(params IReadOnlyList<IDiskPort> ports) => Over(new Dictionary<string, string>(), ports);

    /// <summary>The package with a configuration over some ports.</summary>
    public static StoragePackage Over(IReadOnlyDictionary<string, string> configuration, IReadOnlyList<IDiskPort> ports)
    {
        var host = new FakeProviderHost();
        foreach ((string key, string value) in configuration)
        {
            host.Configuration[key] = value;
        }

        host.Hardware.SetDisks(ports);
        return new StoragePackage(host);
    }

    /// <summary>All instances of a class by path.</summary>
    public async Task<IReadOnlyList<CimInstance>> EnumerateAsync(string className, params string[] propertyList)
    {
        CimProviderRequest request = Schema.Request(className, propertyList);
        List<CimInstance> instances = await Providers[className].EnumerateAsync(request, CancellationToken.None).ToListAsync();
        return [.. instances.OrderBy(i => i.Path!.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The only disk.</summary>
    public async Task<CimInstance> DriveAsync() => (await EnumerateAsync(ClassNames.DiskDrive)).Single();

    /// <summary>Calls a method of the only disk and returns its return value.</summary>
    public async Task<CimValue> InvokeAsync(string method, ushort? type = null)
    {
        CimMethodParameter[] parameters = type is { } t ? [new CimMethodParameter("Type", CimType.UInt16, t)] : [];
        return (await InvokeAsync(Drives, (await DriveAsync()).Path!, method, parameters)).ReturnValue;
    }

    /// <summary>Starts a test of the only disk and returns the answer.</summary>
    public async Task<CimMethodResult> RunAsync(SelfTestKind kind) => await InvokeAsync(
        Tests,
        StoragePaths.DiagnosticTest(Host, "root/cimv2", kind),
        "RunDiagnosticService",
        [new CimMethodParameter("ManagedElement", CimType.Reference, (await DriveAsync()).Path!)]);

    /// <summary>Calls a method.</summary>
    public static async Task<CimMethodResult> InvokeAsync(ICimMethods provider, CimObjectPath target, string method, params IReadOnlyList<CimMethodParameter> parameters)
    {
        CimProviderRequest request = Schema.Request(target.ClassName);
        return await provider.InvokeAsync(request, target, request.CimClass.CimClassMethods[method]!, new CimNamedList<CimMethodParameter>(parameters), CancellationToken.None);
    }
}
