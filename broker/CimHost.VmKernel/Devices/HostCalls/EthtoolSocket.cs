using System.Runtime.InteropServices;
using CimHost.Sdk.Hardware;
using Microsoft.Win32.SafeHandles;

namespace CimHost.VmKernel.Devices.HostCalls;

/// <summary>Asks the kernel's ethtool by netlink. A socket for each page: they are read once in a while, and a late answer meets no other question.</summary>
internal static partial class EthtoolSocket
{
    private const int Netlink = 16;
    private const int GenericProtocol = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int SocketLevel = 1;
    private const int ReceiveTimeout = 20;
    private const int Again = 11;
    private const int LongestAnswer = 8 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Reads a page of a module.</summary>
    /// <exception cref="HardwareException">Unsupported: no module, no such page, or the driver cannot tell. Unavailable: the kernel refused. TimedOut: the module does not answer.</exception>
    public static byte[] ReadModule(ModulePage page)
    {
        using SafeFileHandle socket = Open();
        byte[] answer = new byte[LongestAnswer];
        int length = Exchange(socket, GenericNetlink.FamilyRequest("ethtool", 1), answer, page);
        Check(GenericNetlink.ReadFamily(answer.AsSpan(0, length), 1, out ushort family), page);
        length = Exchange(socket, GenericNetlink.ModuleRequest(family, page, 2), answer, page);
        Check(GenericNetlink.ReadModule(answer.AsSpan(0, length), 2, out byte[] data), page);
        return data;
    }

    private static SafeFileHandle Open()
    {
        int descriptor = OpenSocket(Netlink, RawCloseOnExec, GenericProtocol);
        if (descriptor < 0)
        {
            throw new HardwareException(HardwareFault.Unavailable, $"The kernel's ethtool cannot be asked: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        var socket = new SafeFileHandle(descriptor, ownsHandle: true);
        Timeval limit = new((nint)s_limit.TotalSeconds, 0);
        _ = SetOption(socket, SocketLevel, ReceiveTimeout, ref limit, Marshal.SizeOf<Timeval>());
        return socket;
    }

    private static int Exchange(SafeFileHandle socket, byte[] request, byte[] answer, ModulePage page)
    {
        nint length = Send(socket, request, request.Length, 0) < 0 ? -1 : Receive(socket, answer, answer.Length, 0);
        if (length < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new HardwareException(error == Again ? HardwareFault.TimedOut : HardwareFault.Unavailable, Text(page, error));
        }

        return (int)length;
    }

    private static void Check(int error, ModulePage page)
    {
        const int NotPermitted = 1;
        const int NotAccessible = 13;
        if (error != 0)
        {
            throw error < 0 ? new HardwareException(HardwareFault.Malformed, $"The kernel's answer on the module of {page.Interface} breaks its format.")
                : new HardwareException(error is NotPermitted or NotAccessible ? HardwareFault.Unavailable : HardwareFault.Unsupported, Text(page, error));
        }
    }

    private static string Text(ModulePage page, int error) => $"The module of {page.Interface} cannot be read: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).";

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeFileHandle socket, int level, int name, ref Timeval value, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeFileHandle socket, byte[] data, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeFileHandle socket, [Out] byte[] data, nint length, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timeval(nint Seconds, nint Microseconds);
}
