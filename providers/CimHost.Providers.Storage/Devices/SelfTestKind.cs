namespace CimHost.Providers.Storage.Devices;

/// <summary>Self-tests that can be started; the number is that of ATA, NVMe and SCSI alike. Only ATA has the conveyance test.</summary>
internal enum SelfTestKind : byte
{
    Short = 1,
    Extended = 2,
    Conveyance = 3,
}
