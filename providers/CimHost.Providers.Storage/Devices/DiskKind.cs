namespace CimHost.Providers.Storage.Devices;

/// <summary>What a storage device speaks.</summary>
internal enum DiskKind
{
    Ata,
    Nvme,
    Scsi,
    Enclosure,
}
