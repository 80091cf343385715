namespace CimHost.Sdk.Hardware;

/// <summary>Which commands a disk port takes.</summary>
public enum DiskProtocol
{
    /// <summary>SCSI commands, and ATA commands within them.</summary>
    Scsi,

    /// <summary>NVMe admin commands.</summary>
    Nvme,
}
