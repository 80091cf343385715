using System.Globalization;

namespace CimHost.Providers.Power.Sources;

/// <summary>A configured server of Network UPS Tools.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="UserName">Who logs in; empty for nobody, which is enough to read.</param>
/// <param name="PasswordFile">File with the password in its first line; empty without one.</param>
internal sealed record UpsdSettings(string Host, int Port, string UserName, string PasswordFile)
{
    /// <summary>Port of the protocol (RFC 9271 §7).</summary>
    public const int DefaultPort = 3493;

    /// <summary>The address for people and for names: "192.0.2.1:3493".</summary>
    public string Address => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Reads "host", "host:port", "[address]" or "[address]:port"; null when it is none of them.</summary>
    public static UpsdSettings? Parse(string address, string userName, string passwordFile)
    {
        int end = address.StartsWith('[') ? address.IndexOf(']', StringComparison.Ordinal) : -1;
        int colon = address.IndexOf(':', Math.Max(end, 0));
        string host = end > 0 ? address[1..end] : colon < 0 ? address : address[..colon];
        string rest = end > 0 ? address[(end + 1)..] : colon < 0 ? string.Empty : address[colon..];
        int port = DefaultPort;
        bool good = rest.Length == 0
            || (rest[0] == ':' && int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535);
        return good && host.Length is > 0 and <= 253 && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? new UpsdSettings(host, port, userName, passwordFile) : null;
    }
}
