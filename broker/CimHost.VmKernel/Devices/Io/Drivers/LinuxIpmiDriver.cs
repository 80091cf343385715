using CimHost.VmKernel.Devices.Ipmi.Linux;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>The local BMC through the kernel's IPMI driver, as soon as there is a node.</summary>
internal sealed class LinuxIpmiDriver(string systemRoot) : IDeviceDriver
{
    // Where distributions and the driver's own udev rules put the node.
    private static readonly string[] s_nodes = ["dev/ipmi0", "dev/ipmi/0", "dev/ipmidev/0"];

    public string Name => "Linux IPMI";

    public IReadOnlyList<FoundDevice> Probe() =>
        s_nodes.Select(node => Path.Combine(systemRoot, node)).FirstOrDefault(File.Exists) is { } path
            ? [new FoundDevice(new DeviceId(DeviceKind.Ipmi, "ipmi0"), path, "ipmi0", LinuxIpmiPort.InFlight)]
            : [];

    public object Attach(FoundDevice device) => new LinuxIpmiPort(device.Description);

    public ValueTask DetachAsync(object port)
    {
        ((LinuxIpmiPort)port).Dispose();
        return ValueTask.CompletedTask;
    }
}
