using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CimHost.Wbem.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Client;

public sealed class CimSessionTlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = Certificate();

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        CimSessionException e = await Assert.ThrowsAsync<CimSessionException>(() => ConnectAsync(new CimSessionOptions()));
        Assert.Equal(CimSessionFailure.NotTrusted, e.Failure);
        Assert.Contains("is not trusted", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_pinned_certificate_is_taken() => ConnectAsync(new CimSessionOptions
    {
        CertificateThumbprint = string.Join(':', _certificate.GetCertHashString(HashAlgorithmName.SHA256).Chunk(2).Select(c => new string(c))),
    });

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused_even_when_any_would_do()
    {
        var options = new CimSessionOptions { CertificateThumbprint = new string('0', 64), AcceptAnyCertificate = true };
        Assert.Equal(CimSessionFailure.NotTrusted, (await Assert.ThrowsAsync<CimSessionException>(() => ConnectAsync(options))).Failure);
    }

    [Fact]
    public Task Any_certificate_is_taken_when_asked_for() => ConnectAsync(new CimSessionOptions { AcceptAnyCertificate = true });

    [Fact]
    public void A_thumbprint_has_64_digits() =>
        Assert.Throws<ArgumentException>(() => CimSession.Create("srv", new CimSessionOptions { CertificateThumbprint = "AB:CD" }));

    public void Dispose() => _certificate.Dispose();

    private async Task ConnectAsync(CimSessionOptions options)
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Intrinsic("GetQualifier", WireXml.Error(6, "none")), _certificate);
        using CimSession session = CimSession.Create("https://" + server.Address, options);
        await session.TestConnectionAsync();
        Assert.Single(server.Requests);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
