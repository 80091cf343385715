namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>A change of the emulated hardware was refused; the message says why and what would be taken.</summary>
public sealed class HardwareChangeException(string message) : Exception(message);
