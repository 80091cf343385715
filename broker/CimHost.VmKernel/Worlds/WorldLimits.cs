namespace CimHost.VmKernel.Worlds;

/// <summary>How much the worlds of a kernel may take. What goes beyond fails with the error number that POSIX names.</summary>
public sealed record WorldLimits
{
    /// <summary>Worlds at one time, zombies included (EAGAIN).</summary>
    public int Worlds { get; init; } = 1024;

    /// <summary>Threads of one world (EAGAIN).</summary>
    public int ThreadsPerWorld { get; init; } = 128;

    /// <summary>Bytes of arguments and environment of one world (E2BIG).</summary>
    public int ArgumentBytes { get; init; } = 1 << 20;

    /// <summary>What a first world starts with: open files (EMFILE), kernel-managed memory (ENOMEM), worlds of one user (EAGAIN).</summary>
    public ResourceLimits Resources { get; init; } = new(new(1024, 4096), new(256L << 20, long.MaxValue), new(512, 512));
}
