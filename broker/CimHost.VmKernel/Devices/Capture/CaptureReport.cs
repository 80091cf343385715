namespace CimHost.VmKernel.Devices.Capture;

/// <summary>What a capture holds and what it could not get.</summary>
/// <param name="Devices">Each device, in the order of the capture; the files last.</param>
/// <param name="Replaced">How many different identifiers were replaced by others; 0 when they were kept.</param>
/// <param name="LeftOut">How many answers were left out because the capture would have become too large.</param>
public sealed record CaptureReport(IReadOnlyList<CapturedDevice> Devices, int Replaced, int LeftOut);
