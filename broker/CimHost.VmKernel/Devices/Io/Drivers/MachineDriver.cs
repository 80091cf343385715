using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>The management controllers of an emulated machine. Who opened the machine closes them.</summary>
internal sealed class MachineDriver(IMachine machine) : IDeviceDriver
{
    public string Name => "emulated machine";

    public IReadOnlyList<FoundDevice> Probe() =>
        [.. machine.IpmiPorts.Select(port => new FoundDevice(new DeviceId(DeviceKind.Ipmi, port.Name), port.Description, port.Name, port.Concurrency))];

    public object Attach(FoundDevice device) =>
        machine.IpmiPorts.FirstOrDefault(port => port.Name == device.Id.Name)
        ?? throw new HardwareException(HardwareFault.Unavailable, $"{machine.SystemName} has no {device.Id} any more.");

    public ValueTask DetachAsync(object port) => ValueTask.CompletedTask;
}
