using System.Collections.Concurrent;
using System.Text.Json;
using CimHost.TestBed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CimHost.Peers.Alerts;

/// <summary>Receivers behind TLS and with passwords: reached when their authority is trusted, told why when it is not, secrets nowhere else.</summary>
public sealed class SecureReceiverTests
{
    private const string Token = "token-Horse-7";
    private const string MailPassword = "mail-Staple-3";

    // Answers AUTH PLAIN of one user and prints what is sent by whom.
    private const string MailHandler = """
        import base64
        from aiosmtpd.smtp import AuthResult

        class Handler:
            async def auth_PLAIN(self, server, args):
                given = base64.b64decode(args[1]).split(b"\0")[1:]
                return AuthResult(success=given == [b"cimhost", b"mail-Staple-3"], auth_data=b"cimhost", handled=False)

            async def handle_DATA(self, server, session, envelope):
                print("FROM", session.auth_data, "TLS", session.ssl is not None, envelope.content.decode(), "END", flush=True)
                return "250 OK"

        """;

    [PeerFact("rsyslogd", "aiosmtpd")]
    public async Task Webhook_syslog_and_mail_over_TLS_get_an_alert_once_their_authority_is_trusted()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        var certificates = new TestCertificates(folder);
        int syslogPort = FreePort.Next(), mailPort = FreePort.Next();
        var posted = new ConcurrentQueue<(string Authorization, string Message)>();
        await using WebApplication webhook = await WebhookAsync(certificates, posted);
        await using Daemon rsyslogd = StartRsyslogd(folder, certificates, syslogPort);
        folder.Write("handler.py", MailHandler);
        await using Daemon mail = Daemon.Start(
            "env", $"PYTHONPATH={folder.FullName}", "PYTHONUNBUFFERED=1", Peer.Require("aiosmtpd"), "-n", "-l", $"127.0.0.1:{mailPort}", "--tlscert", certificates.CertificateFile,
            "--tlskey", certificates.KeyFile, "-c", "handler.Handler");
        string[] receivers =
        [
            "--Alerts:Receivers:0:Name=hook", "--Alerts:Receivers:0:Kind=Webhook", $"--Alerts:Receivers:0:Address={webhook.Urls.First()}/alerts",
            $"--Alerts:Receivers:0:PasswordFile={folder.Write("token", Token + "\n")}",
            "--Alerts:Receivers:1:Name=syslog", "--Alerts:Receivers:1:Kind=Syslog", $"--Alerts:Receivers:1:Address=tls://localhost:{syslogPort}",
            "--Alerts:Receivers:2:Name=mail", "--Alerts:Receivers:2:Kind=Smtp", $"--Alerts:Receivers:2:Address=localhost:{mailPort}", "--Alerts:Receivers:2:From=cimhost@example.net",
            "--Alerts:Receivers:2:To=admin@example.net", "--Alerts:Receivers:2:UserName=cimhost", $"--Alerts:Receivers:2:PasswordFile={folder.Write("mail-password", MailPassword + "\n")}",
        ];
        string state = Directory.CreateDirectory(Path.Combine(folder.FullName, "state")).FullName;
        await using (HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, StateDirectory = state, Arguments = receivers }))
        {
            (await host.ClientAsync("alerts", "test", "--message", "distrusted")).Succeeded();
            string states = await Eventually.HoldsAsync(
                async () => (await host.ClientAsync("alerts", "receivers", "--json")).Succeeded().Output, text => Count(text, "certificate") >= 3, "three reasons that name the certificate");
            AssertNoSecret(states + host.Log);
            Assert.Empty(posted);
        }

        string[] trusting = [.. receivers, .. Enumerable.Range(0, 3).Select(i => $"--Alerts:Receivers:{i}:TrustFile={certificates.AuthorityFile}")];
        await using (HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, StateDirectory = state, Arguments = trusting }))
        {
            // What waited through the restart comes too.
            (await host.ClientAsync("alerts", "test", "--message", "trusted")).Succeeded();
            foreach (string message in new[] { "distrusted", "trusted" })
            {
                await Eventually.HoldsAsync(() => posted.Any(p => p.Message == message), $"'{message}' at the webhook");
                await Eventually.HoldsAsync(() => File.ReadAllText(folder.PathOf("syslog.log")).Contains(message, StringComparison.Ordinal), $"'{message}' in the syslog: {rsyslogd.Output} {host.Log}");
                await Eventually.HoldsAsync(() => mail.Output.Contains(message, StringComparison.Ordinal), $"'{message}' by mail: {mail.Output} {host.Log}");
            }

            Assert.All(posted, p => Assert.Equal("Bearer " + Token, p.Authorization));
            Assert.Contains("FROM b'cimhost' TLS True", mail.Output, StringComparison.Ordinal);
            AssertNoSecret((await host.ClientAsync("alerts", "receivers", "--json")).Succeeded().Output + host.Log);
        }
    }

    private static int Count(string text, string part) => text.Split(part, StringSplitOptions.None).Length - 1;

    private static void AssertNoSecret(string text)
    {
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(MailPassword, text, StringComparison.Ordinal);
    }

    private static Daemon StartRsyslogd(TemporaryDirectory folder, TestCertificates certificates, int port)
    {
        folder.Write("syslog.log", string.Empty);
        folder.Write("rsyslog.conf", $"""
            global(workDirectory="{folder.FullName}" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{certificates.AuthorityFile}"
                   defaultNetstreamDriverCertFile="{certificates.CertificateFile}" defaultNetstreamDriverKeyFile="{certificates.KeyFile}")
            module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
            input(type="imtcp" port="{port}" address="127.0.0.1")
            template(name="whole" type="string" string="%rawmsg%\n")
            *.* action(type="omfile" file="{folder.PathOf("syslog.log")}" template="whole")

            """);
        return Daemon.Start("rsyslogd", "-n", "-f", folder.PathOf("rsyslog.conf"), "-i", folder.PathOf("rsyslogd.pid"));
    }

    private static async Task<WebApplication> WebhookAsync(TestCertificates certificates, ConcurrentQueue<(string Authorization, string Message)> posted)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(o => o.ConfigureHttpsDefaults(https => https.ServerCertificate = certificates.Server));
        WebApplication application = builder.Build();
        application.Urls.Add("https://127.0.0.1:0");
        application.MapPost("/alerts", async (HttpContext context) =>
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
            posted.Enqueue((context.Request.Headers.Authorization.ToString(), body.RootElement.GetProperty("alert").GetProperty("message").GetString()!));
        });
        await application.StartAsync();
        return application;
    }
}
