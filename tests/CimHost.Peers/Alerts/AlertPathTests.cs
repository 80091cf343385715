using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using CimHost.Sdk.Cim;
using CimHost.TestBed;
using CimHost.Wbem.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CimHost.Peers.Alerts;

/// <summary>A fan fails and comes back: every kind of receiver has one message of each, with the same identity.</summary>
public sealed class AlertPathTests
{
    [PeerFact("snmptrapd", "rsyslogd")]
    public async Task A_failing_fan_reaches_every_receiver_exactly_once_and_so_does_its_recovery()
    {
        using var folder = new TemporaryDirectory();
        using var machine = new RackServer();
        int trapPort = FreePort.Next(), syslogPort = FreePort.Next();
        await using Daemon snmptrapd = StartSnmptrapd(folder, trapPort);
        await using Daemon rsyslogd = StartRsyslogd(folder, syslogPort);
        await using WebApplication webhook = await WebhookAsync(out ConcurrentQueue<JsonDocument> posted);
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = machine.Folder,
            Arguments =
            [
                "--Alerts:PollSeconds=2",
                "--Alerts:Receivers:0:Name=hook", "--Alerts:Receivers:0:Kind=Webhook", $"--Alerts:Receivers:0:Address={webhook.Urls.First()}/alerts",
                "--Alerts:Receivers:1:Name=syslog", "--Alerts:Receivers:1:Kind=Syslog", $"--Alerts:Receivers:1:Address=tcp://127.0.0.1:{syslogPort}",
                "--Snmp:Targets:0:Name=trap", $"--Snmp:Targets:0:Address=127.0.0.1:{trapPort}", "--Snmp:Targets:0:Community=traps",
                "--Snmp:Targets:1:Name=inform", $"--Snmp:Targets:1:Address=127.0.0.1:{trapPort}", "--Snmp:Targets:1:Community=informs", "--Snmp:Targets:1:Inform=true",
            ],
        });
        await SubscribeAsync(host, listener);

        // The first look is the baseline: what is bad by then is told to nobody.
        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");
        (await host.ClientAsync("alerts", "test", "--message", "before")).Succeeded();
        await Eventually.HoldsAsync(() => posted.Any(p => Message(p) == "before"), "the test alert at the webhook");

        (await host.ClientAsync("hardware", "fault", "Fan3", "fail")).Succeeded();
        string raised = await IdentityAsync("Raised");
        (await host.ClientAsync("hardware", "clear")).Succeeded();
        string cleared = await IdentityAsync("Cleared");

        // Three polls more: nothing is told again.
        await Task.Delay(TimeSpan.FromSeconds(6));
        string traps = File.ReadAllText(folder.PathOf("traps.log")), syslog = File.ReadAllText(folder.PathOf("syslog.log"));
        foreach (string identity in new[] { raised, cleared })
        {
            Assert.Single(posted, p => p.RootElement.GetProperty("identity").GetString() == identity);
            Assert.Single(listener.Taken, i => i["IndicationIdentifier"].AsString() == identity);
            Assert.Equal(1, Count(syslog, $"identity=\"{identity}\""));

            // Once as a trap and once as an inform; column 2 is the identity, column 15 names it in the clearing.
            Assert.Equal(2, Regex.Count(traps, $@"\.4\.1\.1\.2\.\d+ = STRING: ""{Regex.Escape(identity)}"""));
        }

        Assert.Equal(2, posted.Count(p => IsAboutHardware(p)));
        Assert.Equal(2, listener.Taken.Count(i => i["AlertingElementName"].AsString() is { } name && name != "Test"));
        JsonElement end = posted.Single(p => p.RootElement.GetProperty("identity").GetString() == cleared).RootElement;
        Assert.Equal(raised, end.GetProperty("correlated").GetString());
        Assert.Contains("Fan3", syslog, StringComparison.Ordinal);

        async Task<string> IdentityAsync(string type)
        {
            await Eventually.HoldsAsync(() => posted.Any(p => IsAboutHardware(p) && p.RootElement.GetProperty("type").GetString() == type), $"the fan's alert to be {type}");
            string identity = posted.First(p => IsAboutHardware(p) && p.RootElement.GetProperty("type").GetString() == type).RootElement.GetProperty("identity").GetString()!;
            await Eventually.HoldsAsync(
                () => listener.Taken.Any(i => i["IndicationIdentifier"].AsString() == identity)
                    && Count(File.ReadAllText(folder.PathOf("syslog.log")), identity) > 0 && Count(File.ReadAllText(folder.PathOf("traps.log")), $"STRING: \"{identity}\"") > 1,
                $"{type} at every receiver; snmptrapd: {snmptrapd.Output} rsyslogd: {rsyslogd.Output}");
            return identity;
        }
    }

    private static string Message(JsonDocument posted) => posted.RootElement.GetProperty("alert").GetProperty("message").GetString()!;

    private static bool IsAboutHardware(JsonDocument posted) => posted.RootElement.GetProperty("alert").GetProperty("kind").GetString() is "Threshold" or "State" or "Communication" or "Log";

    private static int Count(string text, string part) => Regex.Count(text, Regex.Escape(part));

    private static Daemon StartSnmptrapd(TemporaryDirectory folder, int port)
    {
        folder.Write("snmptrapd.conf", "authCommunity log traps\nauthCommunity log informs\n");
        folder.Write("traps.log", string.Empty);
        return Daemon.Start("snmptrapd", "-f", "-C", "-c", folder.PathOf("snmptrapd.conf"), "-m", "", "-On", "-A", "-Lf", folder.PathOf("traps.log"), $"udp:127.0.0.1:{port}");
    }

    private static Daemon StartRsyslogd(TemporaryDirectory folder, int port)
    {
        folder.Write("syslog.log", string.Empty);
        folder.Write("rsyslog.conf", $"""
            global(workDirectory="{folder.FullName}")
            module(load="imtcp")
            input(type="imtcp" port="{port}" address="127.0.0.1")
            template(name="whole" type="string" string="%rawmsg%\n")
            *.* action(type="omfile" file="{folder.PathOf("syslog.log")}" template="whole")

            """);
        return Daemon.Start("rsyslogd", "-n", "-f", folder.PathOf("rsyslog.conf"), "-i", folder.PathOf("rsyslogd.pid"));
    }

    private static Task<WebApplication> WebhookAsync(out ConcurrentQueue<JsonDocument> posted)
    {
        var queue = new ConcurrentQueue<JsonDocument>();
        posted = queue;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapPost("/alerts", async (HttpContext context) => queue.Enqueue(await JsonDocument.ParseAsync(context.Request.Body)));
        return StartAsync();

        async Task<WebApplication> StartAsync()
        {
            await application.StartAsync();
            return application;
        }
    }

    private static async Task SubscribeAsync(HostProcess host, IndicationListener listener)
    {
        using CimSession session = CimSession.Create($"http://127.0.0.1:{host.HttpPort}", new CimSessionOptions { UserName = "root", Password = host.Password });
        CimObjectPath filter = await session.CreateInstanceAsync(
            "root/interop", Make("CIM_IndicationFilter", ("Name", "Test:alerts"), ("QueryLanguage", "DMTF:CQL"), ("Query", "SELECT * FROM CIM_AlertIndication")), default);
        CimObjectPath destination = await session.CreateInstanceAsync("root/interop", Make("CIM_ListenerDestinationCIMXML", ("Name", "Test:listener"), ("Destination", listener.Url.ToString())), default);
        await session.CreateInstanceAsync("root/interop", Make("CIM_IndicationSubscription", ("Filter", filter), ("Handler", destination)), default);
    }

    private static CimInstance Make(string className, params (string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(new CimClass(className, null, values.Select(v => new CimPropertyDeclaration { Name = v.Name, CimType = v.Value.Type })));
        for (int i = 0; i < values.Length; i++)
        {
            instance[i] = values[i].Value;
        }

        return instance;
    }
}
