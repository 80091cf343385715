using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Hwmon;
using CimHost.Providers.Sensors.Providers;
using CimHost.Providers.Sensors.Thermal;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;

namespace CimHost.Providers.Sensors.Tests;

/// <summary>The package's providers over a fake host, put together as the container does.</summary>
internal sealed class SensorPackage
{
    private static readonly Lazy<CimTestSchema> s_schema = new(() => CimTestSchema.Compile(
        "root/cimv2",
        Path.Combine(SysfsFixture.Repository, "broker", "CimHost.ObjectManager", "Schema", "Mof"),
        Path.Combine(SysfsFixture.Repository, "providers", "CimHost.Providers.Sensors", "Schema")));

    public SensorPackage(FakeProviderHost host)
    {
        Host = host;
        Reader = new AttributeReader(host);
        var chips = new HwmonScan(host, Reader);
        var thermal = new ThermalScan(host, Reader);
        var catalog = new DeviceCatalog(chips, thermal);
        Providers = new Dictionary<string, ICimProvider>
        {
            [ClassNames.ComputerSystem] = new ComputerSystemProvider(host, Reader),
            [ClassNames.HwmonSensor] = new HwmonSensorProvider(host, chips),
            [ClassNames.HwmonDiscreteSensor] = new HwmonDiscreteSensorProvider(host, chips),
            [ClassNames.HwmonFan] = new HwmonFanProvider(host, chips),
            [ClassNames.ThermalZone] = new ThermalZoneProvider(host, thermal),
            [ClassNames.CoolingDevice] = new CoolingDeviceProvider(host, chips, thermal),
            [ClassNames.AssociatedSensor] = new AssociatedSensorProvider(host, catalog),
            [ClassNames.SystemDevice] = new SystemDeviceProvider(host, catalog),
        };
    }

    public static CimTestSchema Schema => s_schema.Value;

    public FakeProviderHost Host { get; }

    public AttributeReader Reader { get; }

    public IReadOnlyDictionary<string, ICimProvider> Providers { get; }

    /// <summary>The package over a case of the fixtures.</summary>
    public static SensorPackage Over(string fixture)
    {
        var host = new FakeProviderHost { Cim = NoClasses.Make() };
        SysfsFixture.Load(host.Hardware.Files, fixture);
        return new SensorPackage(host);
    }

    /// <summary>All instances of a class by DeviceID or path.</summary>
    public async Task<IReadOnlyList<CimInstance>> EnumerateAsync(string className, params string[] propertyList)
    {
        CimProviderRequest request = Schema.Request(className, propertyList);
        List<CimInstance> instances = await Providers[className].EnumerateAsync(request, CancellationToken.None).ToListAsync();
        return [.. instances.OrderBy(i => i.Path!.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The sensor of that DeviceID.</summary>
    public async Task<CimInstance> SensorAsync(string deviceId) =>
        (await EnumerateAsync(ClassNames.HwmonSensor)).Single(i => i["DeviceID"].AsString() == deviceId);
}
