using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace CimHost.Alerts.Receivers;

/// <summary>
/// Sends each event as a syslog message (RFC 5424) by UDP (RFC 5426), TCP with octet counting (RFC 6587 section 3.4.1) or TLS (RFC 5425).
/// </summary>
internal sealed class SyslogReceiver(SyslogReceiver.Transport transport, string host, int port, string hostName, SslClientAuthenticationOptions? tls) : IAlertReceiver, IDisposable
{
    private const int Facility = 3;

    // RFC 5426 section 3.2: what a receiver by UDP should be able to take.
    private const int MaxDatagram = 2048;

    private TcpClient? _connection;
    private Stream? _stream;

    internal enum Transport
    {
        Udp,
        Tcp,
        Tls,
    }

    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        byte[] message = Encoding.UTF8.GetBytes(Message(alertEvent, hostName, Environment.ProcessId));
        try
        {
            if (transport == Transport.Udp)
            {
                using var client = new UdpClient();
                await client.Client.ConnectAsync(host, port, cancellationToken);
                await client.SendAsync(message.AsMemory(0, Math.Min(message.Length, MaxDatagram)), cancellationToken);
                return;
            }

            Stream stream = await StreamAsync(cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture) + " "), cancellationToken);
            await stream.WriteAsync(message, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            _stream?.Dispose();
            _connection?.Dispose();
            _stream = null;
            if (e is SocketException or AuthenticationException)
            {
                throw new IOException(e.Message, e);
            }

            throw;
        }
    }

    /// <summary>The message: header, structured data with what programs look for, text for people.</summary>
    internal static string Message(AlertEvent e, string hostName, int processId)
    {
        int priority = Facility * 8 + Severity(e);
        Alert a = e.Alert;
        var data = new StringBuilder("[alert@32473");
        Parameter("identity", e.Identity);
        Parameter("event", e.Type.ToString());
        Parameter("id", a.Id.ToString(CultureInfo.InvariantCulture));
        Parameter("severity", a.Severity.ToString());
        Parameter("kind", a.Kind.ToString());
        Parameter("source", a.Source);
        Parameter("correlated", e.Correlated);
        return string.Create(CultureInfo.InvariantCulture, $"<{priority}>1 {e.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} {hostName} cimhost {processId} {e.Type} {data}] {AlertTextForms.Line(e)}");

        void Parameter(string name, string value)
        {
            // RFC 5424 section 6.3.3: these three are escaped.
            if (value.Length > 0)
            {
                data.Append(' ').Append(name).Append("=\"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)).Append('"');
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _connection?.Dispose();
    }

    // The receiver closes what it does not want any more; that is seen before a message is lost into it.
    private async Task<Stream> StreamAsync(CancellationToken cancellationToken)
    {
        if (_stream is not null && _connection!.Client.Poll(0, SelectMode.SelectRead) && _connection.Available == 0)
        {
            _stream.Dispose();
            _connection.Dispose();
            _stream = null;
        }

        if (_stream is not null)
        {
            return _stream;
        }

        _connection = new TcpClient();
        await _connection.ConnectAsync(host, port, cancellationToken);
        _stream = _connection.GetStream();
        if (tls is not null)
        {
            var secured = new SslStream(_stream);
            _stream = secured;
            await secured.AuthenticateAsClientAsync(tls, cancellationToken);
        }

        return _stream;
    }

    private static int Severity(AlertEvent e) => e.Type == AlertEventType.Cleared
        ? 5
        : e.Alert.Severity switch
        {
            PerceivedSeverity.Fatal => 1,
            PerceivedSeverity.Critical => 2,
            PerceivedSeverity.Major => 3,
            PerceivedSeverity.Minor or PerceivedSeverity.Degraded => 4,
            PerceivedSeverity.Information => 6,
            _ => 5,
        };
}
