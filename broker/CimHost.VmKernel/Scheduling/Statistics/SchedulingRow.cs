namespace CimHost.VmKernel.Scheduling.Statistics;

/// <summary>A line of esxtop's kind: a world or a group between two snapshots. Percentages are of one processor and of the time between them.</summary>
/// <param name="WorldId">Number of the world; null for a group.</param>
/// <param name="Name">Name of the world, or path of the group.</param>
/// <param name="Group">Path of the world's group, or of the group.</param>
public sealed record SchedulingRow(int? WorldId, string Name, string Group)
{
    /// <summary>%USED: processor time; above 100 when several workers ran it.</summary>
    public double Used { get; init; }

    /// <summary>%RUN: time with a worker at it.</summary>
    public double Run { get; init; }

    /// <summary>%RDY: time with work and without a worker. What a limit held back is not in it.</summary>
    public double Ready { get; init; }

    /// <summary>%WAIT: time without work. For a group the sum over the worlds that it has now.</summary>
    public double Wait { get; init; }

    /// <summary>%MLMTD: time held back by a limit.</summary>
    public double MaxLimited { get; init; }

    /// <summary>Turns per second.</summary>
    public double SwitchesPerSecond { get; init; }

    /// <summary>Memory charged now, in bytes.</summary>
    public long MemoryConsumed { get; init; }

    /// <summary>Most memory at once, in bytes.</summary>
    public long MemoryPeak { get; init; }

    /// <summary>Memory that it may use, in bytes; the largest number for no limit.</summary>
    public long MemoryLimit { get; init; }
}
