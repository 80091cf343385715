namespace CimHost.VmKernel;

/// <summary>A system call that failed: the error number that POSIX gives for it, and in words what failed and on what.</summary>
/// <param name="errno">Error number; never <see cref="Errno.None"/>.</param>
/// <param name="message">What failed, on which path, world or device, and why: for a person.</param>
public sealed class KernelException(Errno errno, string message) : Exception(message)
{
    /// <summary>Error number.</summary>
    public Errno Errno { get; } = errno;
}
