namespace CimHost.VmKernel.Devices.Io;

/// <summary>A device was attached, detached, or could not be attached: see <see cref="Device.State"/>.</summary>
/// <param name="Device">The device.</param>
/// <param name="State">State that it changed to.</param>
public readonly record struct DeviceChange(Device Device, DeviceState State);
