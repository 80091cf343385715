using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>Devices of one kind whose ports somebody else keeps: Linux's disks and HID devices, and those of an emulated machine.</summary>
/// <param name="name">Name of the driver.</param>
/// <param name="kind">Kind of devices.</param>
/// <param name="ports">The ports that are there now.</param>
/// <param name="describe">Name, what it is attached to, node and concurrency of a port.</param>
internal sealed class PortsDriver<TPort>(string name, DeviceKind kind, Func<IReadOnlyList<TPort>> ports, Func<TPort, (string Name, string Description, string? Node, int Concurrency)> describe) : IDeviceDriver
    where TPort : class
{
    public string Name => name;

    public IReadOnlyList<FoundDevice> Probe() => [.. ports().Select(port =>
    {
        (string id, string description, string? node, int concurrency) = describe(port);
        return new FoundDevice(new DeviceId(kind, id), description, node, concurrency, port);
    })];

    public object Attach(FoundDevice device) => device.Port ?? throw new HardwareException(HardwareFault.Unavailable, $"{device.Id} has no port.");

    // Whoever keeps the port closes it.
    public ValueTask DetachAsync(object port) => ValueTask.CompletedTask;
}
