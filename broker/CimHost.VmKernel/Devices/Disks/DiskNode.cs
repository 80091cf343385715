using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Disks;

/// <summary>A storage device that the kernel shows.</summary>
/// <param name="Name">The kernel's name: "sda", "nvme0", "sg3".</param>
/// <param name="Protocol">Which commands it takes.</param>
/// <param name="Location">Where it is attached: "scsi-0:0:1:0", "pci-0000:5e:00.0".</param>
/// <param name="Path">Its device node.</param>
public readonly record struct DiskNode(string Name, DiskProtocol Protocol, string Location, string Path);
