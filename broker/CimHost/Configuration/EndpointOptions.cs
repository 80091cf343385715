using System.Net;
using System.Net.Sockets;

namespace CimHost.Configuration;

/// <summary>Addresses to listen on, as <c>address:port</c>; empty turns an endpoint off. Everything is on loopback unless configured.</summary>
public sealed class EndpointOptions
{
    /// <summary>Key of <see cref="CimXmlHttps"/>.</summary>
    public const string CimXmlHttpsKey = "Endpoints:CimXmlHttps";

    /// <summary>Key of <see cref="Https"/>.</summary>
    public const string HttpsKey = "Endpoints:Https";

    /// <summary>CIM-XML over HTTP.</summary>
    public string CimXmlHttp { get; set; } = "127.0.0.1:5988";

    /// <summary>CIM-XML over HTTPS.</summary>
    public string CimXmlHttps { get; set; } = "127.0.0.1:5989";

    /// <summary>WS-Management over HTTP. Not served by this version; a value is accepted and told in the log.</summary>
    public string WsManHttp { get; set; } = string.Empty;

    /// <summary>WS-Management over HTTPS. Not served by this version; a value is accepted and told in the log.</summary>
    public string WsManHttps { get; set; } = string.Empty;

    /// <summary>Management over HTTPS: files.</summary>
    public string Https { get; set; } = "127.0.0.1:8443";

    /// <summary>SNMP agent, over UDP and TCP; with [::] over IPv6 and IPv4.</summary>
    public string Snmp { get; set; } = "127.0.0.1:1161";

    /// <summary>The addresses that this version listens on: the configuration key, the address, and whether it speaks TLS.</summary>
    /// <exception cref="ConfigurationException">A value is no address.</exception>
    public IEnumerable<(string Key, IPEndPoint EndPoint, bool IsHttps)> Listening()
    {
        (string Key, string Value, bool IsHttps)[] all = [("Endpoints:CimXmlHttp", CimXmlHttp, false), (CimXmlHttpsKey, CimXmlHttps, true), (HttpsKey, Https, true)];
        return all.Where(a => a.Value.Length > 0).Select(a => (a.Key, ConfigurationLoader.Address(a.Key, a.Value), a.IsHttps));
    }

    /// <summary>Which address cannot be listened on and why, for a person; null when all can: then something else failed.</summary>
    public string? WhyNotListening()
    {
        foreach ((string key, IPEndPoint endPoint, _) in Listening())
        {
            try
            {
                using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(endPoint);
            }
            catch (SocketException e)
            {
                string reason = e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => "another program listens there already; stop it or choose another address",
                    SocketError.AddressNotAvailable => "this computer does not have that address; choose one of its own, or 0.0.0.0 for all",
                    SocketError.AccessDenied => "this user may not listen there; choose a port above 1023 or give the program CAP_NET_BIND_SERVICE",
                    _ => e.Message,
                };
                return $"{key} = {endPoint}: {reason}.";
            }
        }

        return null;
    }
}
