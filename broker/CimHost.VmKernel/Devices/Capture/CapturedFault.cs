using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>A request that got no usable answer when the machine was captured; replayed it fails in the same way.</summary>
/// <param name="Fault">Kind of failure.</param>
/// <param name="Message">What the port said.</param>
internal sealed record CapturedFault(HardwareFault Fault, string Message)
{
    public static CapturedFault Of(HardwareException e) => new(e.Fault, e.Message);

    public HardwareException ToException() => new(Fault, Message);
}
