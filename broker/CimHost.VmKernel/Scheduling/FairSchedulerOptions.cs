namespace CimHost.VmKernel.Scheduling;

/// <summary>How the scheduler of in-process worlds works.</summary>
public sealed record FairSchedulerOptions
{
    /// <summary>Worker threads; unless told otherwise one for each processor. 1 to 256.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>How long a world runs before another one's turn comes, when both have work. 0.1 ms to 1 s.</summary>
    public TimeSpan Quantum { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Period in which a limit is handed out and at whose end a throttled world goes on. 5 ms to 10 s.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long one work item may hold a worker before it is called stuck and the worker is replaced: processor time while it computes, else
    /// wall time. 10 ms to 1 h.
    /// </summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most workers that replace stuck ones at the same time. 0 to 1024.</summary>
    public int MaxReplacements { get; init; } = 16;

    /// <summary>Work items that may wait in one world before it is reported as flooding its queue. At least 1.</summary>
    public int MaxQueueLength { get; init; } = 100_000;

    internal void Check()
    {
        Within(Workers, 1, 256, nameof(Workers));
        Within(Quantum.TotalMilliseconds, 0.1, 1_000, nameof(Quantum));
        Within(Period.TotalMilliseconds, 5, 10_000, nameof(Period));
        Within(StuckAfter.TotalMilliseconds, 10, 3_600_000, nameof(StuckAfter));
        Within(MaxReplacements, 0, 1_024, nameof(MaxReplacements));
        Within(MaxQueueLength, 1, int.MaxValue, nameof(MaxQueueLength));
    }

    private static void Within(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new KernelException(Errno.EINVAL, $"Scheduler option {name} is {value}; expected {least} to {most}.");
        }
    }
}
