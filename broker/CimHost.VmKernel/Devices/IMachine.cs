using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices;

/// <summary>
/// A machine that brings its own hardware instead of this computer's: an emulated one that answers the same bytes as real devices.
/// Whoever opened it owns it; the device layer only hands out its ports.
/// </summary>
public interface IMachine
{
    /// <summary>Name of the system that the machine plays, as its host name would be.</summary>
    string SystemName { get; }

    /// <summary>Management controllers of the machine, the one of its own board first.</summary>
    IReadOnlyList<IIpmiPort> IpmiPorts { get; }

    /// <summary>Disks and enclosures of the machine, ordered by name. It changes when a disk is put in or pulled; <see cref="Changed"/> tells it.</summary>
    IReadOnlyList<IDiskPort> Disks => [];

    /// <summary>HID devices of the machine, in the order of their names.</summary>
    IReadOnlyList<IHidPort> HidDevices => [];

    /// <summary>The files that the machine's kernel would show (/sys, /proc).</summary>
    IFileTree Files { get; }

    /// <summary>Raised after a device of the machine came or went.</summary>
    event EventHandler? Changed
    {
        add { }
        remove { }
    }
}
