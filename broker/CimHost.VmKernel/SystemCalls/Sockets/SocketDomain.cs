using System.Diagnostics.CodeAnalysis;

namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>How sockets are named (POSIX.1-2017 &lt;sys/socket.h&gt;; the values are those of Linux). Neither leaves the kernel.</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names of <sys/socket.h>.")]
public enum SocketDomain
{
    /// <summary>By a name that the kernel keeps, apart from the file system.</summary>
    AF_UNIX = 1,

    /// <summary>By a port of the loopback address.</summary>
    AF_INET = 2,
}
