using System.Composition;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>CimHost_DiskSensor: temperatures, spare and wear of disks; temperatures, fans, voltages and currents of enclosures.</summary>
[CimProvider(ClassNames.DiskSensor, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class DiskSensorProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices)
{
    // Kind: SensorType, other type, BaseUnits, UnitModifier.
    private static readonly Dictionary<DiskSensorKind, (ushort Type, string? Other, ushort Units, int Modifier)> s_kinds = new()
    {
        [DiskSensorKind.Temperature] = (2, null, 2, 0),
        [DiskSensorKind.Spare] = (1, "Available spare", 65, 0),
        [DiskSensorKind.Wear] = (1, "Endurance used", 65, 0),
        [DiskSensorKind.Fan] = (5, null, 19, 0),
        [DiskSensorKind.Voltage] = (3, null, 5, -2),
        [DiskSensorKind.Current] = (4, null, 6, -2),
    };

    protected override bool Serves(DiskIdentity identity) => true;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        DiskSample sample = await device.SampleAsync(cancellationToken);
        DateTimeOffset now = Host.Time.GetUtcNow();
        return [.. sample.Sensors.Select(sensor => Instance(identity, sample, sensor, request, now))];
    }

    private CimInstance Instance(DiskIdentity identity, DiskSample sample, DiskSensor sensor, CimProviderRequest request, DateTimeOffset now)
    {
        CimInstance instance = request.NewInstance();
        StoragePaths.SetDevice(Host, instance, identity, sensor.Key);
        (ushort type, string? other, ushort units, int modifier) = s_kinds[sensor.Kind];
        instance["Name"] = $"{identity.DeviceId}/{sensor.Key}";
        instance["Caption"] = sensor.Name.Length <= 64 ? sensor.Name : sensor.Name[..64];
        instance["ElementName"] = $"{sensor.Name} ({$"{identity.Vendor} {identity.Model}".Trim()} {identity.SerialNumber})";
        instance["Description"] = $"{sensor.Name} of {identity.DeviceId}";
        instance["SensorType"] = type;
        instance["OtherSensorTypeDescription"] = other;
        instance["BaseUnits"] = units;
        instance["UnitModifier"] = modifier;
        instance["RateUnits"] = (ushort)0;
        instance["SettableThresholds"] = Array.Empty<ushort>();
        SetThresholds(instance, sensor);
        SetReading(instance, sample, sensor, now);
        return instance;
    }

    private static void SetThresholds(CimInstance instance, DiskSensor sensor)
    {
        instance["LowerThresholdNonCritical"] = sensor.LowerNonCritical;
        instance["UpperThresholdNonCritical"] = sensor.UpperNonCritical;
        instance["LowerThresholdCritical"] = sensor.LowerCritical;
        instance["UpperThresholdCritical"] = sensor.UpperCritical;
        int?[] limits = [sensor.LowerNonCritical, sensor.UpperNonCritical, sensor.LowerCritical, sensor.UpperCritical];
        ushort[] supported = [.. Enumerable.Range(0, limits.Length).Where(i => limits[i] is not null).Select(i => (ushort)i)];
        instance["SupportedThresholds"] = supported;
        instance["EnabledThresholds"] = supported;
        instance["PossibleStates"] = new[] { "Unknown", "Normal", "Lower Non-Critical", "Upper Non-Critical", "Lower Critical", "Upper Critical", "Degraded", "Failed" };
    }

    // A value that was read before the device fell asleep or silent is told with its time, and says nothing of the state now.
    private static void SetReading(CimInstance instance, DiskSample sample, DiskSensor sensor, DateTimeOffset now)
    {
        bool fresh = sample.State == ReadingState.Ok;
        ReadingState state = fresh && sensor.Value is null ? ReadingState.Unavailable : sample.State;
        string? reason = sensor.Reason ?? sample.Reason;
        (string current, DiskHealth health) = fresh && sensor.Value is { } value ? State(sensor, value) : ("Unknown", DiskHealth.Unknown);
        instance["CurrentReading"] = sensor.Value;
        instance["CurrentState"] = current;
        Health.Set(instance, health, state == ReadingState.TimedOut, [current], reason);
        instance["EnabledState"] = (ushort)(sample.State == ReadingState.Asleep ? 6 : 2);
        Health.SetReading(instance, sample, now);
        instance["ReadingState"] = state.ToString();
        instance["ReadingReason"] = reason;
    }

    // The spare is critical below its threshold (NVMe Base 2.0 §5.16.1.3), a temperature at or above its limit.
    private static (string State, DiskHealth Health) State(DiskSensor sensor, int value) =>
        value < sensor.LowerCritical ? ("Lower Critical", DiskHealth.Failed)
        : value >= sensor.UpperCritical ? ("Upper Critical", DiskHealth.Failed)
        : value < sensor.LowerNonCritical ? ("Lower Non-Critical", DiskHealth.Degraded)
        : value >= sensor.UpperNonCritical ? ("Upper Non-Critical", DiskHealth.Degraded)
        : sensor.Reported switch
        {
            DiskHealth.Failed => ("Failed", DiskHealth.Failed),
            DiskHealth.Degraded or DiskHealth.PredictiveFailure => ("Degraded", DiskHealth.Degraded),
            _ => ("Normal", DiskHealth.Ok),
        };
}
