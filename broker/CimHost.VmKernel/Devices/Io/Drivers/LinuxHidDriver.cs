using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Hid;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>HID devices through hidraw. Their ports stay with <see cref="HidrawPorts"/>, which closes those that are gone.</summary>
internal sealed class LinuxHidDriver(HidrawPorts ports) : IDeviceDriver
{
    private const int OneAtATime = 1;

    public string Name => "Linux hidraw";

    public IReadOnlyList<FoundDevice> Probe() =>
        [.. ports.Ports.Select(port => new FoundDevice(new DeviceId(DeviceKind.Hid, port.Name), port.Description, null, OneAtATime, port))];

    public object Attach(FoundDevice device) => device.Port ?? throw new HardwareException(HardwareFault.Unavailable, $"There is no {device.Id}.");

    public ValueTask DetachAsync(object port) => ValueTask.CompletedTask;
}
