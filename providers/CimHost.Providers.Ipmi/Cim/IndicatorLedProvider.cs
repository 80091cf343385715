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

/// <summary>Identify lights of chassis (IPMI 2.0 §28.5), read from the chassis status. They harm nobody, so no configuration stands before them.</summary>
[CimProvider(IpmiPaths.LedClass)]
[method: ImportingConstructor]
internal sealed class IndicatorLedProvider(IpmiModels models) : IpmiProvider(models), ICimMethods
{
    private const ushort Lit = 2;
    private const ushort Off = 4;
    private const ushort Location = 3;
    private const ushort Manual = 3;

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(
        CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        BmcModel model = Models.Current.FirstOrDefault(m => IpmiPaths.IsPart(m, target, "DeviceID", IpmiPaths.LedId(m))) ?? throw CimException.NotFound(target);
        if (!string.Equals(method.Name, "SetActivationState", StringComparison.OrdinalIgnoreCase))
        {
            throw MethodResult.NotCarriedOut(request, method);
        }

        byte? time = parameters["Seconds"]?.Value.TryGetUInt64(out ulong seconds) is true ? (byte)Math.Min(seconds, byte.MaxValue) : null;
        ulong state = parameters["ActivationState"]?.Value.TryGetUInt64(out ulong wanted) is true ? wanted : 0;
        return state is not (Lit or Off) || (state == Lit && time == 0)
            ? new CimMethodResult(MethodResult.InvalidParameter)
            : await MethodResult.OfAsync(Models.Host, model, method, () => model.Chassis.IdentifyAsync(state == Off ? (byte)0 : time, cancellationToken));
    }

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!state.Inventory.Device.HasChassis)
        {
            yield break;
        }

        CimInstance instance = IpmiPaths.NewDevice(request, model, IpmiPaths.LedId(model), "Identify light of " + model.MachineName);
        instance["Name"] = "Identify";
        instance["IndicatedConditions"] = new[] { Location };
        instance["ControlMode"] = Manual;
        instance["DefaultActivationState"] = Off;
        instance["RequestedState"] = (ushort)12;
        GetChassisStatus? status = state.Failure is null ? await model.ChassisStatusAsync(cancellationToken) : null;
        bool known = status is { TellsIdentify: true, Identify: <= 2 };
        instance["ActivationState"] = !known ? (ushort)0 : status!.Identify == 0 ? Off : Lit;
        instance["Temporary"] = known && status!.Identify != 0 ? status.Identify == 1 : default(CimValue);
        instance["EnabledState"] = (ushort)(status is null ? 0 : 2);
        Health.Set(
            instance,
            status is null ? null : StateSeverity.Ok,
            state.Failure is not null ? ReadingState.TimedOut : status is null ? ReadingState.Unavailable : ReadingState.Ok,
            state.Failure is { } failure ? [failure.Message] : []);
        yield return instance;
    }
}
