namespace CimHost.Configuration;

/// <summary>Addresses to listen on, as <c>address:port</c>; empty turns an endpoint off. Everything is on loopback unless configured.</summary>
public sealed class EndpointOptions
{
    /// <summary>CIM-XML over HTTP.</summary>
    public string CimXmlHttp { get; set; } = "127.0.0.1:5988";

    /// <summary>CIM-XML over HTTPS.</summary>
    public string CimXmlHttps { get; set; } = "127.0.0.1:5989";
}
