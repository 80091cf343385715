using System.Composition;
using System.Globalization;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>What is known of a disk without asking for its state: its blocks, its controller, its package.</summary>
[CimProvider(ClassNames.StorageExtent, ClassNames.DiskController, ClassNames.DiskPackage, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class PartProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices)
{
    private const ushort StorageMedia = 15;
    private const string ControllerPart = "controller";

    /// <summary>Whether the controller is the device's own, or one that other devices share.</summary>
    public static bool OwnsController(DiskIdentity identity) => identity.Kind == DiskKind.Nvme;

    /// <summary>DeviceID of the controller of a device: "scsi-0" for a host adapter; null when it is not known.</summary>
    public static string? ControllerId(DiskIdentity identity, string location)
    {
        if (OwnsController(identity))
        {
            return $"{identity.DeviceId}/{ControllerPart}";
        }

        int end = location.IndexOf(':', StringComparison.Ordinal);
        return location.StartsWith("scsi-", StringComparison.Ordinal) && end > 0 ? location[..end] : null;
    }

    /// <inheritdoc/>
    public override async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken) =>
        path["DeviceID"].AsString() is { } id && id.StartsWith("scsi-", StringComparison.Ordinal) && FirstOf(id) is { } device
            ? await GetOfAsync(device, request, path, cancellationToken)
            : await base.GetAsync(request, path, cancellationToken);

    protected override bool Serves(DiskIdentity identity) => identity.IsDisk;

    protected override ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        CimInstance instance = request.NewInstance();
        switch (request.CimClass.ClassName)
        {
            case ClassNames.StorageExtent:
                return ValueTask.FromResult<IReadOnlyList<CimInstance>>(identity.Blocks == 0 ? [] : [Extent(instance, identity)]);
            case ClassNames.DiskPackage:
                return ValueTask.FromResult<IReadOnlyList<CimInstance>>([Package(instance, identity)]);
            default:
                string? id = ControllerId(identity, device.Port.Location);
                return ValueTask.FromResult<IReadOnlyList<CimInstance>>(id is null || !IsFirstOf(id, device) ? [] : [Controller(instance, identity, id, device.Port.Location)]);
        }
    }

    // One of the devices of an adapter tells it: the first in the host's list. Its location is known without asking the device.
    private bool IsFirstOf(string id, StorageDevice device) =>
        !id.StartsWith("scsi-", StringComparison.Ordinal) || ReferenceEquals(FirstOf(id), device);

    private StorageDevice? FirstOf(string id) => Devices.All().FirstOrDefault(d => d.Port.Location.StartsWith(id + ":", StringComparison.Ordinal));

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

    private CimInstance Controller(CimInstance instance, DiskIdentity identity, string id, string location)
    {
        const ushort Other = 1;
        const ushort Sata = 48;
        instance["SystemCreationClassName"] = ClassNames.ComputerSystem;
        instance["SystemName"] = Host.SystemName;
        instance["CreationClassName"] = instance.ClassName;
        instance["DeviceID"] = id;
        bool own = OwnsController(identity);
        instance["Name"] = id;
        instance["ElementName"] = own ? $"NVMe controller {identity.Model} ({identity.SerialNumber})" : string.Create(CultureInfo.InvariantCulture, $"Host adapter {id}");
        instance["Caption"] = own ? "NVMe controller" : $"Host adapter {id}";
        instance["Location"] = own ? location : id;
        instance["ProtocolSupported"] = identity.Interconnect == "SATA" ? Sata : Other;
        instance["ProtocolDescription"] = identity.Interconnect;
        instance["VendorID"] = identity.PciVendor == 0 ? CimValue.Null : identity.PciVendor;
        instance["EnabledState"] = (ushort)2;
        return instance;
    }
}
