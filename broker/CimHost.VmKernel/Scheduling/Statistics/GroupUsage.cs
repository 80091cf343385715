using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Statistics;

/// <summary>What the worlds of a group and of those below it have used, those that have ended included. Wall times are sums over worlds.</summary>
/// <param name="Group">Path of the group.</param>
public sealed record GroupUsage(string Group)
{
    /// <summary>Processor time.</summary>
    public TimeSpan Cpu { get; init; }

    /// <summary>Wall time of worlds on workers.</summary>
    public TimeSpan Run { get; init; }

    /// <summary>Wall time of worlds that waited for a worker.</summary>
    public TimeSpan Ready { get; init; }

    /// <summary>Wall time of worlds held back by a limit.</summary>
    public TimeSpan Throttled { get; init; }

    /// <summary>Turns of its worlds.</summary>
    public long ContextSwitches { get; init; }

    /// <summary>Memory charged now, in bytes.</summary>
    public long MemoryConsumed { get; init; }

    /// <summary>Most memory at once, in bytes.</summary>
    public long MemoryPeak { get; init; }

    /// <summary>Memory that it may use, in bytes; <see cref="ResourceAllocation.Unlimited"/> without a limit.</summary>
    public long MemoryLimit { get; init; } = ResourceAllocation.Unlimited;
}
