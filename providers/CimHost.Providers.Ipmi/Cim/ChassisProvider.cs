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

/// <summary>The chassis of a machine (DSP1011): its FRU and its chassis status.</summary>
[CimProvider("OMC_Chassis")]
[method: ImportingConstructor]
internal sealed class ChassisProvider(IpmiModels models) : IpmiProvider(models)
{
    // SMBIOS enclosure types that CIM numbers alike; the rest of SMBIOS's list has other meanings or none there.
    private const byte LastEnclosureType = 0x24;

    // Bits of the last power event, in order (IPMI 2.0 §28.2).
    private static readonly string[] s_powerEvents =
        ["AC failed", "Power overload", "Power interlock", "Power fault", "Switched on by command"];

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CimInstance instance = request.NewInstance();
        instance["Tag"] = IpmiPaths.ChassisTag(model);
        instance["CreationClassName"] = request.CimClass.ClassName;
        instance["ElementName"] = "Chassis";
        instance["Caption"] = "Chassis of " + model.MachineName;
        instance["PackageType"] = (ushort)3;
        if (state.Failure is { } failure)
        {
            Health.Set(instance, null, ReadingState.TimedOut, failure.Message);
            yield return instance;
            yield break;
        }

        BmcAssets assets = await model.AssetsAsync(state.Inventory, cancellationToken);
        Describe(instance, assets.Machine);
        GetChassisStatus? status = assets.Failure is null && state.Inventory.Device.HasChassis ? await model.ChassisStatusAsync(cancellationToken) : null;
        SetStatus(instance, status, Problems(assets));
        if (status is not null && request.Wants("LastRestartCause"))
        {
            instance["LastRestartCause"] = (ushort?)await model.Chassis.RestartCauseAsync(cancellationToken);
        }

        yield return instance;
        if (assets.Failure is { } reason)
        {
            throw CimException.Failed(reason);
        }
    }

    private static void Describe(CimInstance instance, FruInventory? fru)
    {
        instance["Manufacturer"] = fru?.Product?.Manufacturer ?? fru?.Board?.Manufacturer;
        instance["Model"] = fru?.Product?.ProductName ?? fru?.Board?.ProductName;
        instance["SerialNumber"] = fru?.Chassis?.SerialNumber ?? fru?.Product?.SerialNumber;
        instance["PartNumber"] = fru?.Chassis?.PartNumber ?? fru?.Product?.PartNumber;
        instance["Version"] = fru?.Product?.Version;
        instance["UserTracking"] = fru?.Product?.AssetTag;
        instance["Name"] = fru?.Product?.ProductName;
        instance["CanBeFRUed"] = fru is null ? default(CimValue) : true;
        byte type = fru?.Chassis?.Type ?? 0;
        bool known = type is > 0 and <= LastEnclosureType;

        // SMBIOS 17h is a rack-mount chassis, a number that CIM keeps reserved for SMBIOS; there it is the main system chassis.
        ushort package = type is 0x17 or 0x19 ? (ushort)17 : type is 0x1D ? (ushort)28 : type is 0x02 ? (ushort)0 : type;
        instance["ChassisPackageType"] = known ? package : (ushort)0;
        instance["ChassisTypes"] = known ? new ushort[] { type } : null;
        instance["RackMountable"] = type == 0x17 ? (ushort)2 : default(CimValue);
    }

    private static string[] Problems(BmcAssets assets)
    {
        FruDevice? own = assets.Frus.FirstOrDefault(f => f.Address.IsMachine);
        return own is null ? [] : own.Problem is { } problem ? [problem] : [.. own.Inventory?.Problems ?? []];
    }

    private static void SetStatus(CimInstance instance, GetChassisStatus? status, string[] problems)
    {
        (bool Set, string Text)[] faults = status is null ? [] :
        [
            (status.PowerFault, "Main power fault"), (status.PowerOverload, "Power overload"), (status.PowerControlFault, "Power control fault"),
            (status.CoolingFault, "Cooling fault"), (status.DriveFault, "Drive fault"), (status.Intrusion, "Chassis intrusion"),
        ];
        string[] set = [.. faults.Where(f => f.Set).Select(f => f.Text)];
        StateSeverity? severity = status is null ? null
            : status.PowerFault || status.PowerOverload || status.CoolingFault ? StateSeverity.Critical
            : set.Length > 0 ? StateSeverity.Degraded
            : StateSeverity.Ok;
        Health.Set(instance, severity, status is null ? ReadingState.Unavailable : ReadingState.Ok, [.. set, .. problems]);
        if (status is not null)
        {
            // The switch tells that the chassis is open, not who opened it: "Other" than none.
            instance["SecurityBreach"] = (ushort)(status.Intrusion ? 1 : 3);
            instance["BreachDescription"] = status.Intrusion ? "The chassis intrusion switch is active." : null;
            instance["PoweredOn"] = status.IsPowerOn;
            Flags(instance, status);
        }
    }

    private static void Flags(CimInstance instance, GetChassisStatus status)
    {
        instance["Intrusion"] = status.Intrusion;
        instance["PowerFault"] = status.PowerFault;
        instance["PowerOverload"] = status.PowerOverload;
        instance["PowerControlFault"] = status.PowerControlFault;
        instance["PowerInterlock"] = status.Interlock;
        instance["CoolingFault"] = status.CoolingFault;
        instance["DriveFault"] = status.DriveFault;
        instance["PowerRestorePolicy"] = (ushort)status.RestorePolicy;
        instance["LastPowerEvents"] = s_powerEvents.Where((_, i) => (status.LastPowerEvent & (1 << i)) != 0).ToArray();
    }
}
