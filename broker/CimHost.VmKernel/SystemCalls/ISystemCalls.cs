namespace CimHost.VmKernel.SystemCalls;

/// <summary>
/// The system calls of one thread of a world: the subset of POSIX.1-2017 that the kernel has (README.md lists it). All throw
/// <see cref="KernelException"/> with POSIX's error numbers, and <see cref="Worlds.WorldEndedException"/> once the world has ended.
/// Signals are taken at the start of a call and while it waits. Not meant for calls of several threads at one time: each has its own.
/// </summary>
public interface ISystemCalls : IFileCalls, IDescriptorCalls, ISocketCalls, IWorldCalls, IIdentityCalls, ISignalCalls, ITimeCalls, IThreadCalls
{
    /// <summary>A call by its POSIX name, with integer arguments: those that take no others, as getpid or kill.</summary>
    /// <param name="name">Name.</param>
    /// <param name="arguments">Arguments.</param>
    /// <returns>The result.</returns>
    /// <exception cref="KernelException">
    /// ENOSYS the kernel has no such call; EINVAL it has, but the number of arguments is wrong or they are not integers; else as the call.
    /// </exception>
    ValueTask<long> CallAsync(string name, params IReadOnlyList<long> arguments);
}
