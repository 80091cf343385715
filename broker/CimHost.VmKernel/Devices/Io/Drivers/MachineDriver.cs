using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>The management controllers, disks and HID devices of an emulated machine. Who opened the machine closes them.</summary>
internal sealed class MachineDriver(IMachine machine) : IDeviceDriver
{
    // A SCSI port and a HID device carry out one request after the other.
    private const int OneAtATime = 1;

    public string Name => "emulated machine";

    public IReadOnlyList<FoundDevice> Probe() =>
    [
        .. machine.IpmiPorts.Select(port => new FoundDevice(new DeviceId(DeviceKind.Ipmi, port.Name), port.Description, port.Name, port.Concurrency, port)),
        .. machine.Disks.Select(port => new FoundDevice(new DeviceId(DeviceKind.Disk, port.Name), $"{port.Description} at {port.Location}", port.Name, OneAtATime, port)),
        .. machine.HidDevices.Select(port => new FoundDevice(new DeviceId(DeviceKind.Hid, port.Name), port.Description, null, OneAtATime, port)),
    ];

    public object Attach(FoundDevice device) => device.Port ?? throw new HardwareException(HardwareFault.Unavailable, $"{machine.SystemName} has no {device.Id}.");

    public ValueTask DetachAsync(object port) => ValueTask.CompletedTask;
}
