using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>A world as the scheduler sees it: its work items in the order of their arrival.</summary>
internal sealed class WorldNode(int worldId, string name) : FairNode
{
    private int _shares = ResourceShares.OfWorld(ShareLevel.Normal).Value;

    /// <summary>Number of the world.</summary>
    public int WorldId => worldId;

    /// <summary>Name of the world.</summary>
    public string Name => name;

    /// <summary>Work that waits.</summary>
    public Queue<WorkItem> Pending { get; } = new();

    /// <summary>Whether work that waits or comes is dropped.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether the queue was reported as too long.</summary>
    public bool IsFlooding { get; set; }

    /// <summary>Since when work waits and no worker is at it; −1 when that is not so.</summary>
    public long WaitsSince { get; set; } = -1;

    /// <summary>What the limits above had held back when the wait began.</summary>
    public long ThrottledBefore { get; set; }

    /// <summary>Since when a worker is at it.</summary>
    public long RunsSince { get; set; }

    /// <inheritdoc/>
    public override int Weight => Volatile.Read(ref _shares);

    /// <summary>Changes the weight.</summary>
    public void SetWeight(int shares) => Volatile.Write(ref _shares, shares);
}
