namespace CimHost.VmKernel.Worlds;

/// <summary>Puts the child process of a process world under the limits of its resource group (cgroup, rlimits).</summary>
public interface IProcessConfinement
{
    /// <summary>Confines a process that has not run one instruction of its program yet.</summary>
    /// <param name="processId">Host's process id.</param>
    /// <param name="world">Its world.</param>
    /// <returns>Undoes what must be undone when the process has gone (a cgroup that is removed).</returns>
    /// <exception cref="KernelException">It cannot be confined; the process is killed and the world crashed.</exception>
    IDisposable Confine(int processId, World world);
}
