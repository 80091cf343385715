using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>A process world and what holds it. Dispose it when the world has ended: what it left running is killed.</summary>
public abstract class ConfinedWorld : IDisposable
{
    private readonly ProcessConfinement _owner;
    private int _ended;

    private protected ConfinedWorld(ProcessConfinement owner, ResourceGroup group, int worldId, string name, ConfinementLimits limits) =>
        (_owner, Group, WorldId, Name, Limits) = (owner, group, worldId, name, limits);

    /// <summary>Number of the world.</summary>
    public int WorldId { get; }

    /// <summary>Name of the world.</summary>
    public string Name { get; }

    /// <summary>Group of the world.</summary>
    public ResourceGroup Group { get; }

    /// <summary>What it may use.</summary>
    public ConfinementLimits Limits { get; private set; }

    /// <summary>
    /// Whether the kernel has stopped the world (SIGSTOP). Where a CPU limit is kept by pauses they do not wake it up then. The signal itself
    /// is sent by whoever sets this, before for a stop and after for its end.
    /// </summary>
    public abstract bool IsStopped { get; set; }

    /// <summary>Puts the world's process in; what it starts later is confined with it.</summary>
    /// <exception cref="KernelException">ESRCH no such process, EPERM the system does not allow it, EIO.</exception>
    public abstract void Attach(int processId);

    /// <summary>Changes what it may use.</summary>
    /// <exception cref="KernelException">EINVAL a value, EPERM, EIO.</exception>
    public void Change(ConfinementLimits limits)
    {
        limits.Check($"World {WorldId} ({Name})");
        Apply(limits);
        Limits = limits;
    }

    /// <summary>What it has used.</summary>
    public abstract WorldUsage ReadUsage();

    /// <summary>Kills every process of the world, for certain.</summary>
    public abstract void Kill();

    /// <summary>Kills what is left and takes the confinement down.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            Kill();
            Remove();
            _owner.Forget(this);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Takes down what was set up for a world that was not admitted.</summary>
    internal void Abort()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            Remove();
        }
    }

    private protected abstract void Apply(ConfinementLimits limits);

    private protected abstract void Remove();
}
