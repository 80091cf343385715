using System.Net.Sockets;
using System.Text;

namespace CimHost.Hosting;

/// <summary>Tells systemd how the service does (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names.</summary>
internal static class SystemdNotification
{
    /// <summary>Sends a state such as "READY=1"; does nothing when no service manager asked for it.</summary>
    public static void Send(string state)
    {
        string? path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        // A name that starts with @ is in the abstract namespace, which begins with a NUL byte.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
    }
}
