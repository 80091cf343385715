using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>
/// Intrusion switches that only the chassis status tells. Where a sensor record describes one, that sensor is told and not this one, so that
/// an open chassis is one alert.
/// </summary>
[CimProvider(IpmiPaths.IntrusionClass)]
[method: ImportingConstructor]
internal sealed class IntrusionSensorProvider(IpmiModels models) : IpmiProvider(models)
{
    private const string Closed = "No State Asserted";
    private const ushort Intrusion = 16;

    private static readonly SensorState s_open = SensorStates.Find(SensorStates.SensorSpecificType, SensorTypes.PhysicalSecurity, 0);

    /// <summary>The chassis status that tells of the switch; null when there is no switch, or a sensor record describes it.</summary>
    public static async Task<GetChassisStatus?> StatusAsync(BmcModel model, InventoryState state, CancellationToken cancellationToken)
    {
        if (state.Failure is not null || !state.Inventory.Device.HasChassis
            || state.Inventory.Sensors.Any(s => s.SensorType == SensorTypes.PhysicalSecurity && s.Kind != SensorKind.EventOnly))
        {
            return null;
        }

        GetChassisStatus? status = await model.ChassisStatusAsync(cancellationToken);
        return status is { Intrusion: true } || (await model.Chassis.CapabilitiesAsync(state.Inventory, cancellationToken)).HasIntrusionSensor ? status : null;
    }

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await StatusAsync(model, state, cancellationToken) is not { } status)
        {
            yield break;
        }

        CimInstance instance = IpmiPaths.NewDevice(request, model, IpmiPaths.IntrusionId(model), "Chassis Intrusion");
        instance["Name"] = "Chassis Intrusion";
        instance["SensorType"] = Intrusion;
        instance["SensorContext"] = "Chassis";
        instance["PossibleStates"] = new[] { Closed, s_open.Text };
        instance["CurrentState"] = status.Intrusion ? s_open.Text : Closed;
        instance["ReadingTime"] = Models.Host.Time.GetUtcNow();
        Health.Set(instance, status.Intrusion ? s_open.Severity : StateSeverity.Ok, ReadingState.Ok, status.Intrusion ? [s_open.Text] : []);
        Health.SetEnabled(instance, ReadingState.Ok);
        yield return instance;
    }
}
