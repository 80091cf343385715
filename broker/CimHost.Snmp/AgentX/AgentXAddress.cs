using System.Net;
using System.Net.Sockets;
using CimHost.Snmp.Client;

namespace CimHost.Snmp.AgentX;

/// <summary>Where an AgentX master is (RFC 2741 section 8): <c>unix:/path</c> or <c>tcp:host:port</c>.</summary>
/// <param name="Path">Path of its socket; empty when it is reached over TCP.</param>
/// <param name="Peer">Its address; null when it has a socket in the file system.</param>
internal sealed record AgentXAddress(string Path, PeerAddress? Peer)
{
    private const int DefaultPort = 705;

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static AgentXAddress Parse(string text)
    {
        string path = text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) ? text["unix:".Length..] : text;
        return path.StartsWith('/') ? new AgentXAddress(path, null)
            : text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? new AgentXAddress(string.Empty, PeerAddress.Parse(text, DefaultPort))
            : throw new FormatException($"the address of an AgentX master is unix:/path or tcp:host:port, not '{text}'");
    }

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">Nobody listens there, or this user may not connect; the message says which.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Peer is null
                ? await ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(Path), cancellationToken)
                : await ConnectAsync(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, new DnsEndPoint(Peer.Host, Peer.Port), cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // The argument is a path that is longer than a socket's may be.
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Peer?.ToString() ?? "unix:" + Path;

    private static async Task<Socket> ConnectAsync(Socket socket, EndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
