using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>What a process world may use. The limits of the groups above it apply beside these.</summary>
public sealed record ConfinementLimits
{
    /// <summary>Most processes and threads that can be asked for.</summary>
    public const int MaxProcesses = 4_194_304;

    /// <summary>Weight against its siblings.</summary>
    public ResourceShares CpuShares { get; init; } = ResourceShares.OfWorld(ShareLevel.Normal);

    /// <summary>Processor time, in millicores.</summary>
    public long Cpu { get; init; } = ResourceAllocation.Unlimited;

    /// <summary>Memory, in bytes; at least 1 MiB.</summary>
    public long Memory { get; init; } = ResourceAllocation.Unlimited;

    /// <summary>Address space of one process, in bytes (RLIMIT_AS). Not for .NET programs, which reserve far more than they use.</summary>
    public long AddressSpace { get; init; } = ResourceAllocation.Unlimited;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = MaxProcesses;

    /// <summary>Refuses what is out of range.</summary>
    /// <exception cref="KernelException">EINVAL: it names the value.</exception>
    internal void Check(string world)
    {
        const long Least = 1 << 20;
        string? wrong = CpuShares.Value < 1 ? "it has no CPU shares"
            : Cpu < 1 ? $"a CPU limit of {Cpu} millicores is none"
            : Memory < Least ? $"a memory limit of {Memory} bytes is below 1 MiB"
            : AddressSpace < Least ? $"an address space of {AddressSpace} bytes is below 1 MiB"
            : Processes is < 1 or > MaxProcesses ? $"{Processes} processes are out of range"
            : null;
        if (wrong is not null)
        {
            throw new KernelException(Errno.EINVAL, $"{world} cannot be confined so: {wrong}.");
        }
    }
}
