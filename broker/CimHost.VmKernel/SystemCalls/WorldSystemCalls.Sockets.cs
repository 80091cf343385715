using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Sockets;

namespace CimHost.VmKernel.SystemCalls;

/// <summary>Sockets.</summary>
internal sealed partial class WorldSystemCalls
{
    /// <inheritdoc/>
    public async ValueTask<int> SocketAsync(SocketDomain domain, OpenFlags flags = 0)
    {
        await thread.EnterAsync();
        if (domain is not (SocketDomain.AF_UNIX or SocketDomain.AF_INET))
        {
            throw new KernelException(Errno.EAFNOSUPPORT, $"socket: there is no domain {(int)domain}.");
        }

        return World.Descriptors.Add(
            new LoopbackSocket(Table.Network, domain, flags & OpenFlags.O_NONBLOCK), (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /// <inheritdoc/>
    public async ValueTask BindAsync(int descriptor, LoopbackAddress address) =>
        await WithFileAsync(descriptor, (address, World.Credentials), static (file, s) =>
        {
            Socket(file).Bind(s.address, s.Credentials);
            return true;
        });

    /// <inheritdoc/>
    public async ValueTask ListenAsync(int descriptor, int backlog) =>
        await WithFileAsync(descriptor, backlog, static (file, size) =>
        {
            Socket(file).Listen(size);
            return true;
        });

    /// <inheritdoc/>
    public async ValueTask<int> AcceptAsync(int descriptor, OpenFlags flags = 0)
    {
        LoopbackSocket accepted = await WithFileAsync(
            descriptor, flags & OpenFlags.O_NONBLOCK, static (file, own, interrupt) => Socket(file).AcceptAsync(own, interrupt));
        return World.Descriptors.Add(accepted, (flags & OpenFlags.O_CLOEXEC) != 0);
    }

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(int descriptor, LoopbackAddress address) =>
        await WithFileAsync(descriptor, address, static (file, to) =>
        {
            Socket(file).Connect(to);
            return true;
        });

    /// <inheritdoc/>
    public async ValueTask<int> SendAsync(int descriptor, ReadOnlyMemory<byte> buffer, MessageFlags flags = 0)
    {
        try
        {
            return await WithFileAsync(descriptor, (buffer, flags), static (file, s, interrupt) =>
                Socket(file).SendAsync(s.buffer, (s.flags & MessageFlags.MSG_DONTWAIT) == 0, interrupt));
        }
        catch (KernelException broken) when (broken.Errno == Errno.EPIPE && (flags & MessageFlags.MSG_NOSIGNAL) == 0)
        {
            await RaiseAsync(Signal.SIGPIPE);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> RecvAsync(int descriptor, Memory<byte> buffer, MessageFlags flags = 0) =>
        WithFileAsync(descriptor, (buffer, flags), static (file, s, interrupt) =>
            Socket(file).ReceiveAsync(s.buffer, (s.flags & MessageFlags.MSG_DONTWAIT) == 0, interrupt));

    /// <inheritdoc/>
    public async ValueTask ShutdownAsync(int descriptor, ShutdownHow how) =>
        await WithFileAsync(descriptor, how, static (file, what) =>
        {
            Socket(file).Shutdown(what);
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<LoopbackAddress> GetsocknameAsync(int descriptor) =>
        WithFileAsync(descriptor, 0, static (file, _) => Socket(file).LocalAddress);

    /// <inheritdoc/>
    public ValueTask<LoopbackAddress> GetpeernameAsync(int descriptor) =>
        WithFileAsync(descriptor, 0, static (file, _) => Socket(file).PeerAddress);

    private static LoopbackSocket Socket(OpenFile file) =>
        file as LoopbackSocket ?? throw new KernelException(Errno.ENOTSOCK, "The descriptor is not a socket.");
}
