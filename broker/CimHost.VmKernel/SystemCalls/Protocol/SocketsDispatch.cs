using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls.Sockets;

namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Sockets. How the kernel answers these requests.</summary>
internal static class SocketsDispatch
{
    /// <summary>For each call what is done: arguments are read from the request, the call is made, its results go to the answer.</summary>
    public static Dictionary<SystemCallNumber, SystemCallHandler> Handlers { get; } = new()
    {
        [SystemCallNumber.Socket] = static async (k, r, w) => w.Int32(await k.SocketAsync((SocketDomain)r.Int32(), (OpenFlags)r.Int32())),
        [SystemCallNumber.Bind] = static async (k, r, w) => await k.BindAsync(r.Int32(), CallValues.ReadAddress(r)),
        [SystemCallNumber.Listen] = static async (k, r, w) => await k.ListenAsync(r.Int32(), r.Int32()),
        [SystemCallNumber.Accept] = static async (k, r, w) => w.Int32(await k.AcceptAsync(r.Int32(), (OpenFlags)r.Int32())),
        [SystemCallNumber.Connect] = static async (k, r, w) => await k.ConnectAsync(r.Int32(), CallValues.ReadAddress(r)),
        [SystemCallNumber.Shutdown] = static async (k, r, w) => await k.ShutdownAsync(r.Int32(), (ShutdownHow)r.Int32()),
        [SystemCallNumber.Getsockname] = static async (k, r, w) => CallValues.Write(w, await k.GetsocknameAsync(r.Int32())),
        [SystemCallNumber.Getpeername] = static async (k, r, w) => CallValues.Write(w, await k.GetpeernameAsync(r.Int32())),
        [SystemCallNumber.Send] = static async (k, r, w) => w.Int32(await k.SendAsync(r.Int32(), r.Bytes(), (MessageFlags)r.Int32())),
        [SystemCallNumber.Recv] = static (k, r, w) =>
        {
            int descriptor = r.Int32();
            int length = r.Int32();
            return Transfers.ReceiveAsync(
                w, length, (k, descriptor, flags: (MessageFlags)r.Int32()), static (s, buffer) => s.k.RecvAsync(s.descriptor, buffer, s.flags));
        },
    };
}
