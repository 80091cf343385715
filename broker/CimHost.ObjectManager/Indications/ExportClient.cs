using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Sends indications to one listener, one at a time (DSP0200 §7: export messages over HTTP and HTTPS). Redirections are not followed and
/// proxies not used; what a listener answers is read up to a bound.
/// </summary>
internal sealed class ExportClient : IDisposable
{
    private const int MaxAnswer = 64 * 1024;
    private const int MaxSaid = 200;

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private long _messageId;

    public ExportClient(IndicationOptions options, X509Certificate2Collection trusted)
    {
        _timeout = TimeSpan.FromSeconds(Math.Clamp(options.DeliverySeconds, 0.1, 600));
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = _timeout,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 32,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = Validation(options, trusted);
        _http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends one indication.</summary>
    /// <param name="destination">The destination: URL, user name, password.</param>
    /// <param name="encodedInstance">The indication as the element INSTANCE.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Null when the listener has taken it; else why not, for people.</returns>
    public async Task<string?> SendAsync(CimInstance destination, ReadOnlyMemory<byte> encodedInstance, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            var body = new ArrayBufferWriter<byte>(encodedInstance.Length + 512);
            CimXmlExportWriter.Indication(body, Interlocked.Increment(ref _messageId).ToString(CultureInfo.InvariantCulture), encodedInstance.Span);
            using var request = new HttpRequestMessage(HttpMethod.Post, destination["Destination"].AsString()) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml", "utf-8");
            request.Headers.Add("CIMProtocolVersion", "1.4");
            request.Headers.Add("CIMExport", "MethodRequest");
            request.Headers.Add("CIMExportMethod", CimXmlExportWriter.ExportIndication);
            if (destination["username"].AsString() is { Length: > 0 } user)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{destination["password"].AsString()}")));
            }

            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await JudgeAsync(response, deadline.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Explain(e) is { } why)
        {
            return why;
        }
    }

    public void Dispose() => _http.Dispose();

    private string? Explain(Exception exception) => exception switch
    {
        OperationCanceledException => $"The listener did not answer within {_timeout.TotalSeconds:0.###} s.",
        HttpRequestException { InnerException: AuthenticationException tls } => $"The certificate of the listener is not trusted: {FirstLine(tls.Message)}",
        HttpRequestException { InnerException: SocketException socket } => $"The listener cannot be reached: {FirstLine(socket.Message)}.",
        HttpRequestException or IOException or SocketException => $"The connection to the listener failed: {FirstLine(exception.InnerException?.Message ?? exception.Message)}",
        UriFormatException or InvalidOperationException => $"The destination cannot be used: {FirstLine(exception.Message)}",
        _ => null,
    };

    // Taken is only what the listener says it took; a web server that answers 200 to everything is no listener.
    private static async Task<string?> JudgeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] answer = await ReadAsync(response.Content, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            string error = response.Headers.TryGetValues("CIMError", out IEnumerable<string>? values) ? $" ({FirstLine(string.Join(", ", values))})" : string.Empty;
            return response.StatusCode == HttpStatusCode.Unauthorized
                ? "The listener does not accept the user or the password of the destination (HTTP 401)."
                : $"The listener refused with HTTP {(int)response.StatusCode}{error}.";
        }

        if (answer.Length > MaxAnswer)
        {
            return $"The answer of the listener is longer than {MaxAnswer} bytes.";
        }

        // Some listeners say nothing beyond 200; that is no answer of another service either.
        return answer.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0 ? null : Parse(answer);
    }

    private static string? Parse(byte[] answer)
    {
        var parser = new CimXmlResponseParser();
        try
        {
            ReadOnlySpan<byte> rest = answer;
            while (parser.Read(rest, isFinal: true, out int consumed) is not null)
            {
                rest = rest[consumed..];
            }

            return string.Equals(parser.MethodName, CimXmlExportWriter.ExportIndication, StringComparison.OrdinalIgnoreCase)
                ? null
                : $"The listener answered to {FirstLine(parser.MethodName ?? "nothing")} and not to {CimXmlExportWriter.ExportIndication}.";
        }
        catch (CimException e)
        {
            return $"The listener answered with {e.StatusName}: {FirstLine(e.Message)}";
        }
        catch (CimXmlResponseException e)
        {
            return $"The answer of the listener cannot be read: {FirstLine(e.Message)}";
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxAnswer + 1];
        int length = 0;
        while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and int read)
        {
            length += read;
        }

        return buffer[..length];
    }

    private static string FirstLine(string text)
    {
        ReadOnlySpan<char> line = text.AsSpan().Trim();
        int end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length > MaxSaid ? string.Concat(line[..MaxSaid], "…") : line.ToString();
    }

    private static RemoteCertificateValidationCallback? Validation(IndicationOptions options, X509Certificate2Collection trusted)
    {
        if (options.CertificateValidation == ListenerCertificateValidation.None)
        {
            return AnyCertificate;
        }

        return trusted.Count == 0 ? null : (_, certificate, _, errors) => errors == SslPolicyErrors.None || IsTrusted(certificate, errors, trusted);
    }

#pragma warning disable CA5359 // The administrator asked for it; the option's documentation says what it costs.
    private static bool AnyCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;
#pragma warning restore CA5359

    // A listener's own certificate in the file is enough by itself; one of its issuer must have issued it, for this name.
    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection trusted)
    {
        if (certificate is not X509Certificate2 shown)
        {
            return false;
        }

        if (trusted.Any(t => t.RawDataMemory.Span.SequenceEqual(shown.RawDataMemory.Span)))
        {
            return true;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }
}
