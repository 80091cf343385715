using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>What can be asked of the power of a machine (DSP1027).</summary>
[CimProvider(IpmiPaths.PowerCapabilitiesClass)]
[method: ImportingConstructor]
internal sealed class PowerCapabilitiesProvider(IpmiModels models) : IpmiProvider(models)
{
    // Power state settable, power cycling, off-hard power cycling, hardware reset, graceful shutdown.
    private static readonly ushort[] s_changes = [3, 4, 6, 7, 8];

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!state.Inventory.Device.HasChassis || state.Failure is not null)
        {
            yield break;
        }

        GetChassisCapabilities capabilities = await model.Chassis.CapabilitiesAsync(state.Inventory, cancellationToken);
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = IpmiPaths.PowerCapabilitiesId(model);
        instance["ElementName"] = "Power management capabilities of " + model.MachineName;
        instance["PowerStatesSupported"] = new ushort[] { PowerStates.On, PowerStates.OffSoft };
        instance["PowerChangeCapabilities"] = model.MayControl ? s_changes : [];
        instance["RequestedPowerStatesSupported"] = model.MayControl ? PowerStates.Requestable(capabilities) : [];
        yield return instance;
    }
}
