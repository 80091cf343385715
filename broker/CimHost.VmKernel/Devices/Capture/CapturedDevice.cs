namespace CimHost.VmKernel.Devices.Capture;

/// <summary>What was captured of one device.</summary>
/// <param name="Name">Name of the port; "files" for the kernel's files.</param>
/// <param name="Answers">How many requests were answered, refusals included; of files, how many were read.</param>
/// <param name="Failures">How many requests were not answered.</param>
/// <param name="Reasons">Why, each reason once; the first few.</param>
public sealed record CapturedDevice(string Name, int Answers, int Failures, IReadOnlyList<string> Reasons);
