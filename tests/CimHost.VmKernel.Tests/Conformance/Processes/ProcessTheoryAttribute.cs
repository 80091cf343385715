using Xunit;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>A theory that also runs on the real Linux. Where that is not possible it is skipped; in CI it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessTheoryAttribute : TheoryAttribute
{
    public ProcessTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") is null)
        {
            Skip = LinuxProcesses.Missing;
        }
    }
}
