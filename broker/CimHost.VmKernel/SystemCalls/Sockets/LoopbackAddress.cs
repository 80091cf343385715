namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>Address of a socket within the kernel.</summary>
/// <param name="Domain">How it is named.</param>
/// <param name="Name">Name, of AF_UNIX; 1 to 107 characters.</param>
/// <param name="Port">Port, of AF_INET; 0 in bind(): any free one.</param>
public readonly record struct LoopbackAddress(SocketDomain Domain, string Name, int Port)
{
    /// <summary>An address by name.</summary>
    /// <param name="name">Name.</param>
    public static LoopbackAddress Unix(string name) => new(SocketDomain.AF_UNIX, name, 0);

    /// <summary>An address by port.</summary>
    /// <param name="port">Port.</param>
    public static LoopbackAddress Loopback(int port) => new(SocketDomain.AF_INET, string.Empty, port);
}
