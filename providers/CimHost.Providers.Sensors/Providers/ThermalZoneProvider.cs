using System.Composition;
using CimHost.Providers.Sensors.Files;
using CimHost.Providers.Sensors.Readings;
using CimHost.Providers.Sensors.Thermal;
using CimHost.Providers.Sensors.Wire;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Sensors.Providers;

/// <summary>CimHost_ThermalZone: one instance per thermal zone of the kernel.</summary>
[CimProvider(ClassNames.ThermalZone)]
[method: ImportingConstructor]
internal sealed class ThermalZoneProvider(IProviderHost host, ThermalScan scan) : ICimProvider, ICimGetInstance
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<ThermalDevice> zones = await scan.ZonesAsync(cancellationToken);
        await foreach (CimInstance instance in Sweep.ReadAsync(zones, z => z.Name, (z, token) => ReadAsync(request, z, token), cancellationToken))
        {
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        string? id = DevicePaths.DeviceIdOf(host, ClassNames.ThermalZone, path);
        IReadOnlyList<ThermalDevice> zones = await scan.ZonesAsync(cancellationToken);
        return zones.FirstOrDefault(z => z.Name == id) is { } zone ? await ReadAsync(request, zone, cancellationToken) : null;
    }

    private async ValueTask<CimInstance> ReadAsync(CimProviderRequest request, ThermalDevice zone, CancellationToken cancellationToken)
    {
        CimInstance instance = DevicePaths.NewDevice(host, request, zone.Name);
        instance["Name"] = zone.Name;
        instance["ZoneType"] = zone.Type;
        instance["BusAddress"] = zone.BusAddress;
        instance["KernelPath"] = zone.Folder + "/temp";
        ChannelNaming.SetTexts(instance, zone.Type, zone.Name, $"thermal zone {zone.Type} at {zone.BusAddress}");
        NumericSensorProperties.SetKind(instance, ChannelType.Temperature);
        if (RequestDetail.WantsReading(request))
        {
            using ReadLimit limit = scan.Reader.StartLimit(cancellationToken);
            (NumericReading reading, IReadOnlyList<TripPoint> tripPoints, string? policy) = await new ThermalZoneReader(scan.Reader, zone, limit).ReadAsync();
            NumericSensorProperties.SetReading(instance, reading);
            instance["Policy"] = policy;
            instance["TripPointTypes"] = tripPoints.Select(t => t.Type).ToArray();
            instance["TripPointTemperatures"] = Numbers([.. tripPoints.Select(t => t.Temperature)]);
            instance["TripPointHysteresis"] = Numbers([.. tripPoints.Select(t => t.Hysteresis)]);
        }

        return instance;
    }

    // NULL as a whole when none of several is told: there are clients, wbemcli for one, that cannot read an array with a NULL in it.
    private static CimValue Numbers(IReadOnlyCollection<long?> values) => values.Count > 0 && values.All(v => v is null)
        ? CimValue.Null
        : CimValue.FromElements(CimType.SInt32, [.. values.Select(v => v is { } number ? (CimValue)(int)number : default)]);
}
