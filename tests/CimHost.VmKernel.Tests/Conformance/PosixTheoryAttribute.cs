using Xunit;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>A theory that also runs on the real Linux, for which it changes its user and root directory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PosixTheoryAttribute : TheoryAttribute
{
    public PosixTheoryAttribute()
    {
        if (!LinuxPosixFiles.IsPossible)
        {
            Skip = "The conformance suite runs on Linux as root only: it changes its user and its root directory.";
        }
    }
}
