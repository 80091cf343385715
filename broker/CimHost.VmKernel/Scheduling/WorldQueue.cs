using CimHost.VmKernel.Scheduling.Queueing;
using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling;

/// <summary>
/// An in-process world as the scheduler knows it, and the task scheduler of its first thread. Dispose it when the world has ended; work that
/// comes later still runs, so that awaits that are under way finish.
/// </summary>
public sealed class WorldQueue : WorldScheduler, IDisposable
{
    private readonly FairScheduler _scheduler;
    private ResourceShares _shares;
    private int _ended;
    private volatile bool _terminated;

    internal WorldQueue(FairScheduler scheduler, WorldNode node, ResourceGroup group, ResourceShares shares)
        : base(scheduler, node)
    {
        (_scheduler, Group) = (scheduler, group);
        SetShares(shares);
    }

    /// <inheritdoc/>
    public override WorldQueue World => this;

    /// <summary>Number of the world.</summary>
    public int WorldId => Node.WorldId;

    /// <summary>Name of the world.</summary>
    public string Name => Node.Name;

    /// <summary>Group of the world.</summary>
    public ResourceGroup Group { get; }

    /// <summary>Weight against the other worlds and groups in the group.</summary>
    public ResourceShares Shares => _shares;

    /// <summary>Whether <see cref="Terminate"/> or <see cref="Abandon"/> was called.</summary>
    public bool IsTerminated => _terminated;

    /// <summary>Changes the weight; it counts from the next turn on.</summary>
    /// <exception cref="KernelException">EINVAL: no shares.</exception>
    public void SetShares(ResourceShares shares)
    {
        if (shares.Value < 1)
        {
            throw new KernelException(Errno.EINVAL, $"world {WorldId} ({Name}) cannot be left without shares.");
        }

        _shares = shares;
        Node.SetWeight(shares.Value);
    }

    /// <summary>Creates the scheduler of a further thread of the world.</summary>
    /// <param name="threadId">Number of the thread.</param>
    /// <param name="name">Its name.</param>
    public WorldThread CreateThread(int threadId, string name) => new(_scheduler, Node, this, threadId, name);

    /// <summary>Ends the world's long computations: from now on each await of <see cref="FairScheduler.Yield"/> throws <see cref="OperationCanceledException"/>.</summary>
    public void Terminate() => _terminated = true;

    /// <summary>
    /// Drops the work that waits and all that comes later. For a world that was killed and goes on: its tasks never complete, and a lock
    /// that one of them holds across an await stays held.
    /// </summary>
    public void Abandon()
    {
        _terminated = true;
        _scheduler.Abandon(Node);
    }

    /// <summary>The world is no longer listed and leaves its group.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _scheduler.Forget(this);
            Group.RemoveMember();
        }
    }
}
