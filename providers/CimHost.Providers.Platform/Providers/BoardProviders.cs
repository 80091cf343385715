using System.Composition;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_Card: one instance per board.</summary>
[CimProvider(ClassNames.Card)]
[method: ImportingConstructor]
internal sealed class CardProvider(SmbiosSource source) : SmbiosProvider<Baseboard>(source)
{
    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, Baseboard record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, record.Product ?? tag);
        instance["Manufacturer"] = record.Manufacturer;
        instance["Model"] = record.Product;
        instance["Version"] = PlatformPaths.Short(record.Version);
        instance["SerialNumber"] = record.SerialNumber;
        instance["UserTracking"] = record.AssetTag;
        instance["BoardType"] = record.BoardTypeName;
        instance["LocationInChassis"] = record.LocationInChassis;
        instance["PackageType"] = (ushort)9;
        instance["HostingBoard"] = (record.Features & 0x01) != 0;
        instance["RequiresDaughterBoard"] = (record.Features & 0x02) != 0;
        instance["RemovalConditions"] = (ushort)((record.Features & 0x10) != 0 ? 4 : (record.Features & 0x04) != 0 ? 3 : 2);
        instance["CanBeFRUed"] = (record.Features & 0x08) != 0;
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }
}

/// <summary>CimHost_ProcessorPackage: one instance per processor in a socket.</summary>
[CimProvider(ClassNames.ProcessorPackage)]
[method: ImportingConstructor]
internal sealed class ProcessorPackageProvider(SmbiosSource source) : SmbiosProvider<ProcessorInformation>(source)
{
    /// <inheritdoc/>
    protected override bool IsTold(ProcessorInformation record) => record.IsPopulated;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, ProcessorInformation record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        instance["SocketDesignation"] = record.SocketDesignation;
        instance["Manufacturer"] = record.Manufacturer;
        instance["Model"] = record.Version;
        instance["SerialNumber"] = record.SerialNumber;
        instance["PartNumber"] = record.PartNumber;
        instance["UserTracking"] = record.AssetTag;
        instance["PackageType"] = (ushort)12;
        instance["RemovalConditions"] = (ushort)3;
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }
}

/// <summary>CimHost_PowerSupplyPackage: one instance per power supply that the firmware tells as present.</summary>
[CimProvider(ClassNames.PowerSupplyPackage)]
[method: ImportingConstructor]
internal sealed class PowerSupplyPackageProvider(SmbiosSource source) : SmbiosProvider<PowerSupplyInformation>(source)
{
    /// <inheritdoc/>
    protected override bool IsTold(PowerSupplyInformation record) => record.IsPresent;

    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, PowerSupplyInformation record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, tag);
        instance["Location"] = record.Location;
        instance["UnitGroup"] = record.UnitGroup == 0 ? CimValue.Null : (ushort)record.UnitGroup;
        instance["MaxPowerCapacity"] = (uint?)record.MaxPower;
        instance["Manufacturer"] = record.Manufacturer;
        instance["Model"] = record.DeviceName;
        instance["SerialNumber"] = record.SerialNumber;
        instance["PartNumber"] = record.ModelPartNumber;
        instance["Version"] = PlatformPaths.Short(record.Revision);
        instance["UserTracking"] = record.AssetTag;
        instance["PackageType"] = (ushort)6;
        instance["RemovalConditions"] = (ushort)(record.IsHotReplaceable ? 4 : 3);
        instance["BootUpState"] = SmbiosText.Name(DeviceStatus.Names, record.Status);
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }
}

/// <summary>CimHost_BatteryPackage: one instance per portable battery that the firmware tells.</summary>
[CimProvider(ClassNames.BatteryPackage)]
[method: ImportingConstructor]
internal sealed class BatteryPackageProvider(SmbiosSource source) : SmbiosProvider<PortableBattery>(source)
{
    /// <inheritdoc/>
    protected override ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, PortableBattery record, CancellationToken cancellationToken)
    {
        string tag = inventory.NameOf(record);
        CimInstance instance = PlatformPaths.NewPhysical(request, tag, record.DeviceName ?? tag);
        instance["Location"] = record.Location;
        instance["Manufacturer"] = record.Manufacturer;
        instance["Model"] = record.DeviceName;
        instance["SerialNumber"] = record.SerialNumber;
        instance["Chemistry"] = record.Chemistry;
        instance["DesignCapacity"] = record.DesignCapacity is { } capacity ? (uint)capacity : CimValue.Null;
        instance["DesignVoltage"] = (uint?)record.DesignVoltage;
        instance["PackageType"] = (ushort)11;
        Health.Unknown.Set(instance);
        return ValueTask.FromResult(instance);
    }
}
