using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CimHost.Configuration;

namespace CimHost.Hosting;

/// <summary>
/// The certificate of the HTTPS endpoints: <c>tls/cert.pem</c> and <c>tls/key.pem</c> in the state directory, made at the first start and
/// replaced by an administrator who has a better one.
/// </summary>
internal static class HostCertificate
{
    private const int ValidYears = 10;

    /// <summary>Loads the certificate, or makes one for this computer's names.</summary>
    /// <exception cref="ConfigurationException">The files cannot be read as certificate and key.</exception>
    public static X509Certificate2 LoadOrCreate(StateDirectory state)
    {
        string folder = state.File("tls");
        string certificate = Path.Combine(folder, "cert.pem"), key = Path.Combine(folder, "key.pem");
        Directory.CreateDirectory(folder);
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            Create(certificate, key);
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (CryptographicException e)
        {
            throw new ConfigurationException($"{certificate} and {key} are no certificate with its key: {e.Message}");
        }
    }

    private static void Create(string certificate, string key)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string name = Environment.MachineName;
        var request = new CertificateRequest($"CN={name}, O=CimHost", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(ValidYears));

        // The key first: with a certificate and no key the next start makes both anew.
        WritePrivate(key, pair.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificate, made.ExportCertificatePem() + "\n");
    }

    private static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
