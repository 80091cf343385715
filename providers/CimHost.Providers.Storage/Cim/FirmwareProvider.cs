using System.Composition;
using System.Globalization;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>CimHost_DiskFirmware: the firmwares that a device holds.</summary>
[CimProvider(ClassNames.DiskFirmware, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class FirmwareProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices)
{
    private const ushort Firmware = 10;

    /// <summary>Name of a firmware within its device.</summary>
    public static string PartOf(FirmwareImage image) => image.Slot == 0 ? "firmware" : string.Create(CultureInfo.InvariantCulture, $"firmware{image.Slot}");

    protected override bool Serves(DiskIdentity identity) => true;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        DiskSample sample = await device.SampleAsync(cancellationToken);
        return [.. Images(identity, sample).Select(image => Instance(identity, image, request))];
    }

    /// <summary>The firmwares; of a device that was never read, the one that it runs from.</summary>
    public static IReadOnlyList<FirmwareImage> Images(DiskIdentity identity, DiskSample sample) =>
        sample.Firmware.Count > 0 ? sample.Firmware : [new FirmwareImage(0, identity.Firmware, true, true)];

    private static CimInstance Instance(DiskIdentity identity, FirmwareImage image, CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = StoragePaths.InstanceId(identity, PartOf(image));
        instance["Name"] = identity.Model;
        instance["ElementName"] = $"Firmware {image.Version} of {identity.Model} ({identity.SerialNumber})";
        instance["Caption"] = $"Firmware {image.Version}";
        instance["VersionString"] = image.Version;
        instance["Manufacturer"] = identity.Vendor.Length > 0 ? identity.Vendor : null;
        instance["Classifications"] = new[] { Firmware };
        instance["IsEntity"] = true;
        instance["Slot"] = image.Slot == 0 ? CimValue.Null : (ushort)image.Slot;
        instance["IsRunning"] = image.IsRunning;
        instance["IsNext"] = image.IsNext;
        return instance;
    }
}
