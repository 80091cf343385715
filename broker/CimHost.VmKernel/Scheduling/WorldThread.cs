using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Scheduling;

/// <summary>A further thread of a world: it shares the world's turn and counts its own processor time.</summary>
public sealed class WorldThread : WorldScheduler
{
    internal WorldThread(FairScheduler scheduler, WorldNode node, WorldQueue world, int threadId, string name)
        : base(scheduler, node) => (World, ThreadId, Name) = (world, threadId, name);

    /// <inheritdoc/>
    public override WorldQueue World { get; }

    /// <summary>Number of the thread.</summary>
    public int ThreadId { get; }

    /// <summary>Name of the thread.</summary>
    public string Name { get; }
}
