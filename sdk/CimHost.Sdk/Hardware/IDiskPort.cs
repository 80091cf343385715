namespace CimHost.Sdk.Hardware;

/// <summary>
/// A storage device that takes commands: a disk, or an enclosure (SCSI peripheral device type 0Dh). Whatever lies between (the Linux
/// SG_IO and NVMe ioctls or an emulated machine), the same bytes cross the port, so that one decoder serves them all. An ATA disk is a
/// <see cref="DiskProtocol.Scsi"/> port behind a SCSI/ATA translation (SAT): its commands travel in ATA PASS-THROUGH.
/// </summary>
public interface IDiskPort
{
    /// <summary>
    /// The kernel's name: "sda", "nvme0", "sg3" for an enclosure. It may be another device's after a restart; what a device is, its own
    /// identification says.
    /// </summary>
    string Name { get; }

    /// <summary>What the port is attached to, for people: "/dev/sda", "emulated disk sda".</summary>
    string Description { get; }

    /// <summary>Which of the two methods works.</summary>
    DiskProtocol Protocol { get; }

    /// <summary>Where the device is attached, stable over restarts: "scsi-0:0:1:0", "pci-0000:5e:00.0"; empty when it is not known.</summary>
    string Location { get; }

    /// <summary>Sends one SCSI command. Safe to call from many threads at once; the port carries out one command after another.</summary>
    /// <exception cref="HardwareException">
    /// <see cref="HardwareFault.TimedOut"/>: no answer within <see cref="ScsiCommand.TimeLimit"/>. <see cref="HardwareFault.Unavailable"/>:
    /// the device is gone, may not be opened, or the transport failed. <see cref="HardwareFault.Unsupported"/>: this port takes no SCSI
    /// commands, or the request is larger than it takes. A status other than GOOD is an answer, not an error.
    /// </exception>
    ValueTask<ScsiResponse> ScsiAsync(ScsiCommand command, CancellationToken cancellationToken);

    /// <summary>Sends one NVMe admin command. Safe to call from many threads at once.</summary>
    /// <exception cref="HardwareException">As for <see cref="ScsiAsync"/>. A status other than 0 is an answer, not an error.</exception>
    ValueTask<NvmeAdminResponse> NvmeAdminAsync(NvmeAdminCommand command, CancellationToken cancellationToken);
}
