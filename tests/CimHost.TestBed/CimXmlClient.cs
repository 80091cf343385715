using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace CimHost.TestBed;

/// <summary>What came back for a CIM-XML request.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">HTTP headers of the answer.</param>
/// <param name="Body">The body.</param>
public sealed record CimXmlAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string Body)
{
    /// <summary>The body as a document.</summary>
    public XDocument Document => XDocument.Parse(Body);

    /// <summary>Status code of the first ERROR element; 0 when there is none.</summary>
    public int ErrorCode => Error is { } error ? int.Parse(error.Attribute("CODE")!.Value, CultureInfo.InvariantCulture) : 0;

    /// <summary>Description of the first ERROR element; empty when there is none.</summary>
    public string ErrorDescription => Error?.Attribute("DESCRIPTION")?.Value ?? string.Empty;

    /// <summary>INSTANCE elements, in order.</summary>
    public IReadOnlyList<XElement> Instances => [.. Document.Descendants("INSTANCE")];

    /// <summary>This answer, if it is a CIM-XML response without an error.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public CimXmlAnswer Succeeded() => Status == HttpStatusCode.OK && ErrorCode == 0 ? this : throw new InvalidOperationException($"HTTP {(int)Status}: {Body}");

    private XElement? Error => Document.Descendants("ERROR").FirstOrDefault();
}

/// <summary>A small CIM-XML client over HttpClient that shows everything of an answer and lets a test send anything.</summary>
public sealed class CimXmlClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _address;

    /// <summary>Creates a client; the certificate of an HTTPS host is not checked, it is made at the host's first start.</summary>
    public CimXmlClient(Uri address, string userName, string? password)
    {
        _address = address;
#pragma warning disable CA5359, CA5399 // The host makes its own certificate; no authority vouches for it or revokes it.
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 64 };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        _client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(100) };
#pragma warning restore CA5359, CA5399
        if (password is not null)
        {
            _client.DefaultRequestHeaders.Authorization = Basic(userName, password);
        }
    }

    /// <summary>The client of root over HTTP.</summary>
    public static CimXmlClient Of(HostProcess host) => new(host.Http, "root", host.Password);

    /// <summary>A header with Basic credentials.</summary>
    public static AuthenticationHeaderValue Basic(string userName, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));

    /// <summary>The text value of a property of an INSTANCE element; null when it has none.</summary>
    public static string? ValueOf(XElement instance, string property) =>
        instance.Elements().Single(p => string.Equals(p.Attribute("NAME")?.Value, property, StringComparison.OrdinalIgnoreCase)).Element("VALUE")?.Value;

    /// <summary>Values of an array property of an INSTANCE element.</summary>
    public static IReadOnlyList<string> ValuesOf(XElement instance, string property) =>
        [.. instance.Elements().Single(p => string.Equals(p.Attribute("NAME")?.Value, property, StringComparison.OrdinalIgnoreCase)).Descendants("VALUE").Select(v => v.Value)];

    /// <summary>Calls an intrinsic method.</summary>
    public Task<CimXmlAnswer> CallAsync(string ns, string method, params (string Name, string Xml)[] parameters) =>
        PostAsync(CimXmlMessage.Call(ns, method, parameters), request =>
        {
            request.Headers.Add("CIMOperation", "MethodCall");
            request.Headers.Add("CIMMethod", method);
            request.Headers.Add("CIMObject", Uri.EscapeDataString(ns));
        });

    /// <summary>Enumerates the instances of a class.</summary>
    public Task<CimXmlAnswer> EnumerateAsync(string ns, string className) => CallAsync(ns, "EnumerateInstances", ("ClassName", CimXmlMessage.ClassName(className)));

    /// <summary>Posts a body as it is.</summary>
    public Task<CimXmlAnswer> PostAsync(string body, Action<HttpRequestMessage>? change = null) => PostAsync(Encoding.UTF8.GetBytes(body), change);

    /// <summary>Posts bytes as they are.</summary>
    public async Task<CimXmlAnswer> PostAsync(byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/xml; charset=utf-8");
        change?.Invoke(request);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return new CimXmlAnswer(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
