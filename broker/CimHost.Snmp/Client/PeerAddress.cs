namespace CimHost.Snmp.Client;

/// <summary>Where an SNMP engine is: <c>host:port</c>, over UDP unless <c>tcp:</c> stands before it; IPv6 in brackets.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Port.</param>
/// <param name="IsTcp">Whether over TCP.</param>
public sealed record PeerAddress(string Host, int Port, bool IsTcp)
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="defaultPort">Port when none is given.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static PeerAddress Parse(string text, int defaultPort)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isTcp = text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase);
        string rest = isTcp || text.StartsWith("udp:", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        int colon = rest.LastIndexOf(':');
        bool hasPort = rest.StartsWith('[') ? colon > rest.IndexOf(']') : colon > 0 && rest.IndexOf(':') == colon;
        string host = (hasPort ? rest[..colon] : rest).Trim('[', ']');
        int port = defaultPort;
        return host.Length == 0 || (hasPort && (!int.TryParse(rest.AsSpan(colon + 1), out port) || port is < 1 or > 65_535))
            ? throw new FormatException($"an address is host:port, with tcp: before it for TCP, not '{text}'")
            : new PeerAddress(host, port, isTcp);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(IsTcp ? "tcp:" : string.Empty)}{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
