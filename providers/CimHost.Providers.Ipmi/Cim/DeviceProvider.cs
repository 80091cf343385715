using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Tells fans or power supplies; their health is the worst that their sensors say.</summary>
internal abstract class DeviceProvider(IpmiModels models) : IpmiProvider(models)
{
    private static readonly string[] s_read =
    [
        "HealthState", "OperationalStatus", "StatusDescriptions", "PrimaryStatus", "CommunicationStatus", "EnabledState", "ReadingState",
        "ReadingTime", "ReadingReason",
    ];

    /// <summary>The devices of a machine.</summary>
    protected abstract IReadOnlyList<MachineDevice> Devices(BmcModel model, BmcInventory inventory);

    /// <summary>Sets what is known of the device apart from its health.</summary>
    protected abstract ValueTask DescribeAsync(CimInstance instance, MachineDevice device, BmcModel model, BmcInventory inventory, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool wantsReadings = request.Wants(s_read);
        using SweepLease lease = model.EnterSweep(state);
        foreach (MachineDevice device in Devices(model, state.Inventory))
        {
            CimInstance instance = IpmiPaths.NewDevice(request, model, device.DeviceId, device.Name);
            instance["Name"] = device.Name;
            if (wantsReadings)
            {
                await SetHealthAsync(instance, device, lease.Sweep, cancellationToken);
            }

            if (state.Failure is null && lease.Sweep.Failure is null)
            {
                await DescribeAsync(instance, device, model, state.Inventory, cancellationToken);
            }

            yield return instance;
        }

        if (state.Failure is null && lease.Sweep.Failure is { } failure)
        {
            throw Unreadable(model, failure);
        }
    }

    private static async ValueTask SetHealthAsync(CimInstance instance, MachineDevice device, SensorSweep sweep, CancellationToken cancellationToken)
    {
        var samples = new List<SensorSample>();
        await foreach (SensorSample sample in sweep.ReadAsync(device.Sensors, withLimits: false, cancellationToken))
        {
            samples.Add(sample);
        }

        bool absent = samples.Count > 0 && await sweep.IsAbsentAsync(device.Entity).WaitAsync(cancellationToken);
        StateSeverity? severity = absent ? null : Health.Worst(samples.Select(s => s.Severity));
        (ReadingState state, string? reason) = absent ? (ReadingState.Absent, $"{EntityNames.Name(device.Entity)} is not installed") : StateOf(samples);
        string[] descriptions = reason is not null
            ? [reason]
            : [.. samples.SelectMany(s => s.Asserted.Where(a => a.State.Severity > StateSeverity.Ok).Select(a => $"{s.Sensor.IdString}: {a.State.Text}"))];
        Health.Set(instance, severity, state, descriptions);
        Health.SetEnabled(instance, state);
        instance["ReadingState"] = state.ToString();
        instance["ReadingTime"] = samples.Count == 0 ? default(CimValue) : samples.Min(s => s.Reading.Time);
        instance["ReadingReason"] = reason;
    }

    // One sensor that tells is enough to know something.
    private static (ReadingState State, string? Reason) StateOf(List<SensorSample> samples) => samples.Count == 0
        ? (ReadingState.Unsupported, "no sensor watches it")
        : samples.Any(s => s.IsOk) ? (ReadingState.Ok, null)
        : (samples[0].Reading.State, samples[0].Reading.Reason);
}
