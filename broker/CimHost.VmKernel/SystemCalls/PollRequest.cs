using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>What poll() is asked for one descriptor (POSIX.1-2017 struct pollfd).</summary>
/// <param name="Descriptor">Descriptor; negative: skipped.</param>
/// <param name="Events">POLLIN, POLLOUT; the others are told in any case.</param>
public readonly record struct PollRequest(int Descriptor, PollEvents Events);
