namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Everything that the files of a machine say.</summary>
/// <param name="Identity">machine.json.</param>
/// <param name="Bmc">bmc/; null when the machine has none.</param>
/// <param name="Disks">disks/, ordered by name; empty when it is not there.</param>
/// <param name="HidDevices">hid/; empty when the machine has none.</param>
/// <param name="Faults">faults.json; empty when it is not there.</param>
internal sealed record MachineDescription(
    MachineIdentity Identity,
    BmcDescription? Bmc,
    IReadOnlyList<Disks.DiskDescription> Disks,
    IReadOnlyList<Hid.HidDeviceDescription> HidDevices,
    IReadOnlyList<Faults.FaultRule> Faults);
