using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Switches machines on and off (DSP1027).</summary>
[CimProvider(IpmiPaths.PowerServiceClass, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class PowerServiceProvider(IpmiModels models) : IpmiProvider(models), ICimMethods
{
    private const uint InvalidTransition = 4097;
    private const uint NoTimeout = 4098;

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(
        CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        BmcModel model = Models.Current.FirstOrDefault(m => IpmiPaths.IsPart(m, target, "Name", IpmiPaths.PowerServiceName(m))) ?? throw CimException.NotFound(target);
        if (!string.Equals(method.Name, "RequestPowerStateChange", StringComparison.OrdinalIgnoreCase))
        {
            throw MethodResult.NotCarriedOut(request, method);
        }

        InventoryState state = await model.InventoryAsync(cancellationToken);
        if (state.Failure is { } failure)
        {
            throw Unreadable(model, failure);
        }

        if (!state.Inventory.Device.HasChassis)
        {
            throw CimException.NotFound(target);
        }

        MethodResult.DemandControl(model, request, method);
        return await RequestAsync(model, state.Inventory, method, parameters, cancellationToken);
    }

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (!state.Inventory.Device.HasChassis)
        {
            yield break;
        }

        CimInstance instance = request.NewInstance();
        instance["SystemCreationClassName"] = IpmiPaths.SystemClass;
        instance["SystemName"] = model.MachineName;
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["Name"] = IpmiPaths.PowerServiceName(model);
        instance["ElementName"] = "Power management of " + model.MachineName;
        instance["Started"] = state.Failure is null;
        instance["EnabledState"] = (ushort)(state.Failure is not null ? 0 : model.MayControl ? 2 : 3);
        instance["RequestedState"] = (ushort)12;
        Health.Set(
            instance,
            state.Failure is null ? StateSeverity.Ok : null,
            state.Failure is null ? ReadingState.Ok : ReadingState.TimedOut,
            state.Failure is { } failure ? [failure.Message] : model.MayControl ? [] : [MethodResult.OwnComputer(model)]);
        yield return instance;
    }

    private async ValueTask<CimMethodResult> RequestAsync(
        BmcModel model, BmcInventory inventory, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        GetChassisCapabilities capabilities = await model.Chassis.CapabilitiesAsync(inventory, cancellationToken);
        CimObjectPath? element = parameters["ManagedElement"]?.Value.AsReference();
        if (parameters["PowerState"]?.Value.TryGetUInt64(out ulong wanted) is not true
            || element is null || !string.Equals(element.ClassName, IpmiPaths.SystemClass, StringComparison.OrdinalIgnoreCase) || element["Name"].AsString() != model.MachineName)
        {
            return new CimMethodResult(MethodResult.InvalidParameter);
        }

        // At once or not at all: a controller plans nothing.
        if (!IsNothing(parameters["Time"]))
        {
            return new CimMethodResult(MethodResult.InvalidParameter);
        }

        if (!IsNothing(parameters["TimeoutPeriod"]))
        {
            return new CimMethodResult(NoTimeout);
        }

        if (wanted > ushort.MaxValue || !PowerStates.Requestable(capabilities).Contains((ushort)wanted))
        {
            return new CimMethodResult(MethodResult.NotSupported);
        }

        if (await model.ChassisStatusAsync(cancellationToken) is not { } status || !PowerStates.Available(status.IsPowerOn, capabilities).Contains((ushort)wanted))
        {
            return new CimMethodResult(InvalidTransition);
        }

        Models.Host.Log.Information($"{model.Port.Name} ({model.Port.Description}): power state {wanted} of {model.MachineName} is asked for.");
        return await MethodResult.OfAsync(Models.Host, model, method, () => model.Chassis.ControlAsync(PowerStates.Control((ushort)wanted), (ushort)wanted, cancellationToken));
    }

    private static bool IsNothing(CimMethodParameter? parameter) =>
        parameter is null || parameter.Value.IsNull || (parameter.Value.AsDateTime() is { IsInterval: true } interval && interval.ToTimeSpan() == TimeSpan.Zero);
}
