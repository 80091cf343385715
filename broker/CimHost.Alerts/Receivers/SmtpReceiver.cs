using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CimHost.Alerts.Receivers;

/// <summary>Sends each event as e-mail.</summary>
internal sealed class SmtpReceiver(
    string host, int port, SecureSocketOptions security, string from, IReadOnlyList<string> to, string userName, string? password, string hostName, RemoteCertificateValidationCallback? trust) : IAlertReceiver
{
    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(from));
        foreach (string address in to)
        {
            message.To.Add(MailboxAddress.Parse(address));
        }

        message.Subject = $"[{hostName}] {AlertTextForms.Line(alertEvent)}";
        message.Date = alertEvent.Time;
        message.MessageId = Id(alertEvent.Identity);
        if (alertEvent.Correlated.Length > 0)
        {
            // Mail programs show what became of an alert below its beginning.
            message.InReplyTo = Id(alertEvent.Correlated);
        }

        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = AlertTextForms.Lines(alertEvent, hostName) };
        try
        {
            using var client = new SmtpClient { CheckCertificateRevocation = false };
            if (trust is not null)
            {
                client.ServerCertificateValidationCallback = trust;
            }

            await client.ConnectAsync(host, port, security, cancellationToken);
            if (userName.Length > 0)
            {
                await client.AuthenticateAsync(userName, password ?? string.Empty, cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception e) when (e is ProtocolException or CommandException or SocketException or SslHandshakeException or System.Security.Authentication.AuthenticationException or MailKit.Security.AuthenticationException or NotSupportedException or InvalidOperationException)
        {
            throw new IOException($"{host}:{port}: {e.Message}", e);
        }
    }

    private string Id(string identity) => $"{identity["urn:uuid:".Length..]}@{hostName}";
}
