using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>An opened device node: what its ioctls do, without their structures. The calls block until the kernel is done.</summary>
internal interface ILinuxDisk : IDisposable
{
    /// <summary>Carries out a SCSI command.</summary>
    /// <exception cref="HardwareException">The kernel or the transport failed.</exception>
    ScsiResponse Scsi(in ScsiCommand command, TimeSpan limit);

    /// <summary>Carries out an NVMe admin command.</summary>
    /// <exception cref="HardwareException">The kernel or the transport failed.</exception>
    NvmeAdminResponse NvmeAdmin(in NvmeAdminCommand command, TimeSpan limit);
}
