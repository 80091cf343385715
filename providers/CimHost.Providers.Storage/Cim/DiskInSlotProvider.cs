using System.Composition;
using CimHost.Providers.Storage.Devices;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>
/// CimHost_DiskInEnclosureSlot: which disk is in a slot. The enclosure tells the SAS address of what is in it (SES-3 page 0Ah); of a SATA disk
/// that is the expander's address for it, and then the kernel knows (/sys/class/enclosure).
/// </summary>
[CimProvider(ClassNames.DiskInSlot, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class DiskInSlotProvider(IProviderHost host, StorageDevices devices, EnclosureSlots slots) : StorageProvider(host, devices)
{
    protected override bool Serves(DiskIdentity identity) => !identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<SesElement> elements = [.. (await device.SampleAsync(cancellationToken)).Elements.Where(e => e is { IsSlot: true, IsInstalled: true })];
        List<(StorageDevice Device, DiskIdentity Identity)> disks = elements.Count == 0 ? [] : await DisksAsync(cancellationToken);
        var links = new List<CimInstance>();
        foreach (SesElement slot in elements)
        {
            string? location = slots.LocationOf(device.Port.Location, slot);
            if ((disks.Find(d => slot.SasAddress is { } address && d.Identity.SasAddresses.Contains(address)).Identity
                ?? disks.Find(d => location is not null && d.Device.Port.Location == location).Identity) is { } disk)
            {
                CimInstance link = request.NewInstance();
                link["Antecedent"] = StoragePaths.Device(Host, request.Namespace, ClassNames.EnclosureSlot, identity, EnclosureProvider.PartOf(slot));
                link["Dependent"] = StoragePaths.Device(Host, request.Namespace, ClassNames.DiskDrive, disk);
                links.Add(link);
            }
        }

        return links;
    }

    // A disk that does not answer is in no slot that can be told.
    private async ValueTask<List<(StorageDevice Device, DiskIdentity Identity)>> DisksAsync(CancellationToken cancellationToken)
    {
        var disks = new List<(StorageDevice, DiskIdentity)>();
        foreach ((StorageDevice device, Task<DiskIdentity> asked) in Devices.All().Select(d => (d, d.IdentifyAsync(cancellationToken))).ToArray())
        {
            try
            {
                DiskIdentity identity = await asked;
                if (identity.IsDisk)
                {
                    disks.Add((device, identity));
                }
            }
            catch (HardwareException)
            {
                continue;
            }
        }

        return disks;
    }
}
