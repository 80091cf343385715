using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using MailKit.Security;

namespace CimHost.Alerts.Receivers;

/// <summary>Makes receivers and their filters of the configuration.</summary>
public sealed class ReceiverFactory(AlertInstances instances, Func<string, CimClass?> findClass, string hostName)
{
    /// <summary>Makes a receiver.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message says what.</exception>
    public IAlertReceiver Create(ReceiverOptions o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return o.Kind switch
        {
            ReceiverKind.Webhook => Webhook(o),
            ReceiverKind.Command => Path.IsPathRooted(o.Address) && File.Exists(o.Address)
                ? new CommandReceiver(o.Address)
                : throw new FormatException($"{nameof(o.Address)} is the absolute path of a program that exists, not '{o.Address}'"),
            ReceiverKind.Smtp => Smtp(o),
            ReceiverKind.Syslog => Syslog(o),
            _ => throw new FormatException($"{nameof(o.Kind)} {o.Kind} is made by the service snmp"),
        };
    }

    /// <summary>Makes a filter: a condition of CQL over CimHost_AlertIndication.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says where.</exception>
    public Func<AlertEvent, bool> Filter(string condition)
    {
        if (string.IsNullOrWhiteSpace(condition))
        {
            return _ => true;
        }

        try
        {
            SelectQuery query = SelectQuery.ParseFilter("DMTF:CQL", $"SELECT * FROM {AlertInstances.AlertClass} WHERE {condition}");
            query.Bind(findClass(AlertInstances.AlertClass) ?? throw new FormatException($"there is no class {AlertInstances.AlertClass}"));
            return e => query.Matches(instances.Of(e, AlertInstances.AlertClass));
        }
        catch (CimException e)
        {
            throw new FormatException($"Filter '{condition}': {e.Message}", e);
        }
    }

    private static WebhookReceiver Webhook(ReceiverOptions o)
    {
        if (!Uri.TryCreate(o.Address, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
        {
            throw new FormatException($"{nameof(o.Address)} is a URL of http or https without a user name, not '{o.Address}'");
        }

        if (address.Scheme == "http" && !address.IsLoopback && o.PasswordFile.Length > 0)
        {
            throw new FormatException($"a token is not sent without encryption: leave {nameof(o.PasswordFile)} out, or set {nameof(o.Address)} to a URL of https");
        }

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        if (Trust(o) is { } trust)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = trust;
        }

        return new WebhookReceiver(address, Secret(o), handler);
    }

    private SyslogReceiver Syslog(ReceiverOptions o)
    {
        if (!Uri.TryCreate(o.Address, UriKind.Absolute, out Uri? address) || address.Host.Length == 0)
        {
            throw new FormatException($"{nameof(o.Address)} is udp://host:port, tcp://host:port or tls://host:port, not '{o.Address}'");
        }

        (SyslogReceiver.Transport transport, int port) = address.Scheme switch
        {
            "udp" => (SyslogReceiver.Transport.Udp, 514),
            "tcp" => (SyslogReceiver.Transport.Tcp, 514),
            "tls" => (SyslogReceiver.Transport.Tls, 6514),
            _ => throw new FormatException($"{nameof(o.Address)} begins with udp, tcp or tls, not '{address.Scheme}'"),
        };
        SslClientAuthenticationOptions? tls = transport == SyslogReceiver.Transport.Tls
            ? new SslClientAuthenticationOptions { TargetHost = address.Host, RemoteCertificateValidationCallback = Trust(o) }
            : null;
        return new SyslogReceiver(transport, address.IdnHost, address.Port > 0 ? address.Port : port, hostName, tls);
    }

    private SmtpReceiver Smtp(ReceiverOptions o)
    {
        SecureSocketOptions security = o.Security.ToUpperInvariant() switch
        {
            "STARTTLS" => SecureSocketOptions.StartTls,
            "TLS" => SecureSocketOptions.SslOnConnect,
            "NONE" => SecureSocketOptions.None,
            _ => throw new FormatException($"{nameof(o.Security)} is StartTls, Tls or None, not '{o.Security}'"),
        };
        int colon = o.Address.LastIndexOf(':');
        (string host, int port) = colon > 0 && int.TryParse(o.Address.AsSpan(colon + 1), out int given)
            ? (o.Address[..colon], given)
            : (o.Address, security switch { SecureSocketOptions.SslOnConnect => 465, SecureSocketOptions.StartTls => 587, _ => 25 });
        string[] to = o.To.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (host.Length == 0 || to.Length == 0 || to.Append(o.From).Any(a => !MimeKit.MailboxAddress.TryParse(a, out _)))
        {
            throw new FormatException($"{nameof(o.Address)} (host:port), {nameof(o.From)} and {nameof(o.To)} (addresses of e-mail) are needed");
        }

        if (security == SecureSocketOptions.None && o.UserName.Length > 0)
        {
            throw new FormatException($"a password is not sent without encryption: leave {nameof(o.UserName)} out, or set {nameof(o.Security)} to StartTls or Tls");
        }

        return new SmtpReceiver(host, port, security, o.From, to, o.UserName, Secret(o), hostName, Trust(o));
    }

    private static string? Secret(ReceiverOptions o)
    {
        try
        {
            return o.PasswordFile.Length == 0 ? null : File.ReadAllText(o.PasswordFile).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{nameof(o.PasswordFile)} {o.PasswordFile} cannot be read: {e.Message}", e);
        }
    }

    // Without authorities of its own a receiver is trusted as the system says.
    private static RemoteCertificateValidationCallback? Trust(ReceiverOptions o)
    {
        if (o.TrustFile.Length == 0)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(o.TrustFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"{nameof(o.TrustFile)} {o.TrustFile} cannot be read: {e.Message}", e);
        }

        return (_, certificate, sent, errors) =>
        {
            if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);

            // What stands between the server and its authority comes from the server.
            chain.ChainPolicy.ExtraStore.AddRange((sent?.ChainElements.Select(e => e.Certificate) ?? []).ToArray());
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(new X509Certificate2(certificate));
        };
    }
}
