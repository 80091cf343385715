using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Worlds;

/// <summary>A program that runs as an in-process world: a task of the host.</summary>
public interface IProgram
{
    /// <summary>
    /// Runs the program: the first thread of a world. It runs on the task scheduler of its world; what it hands to the thread pool
    /// (Task.Run, ConfigureAwait(false)) is neither scheduled nor counted nor stopped as its own.
    /// </summary>
    /// <param name="kernel">System calls of the first thread.</param>
    /// <param name="arguments">Arguments; by custom the first is the name of the program.</param>
    /// <param name="end">Cancelled when the world has ended, also by exit() or a signal: the program is to return soon.</param>
    /// <returns>Exit code, of which the lowest eight bits count. An exception that is not caught ends the world as a crash.</returns>
    Task<int> RunAsync(ISystemCalls kernel, IReadOnlyList<string> arguments, CancellationToken end);
}
