using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.VmKernel.Worlds;

/// <summary>What the kernel's worlds stand on.</summary>
public sealed record WorldTableOptions
{
    /// <summary>Finds programs.</summary>
    public required IProgramSource Programs { get; init; }

    /// <summary>The files that system calls work on.</summary>
    public required IFileNamespace Files { get; init; }

    /// <summary>The memory that worlds get from the kernel (memfd_create()); null: none.</summary>
    public WorldMemory? Memory { get; init; }

    /// <summary>The scheduler on which the tasks of an in-process world run; asked once for each world, before it starts.</summary>
    public Func<World, TaskScheduler> Scheduler { get; init; } = static _ => TaskScheduler.Default;

    /// <summary>Limits.</summary>
    public WorldLimits Limits { get; init; } = new();

    /// <summary>How long an in-process world that was ended may take to return before it is reported as one that cannot be stopped.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Confines process worlds; absent: rlimits only.</summary>
    public IProcessConfinement? Confinement { get; init; }

    /// <summary>Clock and timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
