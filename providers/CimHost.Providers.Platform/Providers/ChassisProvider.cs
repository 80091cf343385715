using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Rollup;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Chassis: one instance per enclosure that the firmware tells.</summary>
[CimProvider(ClassNames.Chassis)]
[method: ImportingConstructor]
internal sealed class ChassisProvider(SmbiosSource source, HealthRollup rollup) : SmbiosProvider<Enclosure>(source)
{
    private const byte RackMount = 23;
    private const float InchesPerRackUnit = 1.75f;

    /// <inheritdoc/>
    protected override async ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, Enclosure record, CancellationToken cancellationToken)
    {
        CimInstance instance = PlatformPaths.NewPhysical(request, inventory.NameOf(record), record.ChassisTypeName ?? "Chassis");
        instance["Manufacturer"] = record.Manufacturer;
        instance["Version"] = PlatformPaths.Short(record.Version);
        instance["SerialNumber"] = record.SerialNumber;
        instance["UserTracking"] = record.AssetTag;
        instance["SKU"] = PlatformPaths.Short(record.Sku);
        instance["PackageType"] = (ushort)3;
        instance["ChassisPackageType"] = ChassisType(record.ChassisType);
        instance["ChassisTypeDescription"] = record.ChassisTypeName;
        instance["RackMountable"] = (ushort)(record.ChassisType == RackMount ? 1 : 0);
        instance["RackUnits"] = (ushort?)record.Height;
        instance["Height"] = record.Height * InchesPerRackUnit;
        instance["NumberOfPowerCords"] = (ushort?)record.PowerCords;
        instance["LockPresent"] = record.HasLock;
        instance["BootUpState"] = Enclosure.StateName(record.BootUpState);
        instance["PowerSupplyState"] = Enclosure.StateName(record.PowerSupplyState);
        instance["ThermalState"] = Enclosure.StateName(record.ThermalState);

        // The states above are those of the last boot; how it is now, its fans, power supplies and sensors tell.
        if (request.Wants("HealthState", "OperationalStatus", "StatusDescriptions"))
        {
            (await rollup.ChassisAsync(cancellationToken)).Health.Set(instance);
        }

        return instance;
    }

    // CIM counts like SMBIOS from 3 (Desktop) on; where it says "SMBIOS Reserved" it has no number for the kind.
    private static ushort ChassisType(byte type) => type switch
    {
        1 => 1,
        2 or 0 => 0,
        29 => 28,
        23 or 25 or 28 => 1,
        <= 36 => type,
        _ => 1,
    };
}
