namespace CimHost.Providers.Storage.Devices;

/// <summary>Self-tests that can be started; the number is that of ATA, NVMe and SCSI alike.</summary>
internal enum SelfTestKind : byte
{
    Short = 1,
    Extended = 2,
}
