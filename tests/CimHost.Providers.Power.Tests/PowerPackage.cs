using CimHost.Providers.Power.Providers;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Power.Tests;

/// <summary>The package's providers over a fake host, put together as the container does.</summary>
internal sealed class PowerPackage
{
    private static readonly Lazy<CimTestSchema> s_schema = new(() => CimTestSchema.Compile(
        "root/cimv2",
        Path.Combine(HidFixture.Repository, "broker", "CimHost.ObjectManager", "Schema", "Mof"),
        Path.Combine(HidFixture.Repository, "providers", "CimHost.Providers.Power", "Schema")));

    public PowerPackage(FakeProviderHost host)
    {
        Host = host;
        var catalog = new PowerCatalog(host);
        Providers = new Dictionary<string, ICimProvider>
        {
            [ClassNames.Ups] = new UpsProvider(host, catalog),
            [ClassNames.Battery] = new BatteryProvider(host, catalog),
            [ClassNames.Adapter] = new AdapterProvider(host, catalog),
            [ClassNames.Sensor] = new PowerSensorProvider(host, catalog),
            [ClassNames.AssociatedSensor] = new AssociatedSensorProvider(host, catalog),
            [ClassNames.AssociatedBattery] = new AssociatedBatteryProvider(host, catalog),
            [ClassNames.SystemDevice] = new SystemDeviceProvider(host, catalog),
        };
    }

    public static CimTestSchema Schema => s_schema.Value;

    public FakeProviderHost Host { get; }

    public IReadOnlyDictionary<string, ICimProvider> Providers { get; }

    /// <summary>The package over HID devices.</summary>
    public static PowerPackage Over(params IReadOnlyList<IHidPort> ports)
    {
        var host = new FakeProviderHost();
        host.Hardware.SetHidDevices(ports);
        return new PowerPackage(host);
    }

    /// <summary>All instances of a class in the order of their paths.</summary>
    public async Task<IReadOnlyList<CimInstance>> EnumerateAsync(string className, params string[] propertyList)
    {
        CimProviderRequest request = Schema.Request(className, propertyList);
        List<CimInstance> instances = await Providers[className].EnumerateAsync(request, CancellationToken.None).ToListAsync();
        return [.. instances.OrderBy(i => i.Path!.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The one UPS, after a second has passed, so that it is looked at anew.</summary>
    public async Task<CimInstance> UpsAsync()
    {
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        return (await EnumerateAsync(ClassNames.Ups)).Single();
    }

    /// <summary>The sensor of that measure of the one device.</summary>
    public async Task<CimInstance> SensorAsync(string measure) => (await EnumerateAsync(ClassNames.Sensor)).Single(s => s["Measure"].AsString() == measure);
}
