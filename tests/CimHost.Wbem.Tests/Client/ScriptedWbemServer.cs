using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CimHost.Wbem.CimXml;

namespace CimHost.Wbem.Tests.Client;

/// <summary>A request as the scripted server saw it.</summary>
internal sealed record ScriptedRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The call in the body.</summary>
    public CimXmlCall Call => CimXmlRequest.Parse(Body).Calls[0];
}

/// <summary>What the scripted server answers: raw bytes of an HTTP answer, and whether it closes the connection then.</summary>
internal sealed record ScriptedAnswer(byte[] Bytes, bool Close = false)
{
    /// <summary>A framed answer.</summary>
    public static ScriptedAnswer Http(int status, string body, params string[] headers) => new(Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} X\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    /// <summary>An answer in two chunks with trailers behind them.</summary>
    public static ScriptedAnswer Chunked(string body, params string[] trailers)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string first = Encoding.UTF8.GetString(bytes, 0, bytes.Length / 2), second = Encoding.UTF8.GetString(bytes, bytes.Length / 2, bytes.Length - (bytes.Length / 2));
        return new(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{bytes.Length / 2:x}\r\n{first}\r\n{bytes.Length - (bytes.Length / 2):x}\r\n{second}\r\n0\r\n{string.Concat(trailers.Select(t => t + "\r\n"))}\r\n"));
    }

    /// <summary>A CIM-XML answer to an intrinsic operation: everything inside IMETHODRESPONSE.</summary>
    public static ScriptedAnswer Intrinsic(string operation, string content) => Http(200, Message($"<IMETHODRESPONSE NAME=\"{operation}\">{content}</IMETHODRESPONSE>"));

    /// <summary>A response message around its SIMPLERSP.</summary>
    public static string Message(string response) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.4\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.4\"><SIMPLERSP>{response}</SIMPLERSP></MESSAGE></CIM>";
}

/// <summary>An HTTP server that answers as a test says, over TCP, TLS or a Unix domain socket; it records every request.</summary>
internal sealed class ScriptedWbemServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<ScriptedRequest, ScriptedAnswer?> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    private ScriptedWbemServer(Socket listener, Func<ScriptedRequest, ScriptedAnswer?> answer, X509Certificate2? certificate)
    {
        _listener = listener;
        _answer = answer;
        _certificate = certificate;
        listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Everything that was asked, in order.</summary>
    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    /// <summary>Listens on a loopback port; an answer of null never comes.</summary>
    public static ScriptedWbemServer Start(Func<ScriptedRequest, ScriptedAnswer?> answer, X509Certificate2? certificate = null)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new ScriptedWbemServer(listener, answer, certificate);
    }

    /// <summary>Listens on a socket in the file system.</summary>
    public static ScriptedWbemServer StartLocal(string path, Func<ScriptedRequest, ScriptedAnswer?> answer)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        return new ScriptedWbemServer(listener, answer, null);
    }

    /// <summary>Names of the operations that were asked for.</summary>
    public string[] Operations => [.. Requests.Select(r => r.Call.Name)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll([_accepting, .. _connections]);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var network = new NetworkStream(socket, ownsSocket: true);
        Stream stream = network;
        try
        {
            if (_certificate is not null)
            {
                var tls = new SslStream(network);
                stream = tls;
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            }

            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                if (_answer(request) is not { } answer)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                    return;
                }

                await stream.WriteAsync(answer.Bytes, _stop.Token);
                if (answer.Close)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or the test is over.
            return;
        }
    }

    private async Task<ScriptedRequest?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"))];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new ScriptedRequest(lines[0], headers, body);
    }
}
