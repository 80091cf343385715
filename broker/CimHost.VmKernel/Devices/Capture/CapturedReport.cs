namespace CimHost.VmKernel.Devices.Capture;

/// <summary>A HID report that was asked for.</summary>
/// <param name="Data">The report with its number; empty when there was none.</param>
/// <param name="Fault">Why there was none; null when there was one.</param>
internal sealed record CapturedReport(byte[] Data, CapturedFault? Fault = null);
