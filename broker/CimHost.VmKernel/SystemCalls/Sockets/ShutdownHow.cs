using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>What shutdown() ends (POSIX.1-2017; the values are those of Linux).</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <sys/socket.h>.")]
public enum ShutdownHow
{
    /// <summary>Receiving.</summary>
    SHUT_RD = 0,

    /// <summary>Sending.</summary>
    SHUT_WR = 1,

    /// <summary>Both.</summary>
    SHUT_RDWR = 2,
}
