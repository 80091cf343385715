using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Client;

/// <summary>
/// A client's session with a WBEM server over CIM-XML. It has the names that users of Microsoft.Management.Infrastructure know and is the
/// same <see cref="ICimOperations"/> that a provider has inside of the host. Enumerations are pulled in portions and handed out object by
/// object while they arrive. Operations may run at the same time.
/// </summary>
/// <remarks>
/// Every operation may throw <see cref="CimException"/> (the server answered with an error) and <see cref="CimSessionException"/> (it could
/// not be asked, or its answer not be read); an enumeration may do so after results, which then are valid. The class of an instance that
/// came from a server is made of what the answer carries: names, types and values of its properties, without qualifiers.
/// </remarks>
public sealed partial class CimSession : ICimOperations, IDisposable
{
    private const int CimXmlHttpPort = 5988;
    private const int CimXmlHttpsPort = 5989;

    private readonly CimConnection _connection;
    private readonly CimSessionOptions _options;
    private long _messageId;

    private CimSession(CimConnection connection, CimSessionOptions options)
    {
        _connection = connection;
        _options = options;
    }

    /// <summary>The server as it is told in messages.</summary>
    public string ComputerName => _connection.Name;

    /// <summary>A session over the network. Nothing is sent yet.</summary>
    /// <param name="computerName">
    /// <c>https://host:port</c>, <c>http://host:port</c>, <c>host:port</c> or <c>host</c>; without a scheme it is HTTPS, without a port 5989
    /// (HTTPS) or 5988 (HTTP).
    /// </param>
    /// <param name="options">Credentials, certificate, limits.</param>
    /// <exception cref="ArgumentException">The name is no address, or an option is wrong.</exception>
    public static CimSession Create(string computerName, CimSessionOptions? options = null)
    {
        options ??= new CimSessionOptions();
        return new CimSession(new CimConnection(Address(computerName), null, options), options);
    }

    /// <summary>A session with the host on this computer, over its Unix domain socket: who may open the socket is authenticated by that.</summary>
    public static CimSession CreateLocal(string socketPath, CimSessionOptions? options = null)
    {
        options ??= new CimSessionOptions();
        return new CimSession(new CimConnection(new Uri("http://localhost/"), socketPath, options), options);
    }

    /// <summary>Asks the server something small, so that a wrong address or password is found before work starts.</summary>
    public async Task TestConnectionAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await GetQualifierAsync("root/interop", "Key", cancellationToken);
        }
        catch (CimException)
        {
            // Whatever the answer is, there is one, and the credentials were taken.
        }
    }

    /// <summary>
    /// Posts something that is no CIM operation to another path of the server, as the host's management routes take it, and returns status and text.
    /// </summary>
    /// <exception cref="CimSessionException">No answer, or one that <paramref name="accept"/> does not take.</exception>
    public async Task<(HttpStatusCode Status, string Text)> PostAsync(string pathAndQuery, HttpContent content, Func<HttpStatusCode, bool> accept, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, pathAndQuery) { Content = content };
        using HttpResponseMessage response = await _connection.SendAsync(request, deadline, accept, cancellationToken);
        try
        {
            return (response.StatusCode, await CimConnection.ReadTextAsync(response.Content, _options.MaxObjectBytes, deadline.Token));
        }
        catch (Exception e) when (_connection.Translate(e, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static Uri Address(string computerName)
    {
        string text = computerName.Contains("://", StringComparison.Ordinal) ? computerName : "https://" + computerName;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/")
        {
            throw new ArgumentException($"'{computerName}' is no address of a server; expected https://host:port, http://host:port or a host name, without user and path.");
        }

        // Uri cannot tell "no port" from the scheme's own, which no WBEM server uses unless it is written out.
        string authority = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/');
        bool hasPort = authority.LastIndexOf(':') > authority.LastIndexOf(']');
        return hasPort ? uri : new UriBuilder(uri) { Port = uri.Scheme == Uri.UriSchemeHttp ? CimXmlHttpPort : CimXmlHttpsPort }.Uri;
    }

    private string NextId() => Interlocked.Increment(ref _messageId).ToString(CultureInfo.InvariantCulture);

    private async Task<CimXmlResponseStream> SendAsync(string operation, string target, ArrayBufferWriter<byte> body, CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            deadline.CancelAfter(_options.Timeout);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/cimom") { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml", "utf-8");
            request.Headers.Add("CIMProtocolVersion", "1.4");
            request.Headers.Add("CIMOperation", "MethodCall");
            request.Headers.Add("CIMMethod", Encode(operation));
            request.Headers.Add("CIMObject", Encode(target));
            HttpResponseMessage response = await _connection.SendAsync(request, deadline, static _ => false, cancellationToken);
            return new CimXmlResponseStream(response, _connection, _options, deadline, cancellationToken);
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    private Task<CimXmlResponseStream> CallAsync(string namespaceName, string operation, CimXmlParameter[] parameters, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        CimXmlRequestWriter.Intrinsic(body, NextId(), namespaceName, operation, parameters);
        return SendAsync(operation, namespaceName, body, cancellationToken);
    }

    // An operation without a result.
    private async ValueTask RunAsync(string namespaceName, string operation, CimXmlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using CimXmlResponseStream response = await CallAsync(namespaceName, operation, parameters, cancellationToken);
        if (await response.ReadAsync() is { } result)
        {
            throw Unexpected(operation, result, "no result");
        }
    }

    // An operation with one result.
    private async ValueTask<T> GetAsync<T>(string namespaceName, string operation, CimXmlParameter[] parameters, CancellationToken cancellationToken)
        where T : class
    {
        await using CimXmlResponseStream response = await CallAsync(namespaceName, operation, parameters, cancellationToken);
        object? result = await response.ReadAsync();
        if (result is not T expected)
        {
            throw Unexpected(operation, result, typeof(T).Name);
        }

        return await response.ReadAsync() is { } more ? throw Unexpected(operation, more, "one result") : expected;
    }

    // An operation with any number of results.
    private async IAsyncEnumerable<T> ReadAllAsync<T>(string namespaceName, string operation, CimXmlParameter[] parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        await using CimXmlResponseStream response = await CallAsync(namespaceName, operation, parameters, cancellationToken);
        while (await response.ReadAsync() is { } result)
        {
            yield return Expect<T>(operation, result, namespaceName);
        }
    }

    private T Expect<T>(string operation, object result, string namespaceName)
        where T : class => Placed(result, namespaceName) as T ?? throw Unexpected(operation, result, typeof(T).Name);

    // What the server left out of a path because the client knows it is put back; its name of itself is of no use elsewhere.
    private static object Placed(object result, string namespaceName)
    {
        switch (result)
        {
            case CimInstance { Path: { } path } instance:
                instance.Path = Placed(path, namespaceName);
                return instance;
            case CimObjectPath path:
                return Placed(path, namespaceName);
            case CimClass { Namespace: null } cimClass:
                return cimClass.WithNamespace(namespaceName);
            default:
                return result;
        }
    }

    private static CimObjectPath Placed(CimObjectPath path, string namespaceName) => path.WithHost(null).WithNamespace(path.Namespace ?? namespaceName);

    private CimSessionException Unexpected(string operation, object? result, string expected) => new(
        CimSessionFailure.InvalidAnswer,
        $"{ComputerName} answered {operation} with {(result is null ? "nothing" : result.GetType().Name)} where {expected} was expected.");

    // Header values are percent-encoded UTF-8 (DSP0200 §7.3.7); what is common in namespaces and class names stays readable.
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || "/:._-=,".Contains((char)b, StringComparison.Ordinal))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }
}
