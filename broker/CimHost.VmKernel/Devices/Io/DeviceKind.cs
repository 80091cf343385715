namespace CimHost.VmKernel.Devices.Io;

/// <summary>What a device is to those who use it: the kind of port that it gives. A declaration names it in lower case ("ipmi:*").</summary>
public enum DeviceKind
{
    /// <summary>A management controller.</summary>
    Ipmi,

    /// <summary>The files through which a kernel shows its devices.</summary>
    Files,

    /// <summary>A disk that takes ATA, SCSI or NVMe commands.</summary>
    Disk,

    /// <summary>A human interface device, such as a UPS on USB.</summary>
    Hid,
}
