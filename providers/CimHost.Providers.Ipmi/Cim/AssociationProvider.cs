using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>
/// How the instances of this package belong together. Nothing is read for it but the inventory, the FRUs where cards take part, and what
/// tells whether there is a watchdog, an intrusion switch or DCMI.
/// </summary>
[CimProvider(
    SystemDevice,
    AssociatedSensor,
    AssociatedCooling,
    SuppliesPower,
    ComputerSystemPackage,
    PackageInChassis,
    Realizes,
    InstalledSoftwareIdentity,
    ElementSoftwareIdentity)]
[method: ImportingConstructor]
internal sealed class AssociationProvider(IpmiModels models) : IpmiAssociationProvider(models)
{
    private const string SystemDevice = "OMC_SystemDevice";
    private const string AssociatedSensor = "OMC_AssociatedSensor";
    private const string AssociatedCooling = "OMC_AssociatedCooling";
    private const string SuppliesPower = "OMC_SuppliesPower";
    private const string ComputerSystemPackage = "OMC_ComputerSystemPackage";
    private const string PackageInChassis = "OMC_PackageInChassis";
    private const string Realizes = "OMC_Realizes";
    private const string InstalledSoftwareIdentity = "OMC_InstalledSoftwareIdentity";
    private const string ElementSoftwareIdentity = "OMC_ElementSoftwareIdentity";

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string name = request.CimClass.ClassName;
        BmcInventory inventory = state.Inventory;
        bool needsAssets = name is PackageInChassis or Realizes or InstalledSoftwareIdentity or ElementSoftwareIdentity;
        BmcAssets? assets = needsAssets && state.Failure is null ? await model.AssetsAsync(inventory, cancellationToken) : null;
        foreach ((CimObjectPath first, CimObjectPath second) in Links(name, model, inventory, assets, request.Namespace))
        {
            yield return Link(request, first, second);
        }

        if (name is SystemDevice or AssociatedSensor && state.Failure is null)
        {
            CimObjectPath system = IpmiPaths.System(model, request.Namespace);
            await foreach (CimObjectPath device in FurtherAsync(model, state, sensorsOnly: name == AssociatedSensor, request.Namespace, cancellationToken))
            {
                yield return name == SystemDevice ? Link(request, system, device) : Link(request, device, system);
            }
        }

