using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CimHost.Wbem.Client;

/// <summary>HTTP to one server: over TCP, over TLS, or over a Unix domain socket. Turns everything that can go wrong below CIM into sentences.</summary>
internal sealed class CimConnection : IDisposable
{
    private const int MaxErrorText = 2048;

    private readonly HttpClient _http;
    private readonly CimSessionOptions _options;
    private readonly AuthenticationHeaderValue? _authorization;

    public CimConnection(Uri address, string? socketPath, CimSessionOptions options)
    {
        _options = options;
        Name = socketPath ?? address.GetLeftPart(UriPartial.Authority);
        _authorization = options.UserName is { } user ? Basic(user, options.Password ?? string.Empty) : null;
        _http = new HttpClient(Handler(socketPath, options), disposeHandler: true)
        {
            BaseAddress = address,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The server, for messages.</summary>
    public string Name { get; }

    /// <summary>
    /// Sends a request and returns the answer once its head has arrived; HTTP errors become exceptions, except those that the caller wants to see.
    /// </summary>
    /// <exception cref="CimSessionException">There is no answer, or it is an HTTP error.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationTokenSource deadline, Func<HttpStatusCode, bool> accept, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _authorization;
        request.Version = HttpVersion.Version11;
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        }
        catch (Exception e) when (Translate(e, cancellationToken) is { } failure)
        {
            throw failure;
        }

        if (response.IsSuccessStatusCode || accept(response.StatusCode))
        {
            return response;
        }

        using (response)
        {
            throw await RefusedAsync(response, deadline.Token, cancellationToken);
        }
    }

    /// <summary>The sentence for what went wrong below HTTP; null for what is not about the connection (cancelled by the caller, defects).</summary>
    public CimSessionException? Translate(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => new CimSessionException(
            CimSessionFailure.TimedOut, $"{Name} did not answer within {_options.Timeout.TotalSeconds:0.###} s.", exception),
        HttpRequestException { InnerException: AuthenticationException tls } => new CimSessionException(
            CimSessionFailure.NotTrusted, $"The certificate of {Name} is not trusted ({FirstLine(tls.Message)}). Give its SHA-256 thumbprint, or let this computer trust its issuer.", exception),
        HttpRequestException { InnerException: SocketException socket } => new CimSessionException(
            CimSessionFailure.Unreachable, $"{Name} cannot be reached: {FirstLine(socket.Message)}.", exception),
        HttpRequestException or IOException or SocketException => new CimSessionException(
            CimSessionFailure.Unreachable, $"The connection to {Name} failed: {FirstLine(exception.InnerException?.Message ?? exception.Message)}", exception),
        _ => null,
    };

    public void Dispose() => _http.Dispose();

    private async Task<Exception> RefusedAsync(HttpResponseMessage response, CancellationToken deadline, CancellationToken cancellationToken)
    {
        string text = string.Empty;
        try
        {
            text = await ReadTextAsync(response.Content, MaxErrorText, deadline);
        }
        catch (Exception e) when (Translate(e, cancellationToken) is { } failure)
        {
            // The status line says enough; that the text behind it broke off is told with it.
            text = failure.Message;
        }

        string error = response.Headers.TryGetValues("CIMError", out IEnumerable<string>? values) ? $" ({string.Join(", ", values)})" : string.Empty;
        string user = _options.UserName is { } name ? $"user {name}" : "requests without a user";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new CimSessionException(
                CimSessionFailure.NotAuthenticated, $"{Name} does not accept {user}: {(_options.UserName is null ? "it wants a user name and a password" : "the user or the password is wrong")}."),
            HttpStatusCode.Forbidden => new CimSessionException(CimSessionFailure.Forbidden, $"{Name} forbids this to {user}{Behind(text)}"),
            _ => new CimSessionException(CimSessionFailure.InvalidAnswer, $"{Name} refused the request with HTTP {(int)response.StatusCode}{error}{Behind(text)}"),
        };
    }

    /// <summary>Reads text up to a number of bytes; what is longer is cut.</summary>
    public static async Task<string> ReadTextAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[Math.Min(maxBytes, 64 * 1024)];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == maxBytes)
                {
                    break;
                }

                Array.Resize(ref buffer, (int)Math.Min((long)length * 2, maxBytes));
            }

            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string Behind(string text) => text.Trim() is { Length: > 0 } said ? $": {FirstLine(said)}" : ".";

    private static string FirstLine(string text)
    {
        ReadOnlySpan<char> line = text.AsSpan().Trim();
        int end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end]).ToString();
    }

    private static AuthenticationHeaderValue Basic(string user, string password) => user.Contains(':', StringComparison.Ordinal)
        ? throw new ArgumentException($"The user name '{user}' has a colon, which HTTP Basic authentication cannot carry.")
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static SocketsHttpHandler Handler(string? socketPath, CimSessionOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.Timeout,
            MaxResponseHeadersLength = 64,
        };
        if (socketPath is not null)
        {
            handler.ConnectCallback = (_, token) => ConnectAsync(socketPath, token);
        }

        handler.SslOptions.RemoteCertificateValidationCallback = Validation(options);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static RemoteCertificateValidationCallback? Validation(CimSessionOptions options)
    {
        if (options.CertificateThumbprint is { } thumbprint)
        {
            byte[] expected = Thumbprint(thumbprint);
            return (_, certificate, _, _) => certificate is not null
                && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), expected);
        }

        return options.AcceptAnyCertificate ? AnyCertificate : null;
    }

#pragma warning disable CA5359 // The user asked for it: --insecure, and the option's documentation says what it costs.
    private static bool AnyCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;
#pragma warning restore CA5359

    private static byte[] Thumbprint(string text)
    {
        string digits = string.Concat(text.Where(c => c is not (':' or ' ')));
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(digits)
            : throw new ArgumentException($"'{text}' is no SHA-256 thumbprint; expected 64 hexadecimal digits.");
    }
}
