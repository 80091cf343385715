using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Statistics;

/// <summary>What a world has used since it was created.</summary>
/// <param name="WorldId">Number of the world.</param>
/// <param name="Name">Its name.</param>
/// <param name="Group">Path of its group.</param>
public sealed record WorldUsage(int WorldId, string Name, string Group)
{
    /// <summary>Processor time, over all workers or threads.</summary>
    public TimeSpan Cpu { get; init; }

    /// <summary>Wall time with at least one worker at it. For a process world its processor time, as the system tells no more.</summary>
    public TimeSpan Run { get; init; }

    /// <summary>Wall time with work that waited for a worker; zero for process worlds, whose waits only the system's own scheduler knows.</summary>
    public TimeSpan Ready { get; init; }

    /// <summary>Wall time held back by a limit.</summary>
    public TimeSpan Throttled { get; init; }

    /// <summary>Turns that it had.</summary>
    public long ContextSwitches { get; init; }

    /// <summary>Memory charged now, in bytes.</summary>
    public long MemoryConsumed { get; init; }

    /// <summary>Most memory at once, in bytes.</summary>
    public long MemoryPeak { get; init; }

    /// <summary>Memory that it may use, in bytes; <see cref="ResourceAllocation.Unlimited"/> without a limit of its own.</summary>
    public long MemoryLimit { get; init; } = ResourceAllocation.Unlimited;
}
