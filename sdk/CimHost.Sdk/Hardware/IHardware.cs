namespace CimHost.Sdk.Hardware;

/// <summary>The devices that the kernel's device layer hands to providers. A provider never opens a device node or /sys itself.</summary>
public interface IHardware
{
    /// <summary>Management controllers: the local one first, then the configured remote ones. The list is a snapshot; ask again after <see cref="Changed"/>.</summary>
    IReadOnlyList<IIpmiPort> IpmiPorts { get; }

    /// <summary>Disks and enclosures, ordered by name. The list is a snapshot; ask again after <see cref="Changed"/>.</summary>
    IReadOnlyList<IDiskPort> Disks { get; }

    /// <summary>HID devices, in the order of their names. The list is a snapshot; ask again after <see cref="Changed"/>.</summary>
    IReadOnlyList<IHidPort> HidDevices => [];

    /// <summary>The kernel's files (/sys, /proc) of the local or the emulated machine.</summary>
    IFileTree Files { get; }

    /// <summary>Raised after a device came or went.</summary>
    event EventHandler? Changed;
}
