using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Disks;

namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>A machine that can be changed while it runs, as <see cref="LiveHardware"/> sees it.</summary>
internal interface ILiveMachine
{
    /// <summary>The machine without changes.</summary>
    MachineDescription Described { get; }

    /// <summary>The machine with the changes over it.</summary>
    MachineDescription Shown { get; }

    /// <summary>Its files.</summary>
    IFileTree Files { get; }

    /// <summary>Names of what can be set of a disk.</summary>
    IReadOnlyList<string> Settable(DiskDescription disk);

    /// <summary>Lays changes over the machine, in place of those before.</summary>
    void SetChanges(IReadOnlyList<LiveChange> changes);
}
