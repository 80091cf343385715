using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>CimHost_PowerSensor: one instance per measure of each device.</summary>
[CimProvider(ClassNames.Sensor)]
[method: ImportingConstructor]
internal sealed class PowerSensorProvider(IProviderHost host, PowerCatalog catalog) : ICimProvider
{
    /// <summary>DeviceID of a sensor.</summary>
    public static string IdOf(PowerDevice device, Measurement measurement) => $"{device.Id}/{measurement.Name}";

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool look = RequestDetail.WantsReading(request);
        await foreach ((PowerDevice device, PowerReading reading) in catalog.ReadAsync(_ => true, look, cancellationToken))
        {
            foreach (Measurement measurement in reading.Measurements)
            {
                yield return NewInstance(request, device, reading, measurement);
            }
        }
    }

    private CimInstance NewInstance(CimProviderRequest request, PowerDevice device, PowerReading reading, Measurement measurement)
    {
        string id = IdOf(device, measurement);
        CimInstance instance = DevicePaths.NewDevice(host, request, id);
        instance["Name"] = id;
        instance["PowerDeviceID"] = device.Id;
        instance["Measure"] = measurement.Name;
        instance["Origin"] = device.Origin;
        instance["Caption"] = measurement.Name;
        instance["ElementName"] = $"{measurement.Name} ({reading.Model ?? device.Id})";
        instance["Description"] = $"{measurement.Quantity.Noun} {measurement.Name} of {device.Id}";
        SensorProperties.SetKind(instance, measurement);
        SensorProperties.SetReading(instance, measurement, reading.Time);
        return instance;
    }
}
