using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls.Sockets;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>System calls on sockets: streams within the kernel, of worlds to worlds. read() and write() work on them too.</summary>
public interface ISocketCalls
{
    /// <summary>socket(): a stream socket, with O_NONBLOCK and O_CLOEXEC as flags.</summary>
    ValueTask<int> SocketAsync(SocketDomain domain, OpenFlags flags = 0);

    /// <summary>bind().</summary>
    ValueTask BindAsync(int descriptor, LoopbackAddress address);

    /// <summary>listen().</summary>
    ValueTask ListenAsync(int descriptor, int backlog);

    /// <summary>accept(): descriptor of the connection.</summary>
    ValueTask<int> AcceptAsync(int descriptor, OpenFlags flags = 0);

    /// <summary>connect().</summary>
    ValueTask ConnectAsync(int descriptor, LoopbackAddress address);

    /// <summary>send().</summary>
    ValueTask<int> SendAsync(int descriptor, ReadOnlyMemory<byte> buffer, MessageFlags flags = 0);

    /// <summary>recv(): 0 when the peer sends no more.</summary>
    ValueTask<int> RecvAsync(int descriptor, Memory<byte> buffer, MessageFlags flags = 0);

    /// <summary>shutdown().</summary>
    ValueTask ShutdownAsync(int descriptor, ShutdownHow how);

    /// <summary>getsockname().</summary>
    ValueTask<LoopbackAddress> GetsocknameAsync(int descriptor);

    /// <summary>getpeername().</summary>
    ValueTask<LoopbackAddress> GetpeernameAsync(int descriptor);
}
