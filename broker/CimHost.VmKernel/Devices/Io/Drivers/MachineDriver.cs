using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>The management controllers and disks of an emulated machine. Who opened the machine closes them.</summary>
internal sealed class MachineDriver(IMachine machine) : IDeviceDriver
{
    private const int DiskConcurrency = 1;

    // A number of the port tells a disk from the one that had its place before.
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<IDiskPort, object> _numbers = [];
    private int _last;

    public string Name => "emulated machine";

    public IReadOnlyList<FoundDevice> Probe() =>
    [
        .. machine.IpmiPorts.Select(port => new FoundDevice(new DeviceId(DeviceKind.Ipmi, port.Name), port.Description, port.Name, port.Concurrency)),
        .. machine.Disks.Select(port => new FoundDevice(new DeviceId(DeviceKind.Disk, port.Name), Describe(port), port.Name, DiskConcurrency)),
    ];

    public object Attach(FoundDevice device) =>
        (object?)machine.IpmiPorts.FirstOrDefault(port => device.Id == new DeviceId(DeviceKind.Ipmi, port.Name))
        ?? machine.Disks.FirstOrDefault(port => device.Id == new DeviceId(DeviceKind.Disk, port.Name) && Describe(port) == device.Description)
        ?? throw new HardwareException(HardwareFault.Unavailable, $"{machine.SystemName} has no {device.Id} any more.");

    private string Describe(IDiskPort port) => $"{port.Description} at {port.Location} (#{_numbers.GetValue(port, _ => ++_last)})";

    public ValueTask DetachAsync(object port) => ValueTask.CompletedTask;
}
