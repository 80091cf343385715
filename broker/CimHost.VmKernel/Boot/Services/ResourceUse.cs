namespace CimHost.VmKernel.Boot.Services;

/// <summary>What one run of a service has used.</summary>
/// <param name="CpuTime">Time on processors, user and system, all threads.</param>
/// <param name="PeakMemoryBytes">Most memory at any time, in bytes.</param>
public readonly record struct ResourceUse(TimeSpan CpuTime, long PeakMemoryBytes);
