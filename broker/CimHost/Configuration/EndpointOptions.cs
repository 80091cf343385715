namespace CimHost.Configuration;

/// <summary>Addresses to listen on, as <c>address:port</c>; empty turns an endpoint off. Everything is on loopback unless configured.</summary>
public sealed class EndpointOptions
{
    /// <summary>CIM-XML over HTTP.</summary>
    public string CimXmlHttp { get; set; } = "127.0.0.1:5988";

    /// <summary>CIM-XML over HTTPS.</summary>
    public string CimXmlHttps { get; set; } = "127.0.0.1:5989";

    /// <summary>WS-Management over HTTP. Not served by this version; a value is accepted and told in the log.</summary>
    public string WsManHttp { get; set; } = string.Empty;

    /// <summary>WS-Management over HTTPS. Not served by this version; a value is accepted and told in the log.</summary>
    public string WsManHttps { get; set; } = string.Empty;

    /// <summary>Management over HTTPS. Not served by this version; a value is accepted and told in the log.</summary>
    public string Https { get; set; } = string.Empty;

    /// <summary>SNMP agent (UDP). Not served by this version; a value is accepted and told in the log.</summary>
    public string Snmp { get; set; } = string.Empty;
}
