namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>The addresses at which sockets of the kernel are bound.</summary>
internal sealed class LoopbackNetwork
{
    private const int HighestPort = 65535;
    private const int FirstPrivatePort = 49152;
    private const int FirstFreePort = 1024;
    private const int LongestName = 107;

    private readonly Lock _lock = new();
    private readonly Dictionary<LoopbackAddress, LoopbackSocket> _bound = [];
    private int _lastPort = FirstPrivatePort - 1;

    /// <summary>Binds a socket.</summary>
    /// <returns>The address, with the port chosen.</returns>
    /// <exception cref="KernelException">EINVAL, EACCES a port below 1024 without privilege, EADDRINUSE, EADDRNOTAVAIL no port is free.</exception>
    public LoopbackAddress Bind(LoopbackSocket socket, LoopbackAddress address, Credentials credentials)
    {
        Check(address);
        if (address.Domain == SocketDomain.AF_INET && address.Port is > 0 and < FirstFreePort && !credentials.IsPrivileged)
        {
            throw new KernelException(Errno.EACCES, $"Only root binds port {address.Port}.");
        }

        lock (_lock)
        {
            LoopbackAddress chosen = address is { Domain: SocketDomain.AF_INET, Port: 0 } ? FreePort() : address;
            return _bound.TryAdd(chosen, socket)
                ? chosen
                : throw new KernelException(Errno.EADDRINUSE, $"{Text(chosen)} is in use.");
        }
    }

    /// <summary>The socket that is bound at an address.</summary>
    /// <exception cref="KernelException">EINVAL, ECONNREFUSED.</exception>
    public LoopbackSocket Find(LoopbackAddress address)
    {
        Check(address);
        lock (_lock)
        {
            return _bound.GetValueOrDefault(address) ?? throw Refused(address);
        }
    }

    /// <summary>Frees an address.</summary>
    public void Unbind(LoopbackAddress address)
    {
        lock (_lock)
        {
            _bound.Remove(address);
        }
    }

    /// <summary>Nobody accepts connections there.</summary>
    public static KernelException Refused(LoopbackAddress address) =>
        new(Errno.ECONNREFUSED, $"Nobody accepts connections at {Text(address)}.");

    private static string Text(LoopbackAddress address) =>
        address.Domain == SocketDomain.AF_UNIX ? $"the name {address.Name}" : $"port {address.Port}";

    private static void Check(LoopbackAddress address)
    {
        bool valid = address.Domain == SocketDomain.AF_UNIX
            ? address.Name is { Length: > 0 and <= LongestName }
            : address.Port is >= 0 and <= HighestPort;
        if (!valid)
        {
            throw new KernelException(Errno.EINVAL, "The address has no name of 1 to 107 characters, or no port of 0 to 65535.");
        }
    }

    private LoopbackAddress FreePort()
    {
        for (int tries = FirstPrivatePort; tries <= HighestPort; tries++)
        {
            _lastPort = _lastPort == HighestPort ? FirstPrivatePort : _lastPort + 1;
            if (!_bound.ContainsKey(LoopbackAddress.Loopback(_lastPort)))
            {
                return LoopbackAddress.Loopback(_lastPort);
            }
        }

        throw new KernelException(Errno.EADDRNOTAVAIL, "No port is free.");
    }
}
