using System.Composition;
using CimHost.Providers.Sensors.Hwmon;
using CimHost.Providers.Sensors.Thermal;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>The class and DeviceID of every device that this package tells, for the associations. Reads names only.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class DeviceCatalog(HwmonScan chips, ThermalScan thermal)
{
    /// <summary>All devices.</summary>
    public async ValueTask<IReadOnlyList<(string ClassName, string DeviceId)>> AllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<HwmonChannel> channels = await chips.ChannelsAsync(cancellationToken);
        IReadOnlyList<ThermalDevice> zones = await thermal.ZonesAsync(cancellationToken);
        IReadOnlyList<ThermalDevice> cooling = await thermal.CoolingDevicesAsync(cancellationToken);
        return
        [
            .. channels.SelectMany(c => ClassesOf(c).Select(name => (name, c.DeviceId))),
            .. zones.Select(z => (ClassNames.ThermalZone, z.Name)),
            .. cooling.Select(c => (ClassNames.CoolingDevice, c.Name)),
        ];
    }

    /// <summary>Each fan with the class of its sensor; both have the same DeviceID.</summary>
    public async ValueTask<IReadOnlyList<(string SensorClass, string DeviceId)>> FansAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<HwmonChannel> channels = await chips.ChannelsAsync(cancellationToken);
        return [.. channels.Where(HwmonFanProvider.IsFan).Select(c => (c.IsNumeric ? ClassNames.HwmonSensor : ClassNames.HwmonDiscreteSensor, c.DeviceId))];
    }

    private static IEnumerable<string> ClassesOf(HwmonChannel channel)
    {
        if (channel.IsNumeric)
        {
            yield return ClassNames.HwmonSensor;
        }

        if (channel.IsDiscrete)
        {
            yield return ClassNames.HwmonDiscreteSensor;
        }

        if (HwmonFanProvider.IsFan(channel))
        {
            yield return ClassNames.HwmonFan;
        }

        if (CoolingDeviceProvider.IsPwm(channel))
        {
            yield return ClassNames.CoolingDevice;
        }
    }
}
