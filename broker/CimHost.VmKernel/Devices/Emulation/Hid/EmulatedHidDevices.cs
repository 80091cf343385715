using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Faults;

namespace CimHost.VmKernel.Devices.Emulation.Hid;

/// <summary>The HID devices of an emulated machine. A file that appears plugs a device in, one that goes away unplugs it.</summary>
internal sealed class EmulatedHidDevices(string machine, FaultRules faults, TimeProvider time, Action refresh)
{
    private volatile EmulatedHidPort[] _ports = [];

    /// <summary>The devices that are plugged in, after a look at the files.</summary>
    public IReadOnlyList<IHidPort> Ports
    {
        get
        {
            refresh();
            return _ports;
        }
    }

    /// <summary>Takes what the files say. A device that stays keeps its port.</summary>
    public bool Load(IReadOnlyList<HidDeviceDescription> devices)
    {
        List<EmulatedHidPort> old = [.. _ports];
        var ports = new List<EmulatedHidPort>();
        foreach (HidDeviceDescription device in devices)
        {
            EmulatedHidPort? known = old.Find(p => p.IsSame(device));
            if (known is not null)
            {
                old.Remove(known);
                known.Load(device);
            }

            ports.Add(known ?? new EmulatedHidPort(device, machine, faults, time, refresh));
        }

        old.ForEach(p => p.Load(null));
        EmulatedHidPort[] before = [.. _ports];
        _ports = [.. ports.OrderBy(p => p.Name, StringComparer.Ordinal)];
        return !_ports.SequenceEqual(before);
    }
}
