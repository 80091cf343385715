using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Sources;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Providers;

/// <summary>Which instances of this package belong together; for the associations. No device is asked for it.</summary>
internal static class PowerLinks
{
    /// <summary>Paths of all instances that a device has.</summary>
    public static IEnumerable<CimObjectPath> Devices(IProviderHost host, string ns, PowerDevice device)
    {
        if (MainClass(device.Kind) is { } main)
        {
            yield return DevicePaths.Device(host, ns, main, device.Id);
        }

        if (device.Kind == PowerDeviceKind.Ups)
        {
            yield return DevicePaths.Device(host, ns, ClassNames.Battery, device.Id);
        }

        foreach (Measurement measurement in device.Layout.Measurements)
        {
            yield return Sensor(host, ns, device, measurement);
        }
    }

    /// <summary>Each sensor of a device and what it measures.</summary>
    public static IEnumerable<(CimObjectPath Sensor, CimObjectPath Element)> Sensors(IProviderHost host, string ns, PowerDevice device)
    {
        foreach (Measurement measurement in device.Layout.Measurements)
        {
            bool battery = device.HasBattery && measurement.Name.StartsWith(Measurement.BatteryPrefix, StringComparison.Ordinal);
            string? element = battery ? ClassNames.Battery : MainClass(device.Kind);
            yield return (
                Sensor(host, ns, device, measurement),
                element is null ? DevicePaths.System(host, ns) : DevicePaths.Device(host, ns, element, device.Id));
        }
    }

    private static CimObjectPath Sensor(IProviderHost host, string ns, PowerDevice device, Measurement measurement) =>
        DevicePaths.Device(host, ns, ClassNames.Sensor, PowerSensorProvider.IdOf(device, measurement));

    private static string? MainClass(PowerDeviceKind kind) => kind switch
    {
        PowerDeviceKind.Ups => ClassNames.Ups,
        PowerDeviceKind.Battery => ClassNames.Battery,
        PowerDeviceKind.Adapter => ClassNames.Adapter,
        _ => null,
    };
}
