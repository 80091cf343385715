using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CimHost.TestBed;

/// <summary>An authority of a test's own and a certificate of it for this computer, as PEM files in a folder.</summary>
public sealed class TestCertificates
{
    /// <summary>Makes them.</summary>
    public TestCertificates(TemporaryDirectory folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using RSA authorityKey = RSA.Create(2048), serverKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Authority of a test", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 issuer = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 signed = server.Create(issuer, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));

        AuthorityFile = folder.Write("authority.pem", issuer.ExportCertificatePem());
        CertificateFile = folder.Write("server.pem", signed.ExportCertificatePem());
        KeyFile = folder.Write("server.key", serverKey.ExportPkcs8PrivateKeyPem());
        Server = X509CertificateLoader.LoadPkcs12(signed.CopyWithPrivateKey(serverKey).Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The authority's certificate.</summary>
    public string AuthorityFile { get; }

    /// <summary>The server's certificate, for localhost and 127.0.0.1.</summary>
    public string CertificateFile { get; }

    /// <summary>The server's key.</summary>
    public string KeyFile { get; }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Server { get; }
}
