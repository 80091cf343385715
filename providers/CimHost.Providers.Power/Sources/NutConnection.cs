using System.Net.Sockets;
using System.Text;
using CimHost.Providers.Power.Wire.Nut;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>
/// A connection to upsd (RFC 9271 §4.2). Every answer is bounded: the length of a line, the lines of a list. Not encrypted: STARTTLS is
/// not spoken.
/// </summary>
internal sealed class NutConnection : IDisposable
{
    private const int MaxLines = 2048;

    private readonly TcpClient _client;
    private readonly string _server;
    private readonly byte[] _buffer = new byte[NutLine.MaxLength + 2];
    private int _start;
    private int _end;

    private NutConnection(TcpClient client, string server) => (_client, _server) = (client, server);

    /// <summary>Connects and, when a user is configured, logs in.</summary>
    /// <exception cref="NutException">The server is not reachable, or refuses the user.</exception>
    public static async Task<NutConnection> OpenAsync(UpsdSettings settings, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        var connection = new NutConnection(client, settings.Address);
        try
        {
            await client.ConnectAsync(settings.Host, settings.Port, cancellationToken);
            if (settings.UserName.Length > 0)
            {
                await connection.CommandAsync($"USERNAME \"{settings.UserName}\"", "the user name", cancellationToken);
                await connection.CommandAsync($"PASSWORD \"{await ReadPasswordAsync(settings, cancellationToken)}\"", "the password", cancellationToken);
            }

            return connection;
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw new NutException(ReadingState.Unavailable, $"upsd at {settings.Address} is not reachable: {e.SocketErrorCode}", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks for a list: the words of each of its lines after the first one (RFC 9271 §4.2.7).</summary>
    /// <param name="what">What to list: "UPS", "VAR myups".</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NutException">The server answered with an error, or not in the protocol.</exception>
    public async Task<List<IReadOnlyList<string>>> ListAsync(string what, CancellationToken cancellationToken)
    {
        await SendAsync("LIST " + what, cancellationToken);
        Check(await ReadAsync(cancellationToken), "BEGIN", "LIST " + what);
        var lines = new List<IReadOnlyList<string>>();
        while (true)
        {
            IReadOnlyList<string> words = await ReadAsync(cancellationToken);
            if (words.Count > 0 && words[0] == "END")
            {
                return lines;
            }

            if (words.Count > 0 && words[0] == "ERR")
            {
                throw Refused(words, "LIST " + what);
            }

            if (lines.Count >= MaxLines)
            {
                throw new NutException(ReadingState.Unavailable, $"upsd at {_server} answers LIST {what} with more than {MaxLines} lines");
            }

            lines.Add(words);
        }
    }

    /// <summary>Says good-bye; a server that does not care is left.</summary>
    public async Task LogoutAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync("LOGOUT", cancellationToken);
        }
        catch (NutException)
        {
            // Everything that was wanted is here.
            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<string> ReadPasswordAsync(UpsdSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(settings.PasswordFile);
            char[] text = new char[256];
            int length = await reader.ReadBlockAsync(text, cancellationToken);
            string line = new string(text, 0, length).Split('\n')[0].TrimEnd('\r');
            return line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NutException(ReadingState.Unavailable, $"the password file {settings.PasswordFile} for upsd at {settings.Address} cannot be read: {e.Message}", e);
        }
    }

    private async Task CommandAsync(string line, string what, CancellationToken cancellationToken)
    {
        await SendAsync(line, cancellationToken);
        Check(await ReadAsync(cancellationToken), "OK", what);
    }

    private void Check(IReadOnlyList<string> words, string expected, string what)
    {
        if (words.Count > 0 && words[0] == "ERR")
        {
            throw Refused(words, what);
        }

        if (words.Count == 0 || words[0] != expected)
        {
            throw new NutException(ReadingState.Unavailable, $"upsd at {_server} does not answer {what} in its protocol");
        }
    }

    // RFC 9271 §4.1 lists the errors; what is behind the first word is for people.
    private NutException Refused(IReadOnlyList<string> words, string what)
    {
        string error = words.ElementAtOrDefault(1) ?? "no reason given";
        string shown = error.Length <= 40 ? error : error[..40];
        return new NutException(
            error == "UNKNOWN-UPS" ? ReadingState.Absent : ReadingState.Unavailable,
            error switch
            {
                "DATA-STALE" => $"upsd at {_server} has no fresh data, its driver lost the UPS (DATA-STALE)",
                "DRIVER-NOT-CONNECTED" => $"upsd at {_server} has no driver for the UPS (DRIVER-NOT-CONNECTED)",
                "ACCESS-DENIED" or "INVALID-USERNAME" or "INVALID-PASSWORD" => $"upsd at {_server} refuses the user ({error})",
                "UNKNOWN-UPS" => $"upsd at {_server} does not know the UPS any more",
                _ => $"upsd at {_server} refuses {what}: {shown}",
            })
        {
            IsRefusal = true,
        };
    }

    private async Task SendAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
        }
        catch (IOException e)
        {
            throw Lost(e);
        }
    }

    private async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                ReadOnlySpan<byte> line = _buffer.AsSpan(_start, feed);
                _start += feed + 1;
                return NutLine.TryRead(line, out IReadOnlyList<string> words, out string? problem)
                    ? words
                    : throw new NutException(ReadingState.Unavailable, $"upsd at {_server}: a line of its answer {problem}");
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length)
            {
                throw new NutException(ReadingState.Unavailable, $"upsd at {_server}: a line of its answer has more than {NutLine.MaxLength} bytes");
            }

            await FillAsync(cancellationToken);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            int read = await _client.GetStream().ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            if (read == 0)
            {
                throw Lost(null);
            }
        }
        catch (IOException e)
        {
            throw Lost(e);
        }
    }

    private NutException Lost(Exception? inner) => new(ReadingState.Unavailable, $"upsd at {_server} closed the connection", inner);
}
