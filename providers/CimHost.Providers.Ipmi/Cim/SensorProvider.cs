using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Tells sensors of one kind: what they are from the inventory, their readings from a sweep, when the request wants any.</summary>
internal abstract class SensorProvider(IpmiModels models) : IpmiProvider(models), ICimGetInstance
{
    private static readonly string[] s_read =
    [
        "CurrentReading", "CurrentState", "AssertedStates", "HealthState", "OperationalStatus", "StatusDescriptions", "PrimaryStatus",
        "CommunicationStatus", "EnabledState", "ReadingState", "ReadingTime", "ReadingReason", "RawReading", "StateBits", "AssertedOffsets",
        "ScanningEnabled", "EventMessagesEnabled", "ReadingUnavailable", "LowerThresholdNonCritical", "UpperThresholdNonCritical",
        "LowerThresholdCritical", "UpperThresholdCritical", "LowerThresholdFatal", "UpperThresholdFatal", "Hysteresis", "SupportedThresholds",
    ];

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        foreach (BmcModel model in Models.Current.Where(m => m.MachineName == path["SystemName"].AsString()))
        {
            InventoryState state = await model.InventoryAsync(cancellationToken);
            if (state.Inventory.Sensors.FirstOrDefault(s => s.DeviceId == path["DeviceID"].AsString() && Serves(s)) is { } sensor)
            {
                using SweepLease lease = model.EnterSweep(state);
                return await ReadAsync(model, lease.Sweep, sensor, request, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>True when the instances show thresholds and hysteresis.</summary>
    protected virtual bool ReadsLimits => false;

    /// <summary>True when the sensor is of the kind that this provider tells.</summary>
    protected abstract bool Serves(BmcSensor sensor);

    /// <summary>Sets what the inventory tells of the sensor.</summary>
    protected abstract void Describe(CimInstance instance, BmcSensor sensor);

    /// <summary>Sets what a reading tells.</summary>
    protected abstract ValueTask SetReadingAsync(CimInstance instance, SensorSample sample, SensorSweep sweep, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BmcSensor[] sensors = [.. state.Inventory.Sensors.Where(Serves)];
        if (!request.Wants(s_read))
        {
            foreach (BmcSensor sensor in sensors)
            {
                yield return New(model, sensor, request);
            }

            yield break;
        }

        using SweepLease lease = model.EnterSweep(state);
        await foreach (SensorSample sample in lease.Sweep.ReadAsync(sensors, ReadsLimits, cancellationToken))
        {
            CimInstance instance = New(model, sample.Sensor, request);
            await SetAsync(instance, sample, lease.Sweep, cancellationToken);
            yield return instance;
        }

        if (state.Failure is null && lease.Sweep.Failure is { } failure)
        {
            throw Unreadable(model, failure);
        }
    }

    /// <summary>Sets the state properties that all sensor classes of this package have.</summary>
    protected static void SetReadingState(CimInstance instance, Reading reading)
    {
        instance["ReadingState"] = reading.State.ToString();
        instance["ReadingTime"] = reading.Time;
        instance["ReadingReason"] = reading.Reason;
    }

    /// <summary>The severity of a sample for health: none of what an absent thing would assert counts.</summary>
    protected static StateSeverity? SeverityOf(SensorSample sample)
    {
        bool saysAbsent = sample.IsOk
            && sample.Sensor.TellsPresence(out int offset, out bool presentWhenAsserted)
            && (((sample.Answer?.States ?? 0) & (1 << offset)) != 0) != presentWhenAsserted;
        return saysAbsent ? StateSeverity.Ok : sample.Severity;
    }

    private async ValueTask<CimInstance> ReadAsync(BmcModel model, SensorSweep sweep, BmcSensor sensor, CimProviderRequest request, CancellationToken cancellationToken)
    {
        CimInstance instance = New(model, sensor, request);
        await SetAsync(instance, await sweep.SampleAsync(sensor).WaitAsync(cancellationToken), sweep, cancellationToken);
        return instance;
    }

    private ValueTask SetAsync(CimInstance instance, SensorSample sample, SensorSweep sweep, CancellationToken cancellationToken)
    {
        SetReadingState(instance, sample.Reading);
        string[] descriptions = sample.Reading.Reason is { } reason ? [reason] : [.. sample.Asserted.Select(a => a.State.Text)];
        Health.Set(instance, SeverityOf(sample), sample.Reading.State, descriptions);
        Health.SetEnabled(instance, sample.Reading.State, sample.Answer?.ScanningEnabled ?? true);
        return SetReadingAsync(instance, sample, sweep, cancellationToken);
    }

    private CimInstance New(BmcModel model, BmcSensor sensor, CimProviderRequest request)
    {
        CimInstance instance = IpmiPaths.NewDevice(request, model, sensor.DeviceId, sensor.ElementName);
        instance["Name"] = sensor.IdString;
        instance["SensorContext"] = EntityNames.Name(sensor.Entity);
        ushort type = SensorTypeOf(sensor);
        instance["SensorType"] = type;
        instance["OtherSensorTypeDescription"] = type == 1 ? SensorTypes.Name(sensor.SensorType) : null;
        Describe(instance, sensor);
        return instance;
    }

    private static ushort SensorTypeOf(BmcSensor sensor) => sensor.SensorType switch
    {
        SensorTypes.Temperature => 2,
        SensorTypes.Voltage => 3,
        SensorTypes.Current => sensor.Units.Base == 6 ? (ushort)13 : (ushort)4,
        SensorTypes.Fan => 5,
        SensorTypes.PhysicalSecurity => 16,
        SensorTypes.EntityPresence => 11,
        _ => sensor.Kind != SensorKind.Numeric ? (ushort)1 : sensor.Units.Base switch { 6 => (ushort)13, 14 or 15 => (ushort)15, 17 => (ushort)12, _ => (ushort)1 },
    };
}
