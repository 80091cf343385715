using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>
/// The storage devices of an emulated machine as its files describe them now. An edit keeps a device's port as long as model, serial
/// number and place stay; otherwise the old device is pulled and another one put in.
/// </summary>
internal sealed class DiskShelf(FaultRules faults, TimeProvider time, Action refresh)
{
    private volatile IReadOnlyList<EmulatedDisk> _disks = [];

    /// <summary>The devices, ordered by name.</summary>
    public IReadOnlyList<IDiskPort> Disks => _disks;

    /// <summary>Takes other descriptions over. True when a device came or went.</summary>
    public bool Load(IReadOnlyList<DiskDescription> descriptions)
    {
        var left = _disks.ToList();
        var disks = new List<EmulatedDisk>();
        bool changed = false;
        foreach (DiskDescription description in descriptions)
        {
            EmulatedDisk? disk = left.Find(d => d.IsSameDevice(description));
            if (disk is null)
            {
                disk = new EmulatedDisk(description, faults, time, refresh);
                changed = true;
            }
            else
            {
                left.Remove(disk);
                disk.Load(description);
            }

            disks.Add(disk);
        }

        left.ForEach(d => d.Pull());
        _disks = disks;
        return changed || left.Count > 0;
    }
}
