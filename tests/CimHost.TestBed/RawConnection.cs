using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CimHost.TestBed;

/// <summary>An HTTP answer as it came over the wire.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Headers">Headers; the last of a name.</param>
/// <param name="Body">Body after its framing was taken off.</param>
public sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>A header or null.</summary>
    public string? this[string name] => Headers.GetValueOrDefault(name);
}

/// <summary>
/// One TCP connection on which a test writes bytes and reads framed HTTP answers: shows whether an answer really is framed and whether
/// the connection can be used after it, which a library would hide.
/// </summary>
public sealed class RawConnection : IDisposable
{
    private const int MaxLine = 64 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly TcpClient _client = new();
    private BufferedStream _stream = null!;

    /// <summary>Connects to a port of 127.0.0.1.</summary>
    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, port);
        connection._stream = new BufferedStream(connection._client.GetStream());
        return connection;
    }

    /// <summary>Writes bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        NetworkStream stream = _client.GetStream();
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    /// <summary>Writes text as UTF-8.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a POST of a CIM-XML body with credentials and further header lines.</summary>
    public Task PostAsync(HostProcess host, string body, params string[] headers) => SendAsync(Request("POST", host, Encoding.UTF8.GetBytes(body), headers));

    /// <summary>The bytes of a request with a body.</summary>
    public static byte[] Request(string method, HostProcess host, byte[] body, params string[] headers)
    {
        string[] lines =
        [
            $"{method} /cimom HTTP/1.1", $"Host: 127.0.0.1:{host.HttpPort}", $"Authorization: {CimXmlClient.Basic("root", host.Password)}",
            "Content-Type: application/xml; charset=utf-8", $"Content-Length: {body.Length}", .. headers, string.Empty, string.Empty,
        ];
        return [.. Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), .. body];
    }

    /// <summary>Reads one answer; it has to be framed by a length, by chunks, or have no body by definition.</summary>
    /// <exception cref="InvalidOperationException">The answer is not framed, or the connection ended in the middle.</exception>
    public Task<RawAnswer> ReadAsync() => Task.Run(Read).WaitAsync(s_limit);

    /// <summary>Reads an answer that only says to go on (1xx) and returns its status.</summary>
    public Task<int> ReadInterimAsync() => Task.Run(() =>
    {
        int status = int.Parse(ReadLine().Split(' ')[1], CultureInfo.InvariantCulture);
        while (ReadLine().Length > 0)
        {
        }

        return status;
    }).WaitAsync(s_limit);

    /// <summary>True when the host closes the connection without a further byte.</summary>
    public Task<bool> IsClosedByHostAsync() => Task.Run(() => _stream.ReadByte() < 0).WaitAsync(s_limit);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private RawAnswer Read()
    {
        string statusLine = ReadLine();
        string[] words = statusLine.Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Expected a status line, got '{statusLine}'.");
        }

        int status = int.Parse(words[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (ReadLine() is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        // An interim answer such as 100 Continue is followed by the real one.
        return status is >= 100 and < 200 ? Read() : new RawAnswer(status, headers, Encoding.UTF8.GetString(ReadBody(status, headers)));
    }

    private byte[] ReadBody(int status, Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("Transfer-Encoding", out string? encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return ReadChunks();
        }

        if (headers.TryGetValue("Content-Length", out string? length))
        {
            return ReadExactly(int.Parse(length, CultureInfo.InvariantCulture));
        }

        return status is 204 or 304 ? [] : throw new InvalidOperationException($"An answer with status {status} has neither Content-Length nor chunks: a client cannot know where it ends.");
    }

    private byte[] ReadChunks()
    {
        using var body = new MemoryStream();
        while (true)
        {
            int size = int.Parse(ReadLine().Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                while (ReadLine().Length > 0)
                {
                }

                return body.ToArray();
            }

            body.Write(ReadExactly(size));
            ReadLine();
        }
    }

    private byte[] ReadExactly(int count)
    {
        byte[] bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        while (line.Length < MaxLine)
        {
            int next = _stream.ReadByte();
            switch (next)
            {
                case < 0:
                    throw new InvalidOperationException($"The host closed the connection in the middle of an answer, after '{line}'.");
                case '\n':
                    return line.ToString();
                case '\r':
                    continue;
                default:
                    line.Append((char)next);
                    break;
            }
        }

        throw new InvalidOperationException("A line of the answer does not end.");
    }
}
