using CimHost.VmKernel.Devices.Io.Requests;

namespace CimHost.VmKernel.Devices.Io.Worlds;

/// <summary>The ports of one kind that a world has: one for each device that is attached and declared.</summary>
/// <param name="kind">Kind of devices.</param>
/// <param name="world">Name of the world.</param>
/// <param name="declaration">What it declares.</param>
/// <param name="make">Makes the world's port of a device.</param>
internal sealed class PortList<TPort>(DeviceKind kind, string world, DeviceDeclaration declaration, Func<Device, WorldLane, TPort> make)
{
    private readonly Lock _lock = new();
    private volatile Entry[] _entries = [];
    private volatile TPort[] _ports = [];
    private bool _closed;

    /// <summary>The ports in the order of the devices; a snapshot.</summary>
    public IReadOnlyList<TPort> Ports => _ports;

    /// <summary>Takes over what the registry shows; true when that changes the list.</summary>
    public bool Update(DeviceRegistry registry)
    {
        lock (_lock)
        {
            Device[] wanted = _closed ? [] : [.. registry.Devices.Where(d => d.Id.Kind == kind && d.State == DeviceState.Attached && declaration.Allows(d.Id))];
            if (wanted.SequenceEqual(_entries.Select(entry => entry.Device)))
            {
                return false;
            }

            Entry[] before = _entries;
            _entries = [.. wanted.Select(device => Array.Find(before, entry => entry.Device == device) ?? Open(device))];
            _ports = [.. _entries.Select(entry => entry.Port)];
            foreach (Entry gone in before.Except(_entries))
            {
                gone.Device.Path!.Close(gone.Lane);
            }

            return true;
        }
    }

    /// <summary>Gives all ports up, for good.</summary>
    public void Close(DeviceRegistry registry)
    {
        lock (_lock)
        {
            _closed = true;
            Update(registry);
        }
    }

    private Entry Open(Device device)
    {
        WorldLane lane = device.Path!.Open(world);
        return new Entry(device, lane, make(device, lane));
    }

    private sealed record Entry(Device Device, WorldLane Lane, TPort Port);
}
