using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Commands of fcntl() (POSIX.1-2017; the values are those of Linux).</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <fcntl.h>.")]
public enum FcntlCommand
{
    /// <summary>Duplicates to the lowest free descriptor at or above the argument.</summary>
    F_DUPFD = 0,

    /// <summary>Tells whether the descriptor is closed on exec: 1 or 0.</summary>
    F_GETFD = 1,

    /// <summary>Sets (1) or clears (0) that it is.</summary>
    F_SETFD = 2,

    /// <summary>Tells access mode and status flags.</summary>
    F_GETFL = 3,

    /// <summary>Sets O_APPEND and O_NONBLOCK as in the argument; other bits are ignored.</summary>
    F_SETFL = 4,

    /// <summary>F_DUPFD with close-on-exec.</summary>
    F_DUPFD_CLOEXEC = 1030,
}
