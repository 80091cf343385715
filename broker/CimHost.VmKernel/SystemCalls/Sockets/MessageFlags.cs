using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>Flags of send() and recv() (POSIX.1-2017; the values are those of Linux).</summary>
[Flags]
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <sys/socket.h>.")]
public enum MessageFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>EAGAIN instead of waiting.</summary>
    MSG_DONTWAIT = 0x40,

    /// <summary>EPIPE without SIGPIPE.</summary>
    MSG_NOSIGNAL = 0x4000,
}