        if (assets?.Failure is { } reason)
        {
            throw CimException.Failed(reason);
        }
    }

    private static IEnumerable<(CimObjectPath, CimObjectPath)> Links(string name, BmcModel model, BmcInventory inventory, BmcAssets? assets, string ns)
    {
        CimObjectPath system = IpmiPaths.System(model, ns);
        CimObjectPath chassis = IpmiPaths.Physical("OMC_Chassis", IpmiPaths.ChassisTag(model), ns);
        return name switch
        {
            SystemDevice => Devices(model, inventory, ns).Select(d => (system, d)),
            AssociatedSensor => Sensors(model, inventory, system, ns),
            AssociatedCooling => Fans(model, inventory, ns).Select(f => (f.Path, system)),
            SuppliesPower => PowerSupplies(model, inventory, ns).Select(p => (p.Path, system)),
            ComputerSystemPackage => [(chassis, system)],
            PackageInChassis => Cards(model, assets, ns).Select(c => (chassis, c.Path)),
            Realizes => Cards(model, assets, ns).SelectMany(c => Realized(model, inventory, c.Fru, ns).Select(d => (c.Path, d))),
            InstalledSoftwareIdentity => Identities(model, assets, ns).Select(i => (system, i)),
            _ => Identities(model, assets, ns).Select(i => (i, system)),
        };
    }

    // Devices that no record describes.
    private static async IAsyncEnumerable<CimObjectPath> FurtherAsync(BmcModel model, InventoryState state, bool sensorsOnly, string ns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await model.PowerReadingAsync(cancellationToken) is not null)
        {
            yield return IpmiPaths.Device(IpmiPaths.DcmiPowerClass, model, IpmiPaths.DcmiPowerId(model), ns);
        }

        if (await IntrusionSensorProvider.StatusAsync(model, state, cancellationToken) is not null)
        {
            yield return IpmiPaths.Device(IpmiPaths.IntrusionClass, model, IpmiPaths.IntrusionId(model), ns);
        }

        if (!sensorsOnly && state.Inventory.Device.HasChassis)
        {
            yield return IpmiPaths.Device(IpmiPaths.LedClass, model, IpmiPaths.LedId(model), ns);
        }

        if (!sensorsOnly && await model.Watchdog.ReadAsync(cancellationToken) is not null)
        {
            yield return IpmiPaths.Device(IpmiPaths.WatchdogClass, model, IpmiPaths.WatchdogId(model), ns);
        }
    }

    private static IEnumerable<CimObjectPath> Devices(BmcModel model, BmcInventory inventory, string ns) =>
    [
        .. inventory.Sensors.Where(s => s.Kind != SensorKind.EventOnly).Select(s => IpmiPaths.Device(IpmiPaths.SensorClass(s), model, s.DeviceId, ns)),
        .. inventory.Sensors.Select(s => IpmiPaths.Device("OMC_RawIpmiSensor", model, s.DeviceId, ns)),
        .. Fans(model, inventory, ns).Select(f => f.Path),
        .. PowerSupplies(model, inventory, ns).Select(p => p.Path),
    ];

    // A sensor belongs to the fan or power supply that it watches, else to the machine.
    private static IEnumerable<(CimObjectPath, CimObjectPath)> Sensors(BmcModel model, BmcInventory inventory, CimObjectPath system, string ns)
    {
        (MachineDevice Device, CimObjectPath Path)[] devices = [.. Fans(model, inventory, ns), .. PowerSupplies(model, inventory, ns)];
        foreach (BmcSensor sensor in inventory.Sensors.Where(s => s.Kind != SensorKind.EventOnly))
        {
            CimObjectPath path = IpmiPaths.Device(IpmiPaths.SensorClass(sensor), model, sensor.DeviceId, ns);
            CimObjectPath[] watched = [.. devices.Where(d => d.Device.Sensors.Contains(sensor)).Select(d => d.Path)];
            foreach (CimObjectPath target in watched.Length > 0 ? watched : [system])
            {
                yield return (path, target);
            }
        }
    }

    private static IEnumerable<CimObjectPath> Realized(BmcModel model, BmcInventory inventory, FruDevice fru, string ns) =>
        fru.Address.IsMachine ? [] : Fans(model, inventory, ns).Concat(PowerSupplies(model, inventory, ns)).Where(d => d.Device.Entity == fru.Entity).Select(d => d.Path);

    private static IEnumerable<(MachineDevice Device, CimObjectPath Path)> Fans(BmcModel model, BmcInventory inventory, string ns) =>
        MachineDevices.Fans(model.Port.Name, inventory).Select(f => (f, IpmiPaths.Device("OMC_Fan", model, f.DeviceId, ns)));

    private static IEnumerable<(MachineDevice Device, CimObjectPath Path)> PowerSupplies(BmcModel model, BmcInventory inventory, string ns) =>
        MachineDevices.PowerSupplies(model.Port.Name, inventory).Select(p => (p, IpmiPaths.Device("OMC_PowerSupply", model, p.DeviceId, ns)));

    private static IEnumerable<(FruDevice Fru, CimObjectPath Path)> Cards(BmcModel model, BmcAssets? assets, string ns) =>
        assets is null ? [] : CardProvider.Cards(assets).Select(f => (f, IpmiPaths.Physical("OMC_Card", IpmiPaths.CardTag(model, f), ns)));

    private static IEnumerable<CimObjectPath> Identities(BmcModel model, BmcAssets? assets, string ns)
    {
        yield return IpmiPaths.Firmware(IpmiPaths.BmcFirmwareId(model), ns);
        if (assets?.BiosVersion is not null)
        {
            yield return IpmiPaths.Firmware(IpmiPaths.BiosId(model), ns);
        }
    }
}
