namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>
/// What takes part in fair queueing among the children of a group: a world or a group. Its virtual time is the processor time that it
/// has used, in nanoseconds, divided by its weight; the child that is furthest behind goes next. Under the scheduler's gate.
/// </summary>
internal abstract class FairNode
{
    /// <summary>Group above; null for the root.</summary>
    public GroupNode? Parent { get; init; }

    /// <summary>Virtual time used.</summary>
    public double VirtualTime { get; set; }

    /// <summary>Workers that run it now.</summary>
    public int InService { get; set; }

    /// <summary>Whether it stands in its parent's list: it has work that no worker has taken up.</summary>
    public bool IsListed { get; set; }

    /// <summary>What it has used.</summary>
    public UsageCounters Usage { get; } = new();

    /// <summary>Weight against its siblings; at least 1.</summary>
    public abstract int Weight { get; }

    /// <summary>Where it stands in the order: what it has used and what its workers are about to use.</summary>
    public double Key(double quantum) => VirtualTime + (InService * quantum / Weight);
}
