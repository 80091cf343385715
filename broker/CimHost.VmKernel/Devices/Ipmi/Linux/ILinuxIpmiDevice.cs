using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Ipmi.Linux;

/// <summary>An opened device node of the kernel's IPMI driver: what its ioctls do, without their structures.</summary>
internal interface ILinuxIpmiDevice : IDisposable
{
    /// <summary>Queues a command in the kernel.</summary>
    /// <param name="id">Returned with the answer.</param>
    /// <param name="request">The command.</param>
    /// <exception cref="HardwareException">The kernel refused; the device may be gone.</exception>
    void Send(long id, in IpmiRequest request);

    /// <summary>Waits for a message; null when none came in that time.</summary>
    /// <exception cref="HardwareException">The device is gone.</exception>
    LinuxIpmiMessage? Receive(TimeSpan wait);
}

/// <summary>A message from the kernel's IPMI driver.</summary>
/// <param name="IsResponse">False for events and commands that the driver passes on.</param>
/// <param name="Id">Id of the command that it answers.</param>
/// <param name="NetFn">Network function, odd for a response.</param>
/// <param name="Command">Command code.</param>
/// <param name="Data">Completion code and data.</param>
internal sealed record LinuxIpmiMessage(bool IsResponse, long Id, byte NetFn, byte Command, byte[] Data);
