using System.Composition;
using System.Globalization;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>What is known of a disk without asking for its state: its blocks, its controller, its package.</summary>
[CimProvider(ClassNames.StorageExtent, ClassNames.DiskController, ClassNames.DiskPackage, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class PartProvider(IProviderHost host, StorageDevices devices, DiskControllers controllers) : StorageProvider(host, devices)
{
    private const ushort StorageMedia = 15;
    private const string ControllerPart = "controller";

    /// <inheritdoc/>
    public override async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken) =>
        path["DeviceID"].AsString() is { } id && await FirstOfAsync(id, cancellationToken) is { } device
            ? await GetOfAsync(device, request, path, cancellationToken)
            : await base.GetAsync(request, path, cancellationToken);

    /// <summary>DeviceID of the controller of a device; null when it is not known.</summary>
    public static async ValueTask<string?> ControllerIdAsync(DiskControllers controllers, DiskIdentity identity, string location, CancellationToken cancellationToken) =>
        DiskControllers.IsOwn(identity) ? $"{identity.DeviceId}/{ControllerPart}" : await controllers.AdapterOfAsync(location, cancellationToken);

    protected override bool Serves(DiskIdentity identity) => identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        CimInstance instance = request.NewInstance();
        switch (request.CimClass.ClassName)
        {
            case ClassNames.StorageExtent:
                return identity.Blocks == 0 ? [] : [Extent(instance, identity)];
            case ClassNames.DiskPackage:
                return [Package(instance, identity)];
            default:
                // One of the devices of an adapter tells it: the first in the host's list.
                return await ControllerIdAsync(controllers, identity, device.Port.Location, cancellationToken) is { } id
                    && (DiskControllers.IsOwn(identity) || ReferenceEquals(await FirstOfAsync(id, cancellationToken), device))
                    ? [await ControllerAsync(instance, identity, id, device.Port.Location, cancellationToken)]
                    : [];
        }
    }

    // Where a device is attached is known without asking it.
    private async ValueTask<StorageDevice?> FirstOfAsync(string id, CancellationToken cancellationToken)
    {
        foreach (StorageDevice device in Devices.All())
        {
            if (await controllers.AdapterOfAsync(device.Port.Location, cancellationToken) == id)
            {
                return device;
            }
        }

        return null;
    }

    private CimInstance Extent(CimInstance instance, DiskIdentity identity)
    {
        StoragePaths.SetDevice(Host, instance, identity);
        DiskDriveProperties.SetTexts(instance, identity, "Blocks of");
        instance["DriveID"] = identity.DeviceId;
        instance["Name"] = identity.DeviceId;
        instance["NameFormat"] = (ushort)(identity.DeviceId.StartsWith("naa.", StringComparison.Ordinal) ? 9 : identity.DeviceId.StartsWith("eui.", StringComparison.Ordinal) ? 10 : 1);
        instance["BlockSize"] = (ulong)identity.BlockSize;
        instance["NumberOfBlocks"] = identity.Blocks;
        instance["ConsumableBlocks"] = identity.Blocks;
        instance["DataOrganization"] = (ushort)2;
        instance["Access"] = (ushort)3;
        instance["Primordial"] = true;
        instance["IsComposite"] = false;
        instance["EnabledState"] = (ushort)2;
        return instance;
    }

    private static CimInstance Package(CimInstance instance, DiskIdentity identity)
    {
        instance["CreationClassName"] = instance.ClassName;
        instance["Tag"] = identity.DeviceId;
        DiskDriveProperties.SetTexts(instance, identity, "Disk");
        instance["Manufacturer"] = identity.Vendor.Length > 0 ? identity.Vendor : null;
        instance["Model"] = identity.Model;
        instance["SerialNumber"] = identity.SerialNumber.Length > 0 ? identity.SerialNumber : null;
        instance["Version"] = identity.Firmware;
        instance["PackageType"] = StorageMedia;
        instance["CanBeFRUed"] = true;
        return instance;
    }

    private async ValueTask<CimInstance> ControllerAsync(CimInstance instance, DiskIdentity identity, string id, string location, CancellationToken cancellationToken)
    {
        const string Pci = "pci-";
        const ushort Other = 1;
        const ushort Sata = 48;
        bool own = DiskControllers.IsOwn(identity);
        string place = own ? location : id;
        ControllerFacts facts = await controllers.ReadAsync(place.StartsWith(Pci, StringComparison.Ordinal) ? place[Pci.Length..] : null, own ? string.Empty : location, cancellationToken);
        string protocol = facts.Protocol ?? identity.Interconnect;
        string? firmware = own ? identity.Firmware : facts.Firmware;
        instance["SystemCreationClassName"] = ClassNames.ComputerSystem;
        instance["SystemName"] = Host.SystemName;
        instance["CreationClassName"] = instance.ClassName;
        instance["DeviceID"] = id;
        instance["Name"] = id;
        instance["ElementName"] = own ? $"NVMe controller {identity.Model} ({identity.SerialNumber})" : $"{protocol} controller {facts.Board ?? facts.Driver ?? string.Empty} {id}".Replace("  ", " ", StringComparison.Ordinal);
        instance["Caption"] = $"{protocol} controller";
        instance["Location"] = place;
        instance["ControllerType"] = Other;
        instance["OtherControllerType"] = protocol;
        instance["ProtocolSupported"] = protocol == "SATA" ? Sata : Other;
        instance["ProtocolDescription"] = protocol;
        instance["VendorID"] = facts.VendorId ?? (identity.PciVendor == 0 ? CimValue.Null : identity.PciVendor);
        instance["PciDeviceID"] = facts.DeviceId;
        instance["Driver"] = facts.Driver;
        instance["BoardName"] = facts.Board;
        instance["FirmwareVersion"] = firmware;
        instance["SasAddress"] = facts.SasAddress;
        instance["EnabledState"] = (ushort)2;
        return instance;
    }
}
