using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>The managed machines, one for each management controller.</summary>
[CimProvider("OMC_UnitaryComputerSystem")]
[method: ImportingConstructor]
internal sealed class ComputerSystemProvider(IpmiModels models) : IpmiProvider(models)
{
    private const ushort FullPower = 1;
    private const ushort PowerOff = 6;

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CimInstance instance = request.NewInstance();
        instance["CreationClassName"] = IpmiPaths.SystemClass;
        instance["Name"] = model.MachineName;
        instance["ElementName"] = model.MachineName;
        instance["NameFormat"] = "Other";
        instance["Dedicated"] = new ushort[] { 0 };
        instance["ManagementPort"] = model.Port.Name;
        if (state.Failure is { } failure)
        {
            Health.Set(instance, null, ReadingState.TimedOut, failure.Message);
            yield return instance;
            yield break;
        }

        if (request.Wants("Caption", "OtherIdentifyingInfo", "IdentifyingDescriptions"))
        {
            Identify(instance, await model.AssetsAsync(state.Inventory, cancellationToken));
        }

        if (state.Inventory.Device.HasChassis && request.Wants("EnabledState", "PowerState", "HealthState", "OperationalStatus", "StatusDescriptions", "PrimaryStatus", "CommunicationStatus"))
        {
            SetStatus(instance, await model.ChassisStatusAsync(cancellationToken));
        }

        yield return instance;
    }

    private static void Identify(CimInstance instance, BmcAssets assets)
    {
        FruInventory? fru = assets.Machine;
        instance["Caption"] = string.Join(' ', new[] { fru?.Product?.Manufacturer, fru?.Product?.ProductName }.OfType<string>()) is { Length: > 0 } product ? product : null;
        (string Description, string? Value)[] identities =
        [
            ("CIM:GUID", assets.SystemGuid?.ToString().ToUpperInvariant()),
            ("CIM:Model:SerialNumber", fru?.Product?.SerialNumber),
            ("CIM:Tag", fru?.Product?.AssetTag),
        ];
        instance["OtherIdentifyingInfo"] = identities.Where(i => i.Value is not null).Select(i => i.Value).ToArray();
        instance["IdentifyingDescriptions"] = identities.Where(i => i.Value is not null).Select(i => i.Description).ToArray();
    }

    private static void SetStatus(CimInstance instance, GetChassisStatus? status)
    {
        if (status is null)
        {
            return;
        }

        string[] faults = [.. new[]
        {
            status.PowerFault ? "Main power fault" : null, status.PowerOverload ? "Power overload" : null,
            status.CoolingFault ? "Cooling fault" : null, status.DriveFault ? "Drive fault" : null,
        }.OfType<string>()];
        Health.Set(instance, faults.Length > 0 ? StateSeverity.Degraded : StateSeverity.Ok, ReadingState.Ok, faults);
        instance["EnabledState"] = (ushort)(status.IsPowerOn ? 2 : 3);
        instance["PowerState"] = status.IsPowerOn ? FullPower : PowerOff;
    }
}
