using CimHost.VmKernel.Worlds.Native;

namespace CimHost.VmKernel.Worlds;

/// <summary>
/// Confinement where nothing better is given: rlimits. RLIMIT_DATA takes the place of RLIMIT_AS, because runtimes reserve address space
/// that they never use.
/// </summary>
internal sealed class RlimitConfinement : IProcessConfinement
{
    /// <summary>The only one.</summary>
    public static RlimitConfinement Instance { get; } = new();

    /// <inheritdoc/>
    public IDisposable Confine(int processId, World world)
    {
        ChildProcess.Limit(processId, ChildProcess.CoreLimit, 0);
        ChildProcess.Limit(processId, ChildProcess.FileLimit, world.Resources.OpenFiles.Soft);
        if (world.Resources.Memory.Soft != long.MaxValue)
        {
            ChildProcess.Limit(processId, ChildProcess.DataLimit, world.Resources.Memory.Soft);
        }

        return Nothing.Instance;
    }

    private sealed class Nothing : IDisposable
    {
        public static Nothing Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}
