using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>How the power management service and the identify light belong to the machine, and the power state in between (DSP1027).</summary>
[CimProvider(AssociatedService, ElementCapabilities, HostedService, AssociatedLight, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class PowerAssociationProvider(IpmiModels models) : IpmiAssociationProvider(models)
{
    private const string AssociatedService = "OMC_AssociatedPowerManagementService";
    private const string ElementCapabilities = "OMC_ElementCapabilities";
    private const string HostedService = "OMC_HostedService";
    private const string AssociatedLight = "OMC_AssociatedIndicatorLED";
    private const ushort TransitionsNotTold = 18;

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!state.Inventory.Device.HasChassis)
        {
            yield break;
        }

        CimObjectPath system = IpmiPaths.System(model, request.Namespace), service = IpmiPaths.PowerService(model, request.Namespace);
        switch (request.CimClass.ClassName)
        {
            case HostedService:
                yield return Link(request, system, service);
                break;
            case AssociatedLight:
                yield return Link(request, system, IpmiPaths.Device(IpmiPaths.LedClass, model, IpmiPaths.LedId(model), request.Namespace));
                break;
            case ElementCapabilities:
                var capabilities = new CimObjectPath(IpmiPaths.PowerCapabilitiesClass, "InstanceID", IpmiPaths.PowerCapabilitiesId(model), request.Namespace);
                yield return Link(request, service, capabilities);
                yield return Link(request, system, capabilities);
                break;
            default:
                yield return await StateAsync(model, state, request, service, system, cancellationToken);
                break;
        }
    }

    private static async ValueTask<CimInstance> StateAsync(
        BmcModel model, InventoryState state, CimProviderRequest request, CimObjectPath service, CimObjectPath system, CancellationToken cancellationToken)
    {
        CimInstance link = Link(request, service, system);
        link["RequestedPowerState"] = Requested(model.Chassis.LastRequested);
        link["TransitioningToPowerState"] = TransitionsNotTold;
        if (state.Failure is null && await model.ChassisStatusAsync(cancellationToken) is { } status)
        {
            link["PowerState"] = status.IsPowerOn ? PowerStates.On : PowerStates.OffSoft;
            link["AvailableRequestedPowerStates"] = model.MayControl
                ? PowerStates.Available(status.IsPowerOn, await model.Chassis.CapabilitiesAsync(state.Inventory, cancellationToken))
                : [];
        }

        return link;
    }

    // The numbers of requests go on where those of the property have "not applicable" in between.
    private static ushort Requested(ushort? asked) =>
        asked is not { } state ? PowerStates.NotApplicable : state < PowerStates.NotApplicable ? state : (ushort)(state + 1);
}
