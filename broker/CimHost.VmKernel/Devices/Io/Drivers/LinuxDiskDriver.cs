using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Disks;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>Disks and enclosures through SG_IO and the NVMe ioctl, as the kernel shows them.</summary>
internal sealed class LinuxDiskDriver(string systemRoot) : IDeviceDriver
{
    // A device node takes one command after another.
    private const int InFlight = 1;
    private Dictionary<string, DiskNode> _nodes = [];

    public string Name => "Linux disks";

    public IReadOnlyList<FoundDevice> Probe()
    {
        IReadOnlyList<DiskNode> nodes = DiskNodes.Find(systemRoot);
        _nodes = nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        return [.. nodes.Select(node => new FoundDevice(new DeviceId(DeviceKind.Disk, node.Name), $"{node.Path} at {node.Location}", node.Name, InFlight))];
    }

    public object Attach(FoundDevice device) => _nodes.TryGetValue(device.Id.Name, out DiskNode node)
        ? new LinuxDiskPort(node)
        : throw new HardwareException(HardwareFault.Unavailable, $"There is no {device.Id} any more.");

    public ValueTask DetachAsync(object port)
    {
        ((LinuxDiskPort)port).Dispose();
        return ValueTask.CompletedTask;
    }
}
