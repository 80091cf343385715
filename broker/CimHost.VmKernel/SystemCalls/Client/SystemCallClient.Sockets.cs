using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.SystemCalls.Sockets;

namespace CimHost.VmKernel.SystemCalls.Client;

/// <summary>Sockets.</summary>
public sealed partial class SystemCallClient
{
    /// <inheritdoc/>
    public ValueTask<int> SocketAsync(SocketDomain domain, OpenFlags flags = 0) =>
        CallAsync(SystemCallNumber.Socket, w => w.Int32((int)domain).Int32((int)flags), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask BindAsync(int descriptor, LoopbackAddress address) =>
        CallAsync(SystemCallNumber.Bind, w => CallValues.Write(w.Int32(descriptor), address));

    /// <inheritdoc/>
    public ValueTask ListenAsync(int descriptor, int backlog) =>
        CallAsync(SystemCallNumber.Listen, w => w.Int32(descriptor).Int32(backlog));

    /// <inheritdoc/>
    public ValueTask<int> AcceptAsync(int descriptor, OpenFlags flags = 0) =>
        CallAsync(SystemCallNumber.Accept, w => w.Int32(descriptor).Int32((int)flags), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask ConnectAsync(int descriptor, LoopbackAddress address) =>
        CallAsync(SystemCallNumber.Connect, w => CallValues.Write(w.Int32(descriptor), address));

    /// <inheritdoc/>
    public ValueTask ShutdownAsync(int descriptor, ShutdownHow how) =>
        CallAsync(SystemCallNumber.Shutdown, w => w.Int32(descriptor).Int32((int)how));

    /// <inheritdoc/>
    public ValueTask<LoopbackAddress> GetsocknameAsync(int descriptor) =>
        CallAsync(SystemCallNumber.Getsockname, w => w.Int32(descriptor), CallValues.ReadAddress);

    /// <inheritdoc/>
    public ValueTask<LoopbackAddress> GetpeernameAsync(int descriptor) =>
        CallAsync(SystemCallNumber.Getpeername, w => w.Int32(descriptor), CallValues.ReadAddress);

    /// <inheritdoc/>
    public ValueTask<int> SendAsync(int descriptor, ReadOnlyMemory<byte> buffer, MessageFlags flags = 0) =>
        CallAsync(
            SystemCallNumber.Send, w => w.Int32(descriptor).Bytes(buffer.Span[..Chunk(buffer.Length)]).Int32((int)flags), static r => r.Int32());

    /// <inheritdoc/>
    public ValueTask<int> RecvAsync(int descriptor, Memory<byte> buffer, MessageFlags flags = 0) =>
        ReceiveAsync(SystemCallNumber.Recv, w => w.Int32(descriptor).Int32(Chunk(buffer.Length)).Int32((int)flags), buffer);
}
