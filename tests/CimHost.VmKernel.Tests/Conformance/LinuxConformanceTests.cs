namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>The suite on the real Linux: what it says of POSIX is true of a system that everybody knows.</summary>
public sealed class LinuxConformanceTests : PosixFilesConformance
{
    internal override IPosixFiles Create() => new LinuxPosixFiles();
}
