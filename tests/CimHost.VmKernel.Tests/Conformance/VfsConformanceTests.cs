namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>The suite on the in-memory file system.</summary>
public sealed class VfsConformanceTests : PosixFilesConformance
{
    internal override IPosixFiles Create() => new VfsPosixFiles();
}
