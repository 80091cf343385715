namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>What a world or group has used since it was created; times in nanoseconds. Under the scheduler's gate.</summary>
internal sealed class UsageCounters
{
    /// <summary>Processor time.</summary>
    public long Cpu;

    /// <summary>Wall time on a worker.</summary>
    public long Run;

    /// <summary>Wall time with work but without a worker.</summary>
    public long Ready;

    /// <summary>Wall time held back by a limit.</summary>
    public long Throttled;

    /// <summary>Times that a worker took it up.</summary>
    public long Switches;
}
