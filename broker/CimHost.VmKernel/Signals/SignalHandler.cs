using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Signals;

/// <summary>
/// What a world does when it takes a signal. Runs on the thread that takes it, inside the system call at which it takes it, with the
/// mask of its <see cref="SignalAction"/> in force.
/// </summary>
/// <param name="signal">The signal.</param>
/// <param name="kernel">System calls of the thread that takes it.</param>
public delegate ValueTask SignalHandler(Signal signal, ISystemCalls kernel);
