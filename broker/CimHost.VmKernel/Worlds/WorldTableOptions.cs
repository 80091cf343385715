using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;
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

    /// <summary>The resource groups that worlds are members of.</summary>
    public ResourceTree Groups { get; init; } = ResourceTree.CreateDefault(Environment.ProcessorCount * 1_000L, ResourceAllocation.MaxAmount);

    /// <summary>
    /// Divides the processors among the in-process worlds by their groups; null: they run on the thread pool. Those of host/system always do:
    /// the host's own services are never to wait for a worker that a package holds.
    /// </summary>
    public FairScheduler? Processors { get; init; }

    /// <summary>The memory that worlds get from the kernel (memfd_create()); null: none.</summary>
    public WorldMemory? Memory { get; init; }

    /// <summary>Limits.</summary>
    public WorldLimits Limits { get; init; } = new();

    /// <summary>How long an in-process world that was ended may take to return before it is reported as one that cannot be stopped.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Confines process worlds.</summary>
    public ProcessConfinement Confinement { get; init; } = ProcessConfinement.Detect();

    /// <summary>Clock and timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
