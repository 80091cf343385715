using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.Worlds;

/// <summary>What getrlimit() knows (the values are those of Linux).</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <sys/resource.h>.")]
public enum ResourceLimitKind
{
    /// <summary>Worlds of the user.</summary>
    RLIMIT_NPROC = 6,

    /// <summary>One more than the highest descriptor.</summary>
    RLIMIT_NOFILE = 7,

    /// <summary>Bytes of kernel-managed memory; of a process world its address space.</summary>
    RLIMIT_AS = 9,
}
