namespace CimHost.VmKernel.Worlds;

/// <summary>The limits of one world; a child starts with those of its parent.</summary>
/// <param name="OpenFiles">RLIMIT_NOFILE.</param>
/// <param name="Memory">RLIMIT_AS.</param>
/// <param name="Worlds">RLIMIT_NPROC.</param>
public sealed record ResourceLimits(ResourceLimit OpenFiles, ResourceLimit Memory, ResourceLimit Worlds)
{
    /// <summary>The limit of one kind.</summary>
    /// <param name="kind">Kind.</param>
    /// <exception cref="KernelException">EINVAL no such kind.</exception>
    public ResourceLimit this[ResourceLimitKind kind] => kind switch
    {
        ResourceLimitKind.RLIMIT_NOFILE => OpenFiles,
        ResourceLimitKind.RLIMIT_AS => Memory,
        ResourceLimitKind.RLIMIT_NPROC => Worlds,
        _ => throw new KernelException(Errno.EINVAL, $"There is no resource limit {(int)kind}."),
    };

    /// <summary>The limits with one of them changed (POSIX.1-2017 setrlimit()).</summary>
    /// <param name="kind">Kind.</param>
    /// <param name="limit">New value.</param>
    /// <param name="privileged">Whether the hard limit may be raised.</param>
    /// <exception cref="KernelException">EINVAL no such kind, or soft above hard; EPERM hard raised without privilege.</exception>
    public ResourceLimits With(ResourceLimitKind kind, ResourceLimit limit, bool privileged)
    {
        ResourceLimit old = this[kind];
        if (limit.Soft < 0 || limit.Soft > limit.Hard)
        {
            throw new KernelException(Errno.EINVAL, $"{kind}: {limit.Soft} is negative or above the hard limit {limit.Hard}.");
        }

        if (limit.Hard > old.Hard && !privileged)
        {
            throw new KernelException(Errno.EPERM, $"{kind}: only root raises the hard limit from {old.Hard} to {limit.Hard}.");
        }

        return kind switch
        {
            ResourceLimitKind.RLIMIT_NOFILE => this with { OpenFiles = limit },
            ResourceLimitKind.RLIMIT_AS => this with { Memory = limit },
            _ => this with { Worlds = limit },
        };
    }
}
