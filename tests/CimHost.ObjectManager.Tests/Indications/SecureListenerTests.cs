using CimHost.ObjectManager.Indications;
using CimHost.TestBed;

namespace CimHost.ObjectManager.Tests.Indications;

/// <summary>Listeners over HTTPS.</summary>
public sealed class SecureListenerTests
{
    [Fact]
    public async Task A_listener_gets_indications_when_its_issuer_is_trusted_or_nothing_is_checked()
    {
        using var folder = new TemporaryDirectory();
        var certificates = new TestCertificates(folder);
        IndicationOptions[] trusting =
        [
            new() { TrustedCertificates = certificates.AuthorityFile }, new() { CertificateValidation = ListenerCertificateValidation.None },
        ];
        foreach (IndicationOptions options in trusting)
        {
            await using IndicationListener listener = await IndicationListener.StartAsync(certificate: certificates.Server);
            await using IndicationHost host = await IndicationHost.StartAsync(options);
            await host.SubscribeAsync(await host.FilterAsync("SELECT * FROM CIM_AlertIndication"), await host.DestinationAsync(listener.Url));

            await host.PublishAsync("a");

            await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the alert");
        }
    }

    [Fact]
    public async Task A_listener_with_a_strange_certificate_gets_nothing_and_the_reason_is_told()
    {
        using var folder = new TemporaryDirectory();
        var certificates = new TestCertificates(folder);
        await using IndicationListener listener = await IndicationListener.StartAsync(certificate: certificates.Server);
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SubscribeAsync(await host.FilterAsync("SELECT * FROM CIM_AlertIndication"), await host.DestinationAsync(listener.Url));

        await host.PublishAsync("a");

        await Expect.EventuallyAsync(() => host.Status().LastFailure.Contains("certificate", StringComparison.OrdinalIgnoreCase), "a reason that names the certificate");
        Assert.Equal(1, host.Status().Queued);
        Assert.Empty(listener.Taken);
    }
}
