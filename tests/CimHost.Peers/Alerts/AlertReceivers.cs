using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CimHost.Peers.Snmp;
using CimHost.Sdk.Cim;
using CimHost.TestBed;
using CimHost.Wbem.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CimHost.Peers.Alerts;

/// <summary>One receiver of each kind: snmptrapd (a trap of SNMPv2c and an inform of SNMPv3), rsyslogd, a webhook and a CIM-XML listener.</summary>
internal sealed class AlertReceivers : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly int _trapPort = FreePort.Next();
    private readonly int _syslogPort = FreePort.Next();
    private readonly ConcurrentQueue<JsonDocument> _posted = new();
    private readonly Daemon _snmptrapd;
    private readonly Daemon _rsyslogd;
    private readonly WebApplication _webhook;
    private readonly IndicationListener _listener;

    private AlertReceivers(IndicationListener listener)
    {
        _listener = listener;
        _snmptrapd = StartSnmptrapd();
        _rsyslogd = StartRsyslogd();
        _webhook = Webhook();
    }

    /// <summary>How often the host looks at its devices, in seconds.</summary>
    public double PollSeconds { get; init; } = 2;

    /// <summary>Configuration of a host that tells them.</summary>
    public string[] Arguments =>
    [
        string.Create(CultureInfo.InvariantCulture, $"--Alerts:PollSeconds={PollSeconds}"),
        "--Alerts:Receivers:0:Name=hook", "--Alerts:Receivers:0:Kind=Webhook", $"--Alerts:Receivers:0:Address={_webhook.Urls.First()}/alerts",
        "--Alerts:Receivers:1:Name=syslog", "--Alerts:Receivers:1:Kind=Syslog", $"--Alerts:Receivers:1:Address=tcp://127.0.0.1:{_syslogPort}",
        "--Alerts:Receivers:2:Name=trap", "--Alerts:Receivers:2:Kind=Snmp", $"--Alerts:Receivers:2:Address=127.0.0.1:{_trapPort}", "--Alerts:Receivers:2:Community=traps",
        "--Alerts:Receivers:3:Name=inform", "--Alerts:Receivers:3:Kind=Snmp", $"--Alerts:Receivers:3:Address=127.0.0.1:{_trapPort}", "--Alerts:Receivers:3:Version=3",
        "--Alerts:Receivers:3:User=sender", "--Alerts:Receivers:3:Inform=true",
        .. SnmpV3Host.User(_folder, 0, "sender", "Sha256", "Aes128"),
    ];

    private string Traps => File.ReadAllText(_folder.PathOf("traps.log"));

    private string Syslog => File.ReadAllText(_folder.PathOf("syslog.log"));

    private IEnumerable<JsonElement> Hardware => _posted.Select(p => p.RootElement)
        .Where(p => p.GetProperty("alert").GetProperty("kind").GetString() is "Threshold" or "State" or "Communication" or "Log");

    public static async Task<AlertReceivers> StartAsync(double pollSeconds = 2)
    {
        var receivers = new AlertReceivers(await IndicationListener.StartAsync()) { PollSeconds = pollSeconds };
        await receivers._webhook.StartAsync();
        return receivers;
    }

    /// <summary>Subscribes and waits for the first look at the devices, which is the baseline: what is bad by then is told to nobody.</summary>
    public async Task ReadyAsync(HostProcess host)
    {
        using (CimSession session = CimSession.Create($"http://127.0.0.1:{host.HttpPort}", new CimSessionOptions { UserName = "root", Password = host.Password }))
        {
            CimObjectPath filter = await session.CreateInstanceAsync(
                "root/interop", Make("CIM_IndicationFilter", ("Name", "Test:alerts"), ("QueryLanguage", "DMTF:CQL"), ("Query", "SELECT * FROM CIM_AlertIndication")), default);
            CimObjectPath destination = await session.CreateInstanceAsync("root/interop", Make("CIM_ListenerDestinationCIMXML", ("Name", "Test:listener"), ("Destination", _listener.Url.ToString())), default);
            await session.CreateInstanceAsync("root/interop", Make("CIM_IndicationSubscription", ("Filter", filter), ("Handler", destination)), default);
        }

        await Eventually.HoldsAsync(() => host.Log.Contains("first look at the devices is complete", StringComparison.Ordinal), "the first look");
        (await host.ClientAsync("alerts", "test", "--message", "before")).Succeeded();
        await Eventually.HoldsAsync(() => _posted.Any(p => Message(p.RootElement) == "before"), "the test alert at the webhook");
    }

    /// <summary>Waits until the event is at every receiver; its message.</summary>
    /// <param name="type">Raised or Cleared.</param>
    /// <param name="about">Part of the alert's message.</param>
    public async Task<JsonElement> ReceivedAsync(string type, string about)
    {
        bool Is(JsonElement posted) => posted.GetProperty("type").GetString() == type && Message(posted).Contains(about, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => Hardware.Any(Is), $"the alert of {about} to be {type}");
        JsonElement posted = Hardware.First(Is);
        string identity = Identity(posted);
        await Eventually.HoldsAsync(
            () => _listener.Taken.Any(i => i["IndicationIdentifier"].AsString() == identity) && Syslog.Contains(identity, StringComparison.Ordinal) && Notifications(identity) > 1,
            $"{type} at every receiver; snmptrapd: {_snmptrapd.Output} rsyslogd: {_rsyslogd.Output}");
        return posted;
    }

    /// <summary>These, and no others about hardware, have come, once to each receiver.</summary>
    public void HaveOnly(params JsonElement[] messages)
    {
        foreach (string identity in messages.Select(Identity))
        {
            Assert.Single(_posted, p => p.RootElement.GetProperty("identity").GetString() == identity);
            Assert.Single(_listener.Taken, i => i["IndicationIdentifier"].AsString() == identity);
            Assert.Equal(1, Regex.Count(Syslog, $"identity=\"{Regex.Escape(identity)}\""));
            Assert.Equal(2, Notifications(identity));
        }

        Assert.Equal(messages.Length, Hardware.Count());
        Assert.Equal(messages.Length, _listener.Taken.Count(i => i["AlertingElementName"].AsString() is { } name && name != "Test"));
    }

    public static string Identity(JsonElement posted) => posted.GetProperty("identity").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await _webhook.DisposeAsync();
        await _listener.DisposeAsync();
        await _snmptrapd.DisposeAsync();
        await _rsyslogd.DisposeAsync();
        _folder.Dispose();
    }

    private static string Message(JsonElement posted) => posted.GetProperty("alert").GetProperty("message").GetString()!;

    // Once as a trap and once as an inform; column 2 is the identity, column 15 names it in the clearing.
    private int Notifications(string identity) => Regex.Count(Traps, $@"\.4\.1\.1\.2\.\d+ = STRING: ""{Regex.Escape(identity)}""");

    private Daemon StartSnmptrapd()
    {
        Directory.CreateDirectory(_folder.PathOf("persistent"));
        _folder.Write(
            "snmptrapd.conf",
            $"[snmp] persistentDir {_folder.PathOf("persistent")}\nauthCommunity log traps\n" +
            $"createUser sender SHA-256 {SnmpV3Host.AuthenticationPassword} AES {SnmpV3Host.PrivacyPassword}\nauthUser log sender priv\n");
        _folder.Write("traps.log", string.Empty);
        return Daemon.Start("snmptrapd", "-f", "-C", "-c", _folder.PathOf("snmptrapd.conf"), "-m", "", "-On", "-A", "-Lf", _folder.PathOf("traps.log"), $"udp:127.0.0.1:{_trapPort}");
    }

    private Daemon StartRsyslogd()
    {
        _folder.Write("syslog.log", string.Empty);
        _folder.Write("rsyslog.conf", $"""
            global(workDirectory="{_folder.FullName}")
            module(load="imtcp")
            input(type="imtcp" port="{_syslogPort}" address="127.0.0.1")
            template(name="whole" type="string" string="%rawmsg%\n")
            *.* action(type="omfile" file="{_folder.PathOf("syslog.log")}" template="whole")

            """);
        return Daemon.Start("rsyslogd", "-n", "-f", _folder.PathOf("rsyslog.conf"), "-i", _folder.PathOf("rsyslogd.pid"));
    }

    private WebApplication Webhook()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapPost("/alerts", async (HttpContext context) => _posted.Enqueue(await JsonDocument.ParseAsync(context.Request.Body)));
        return application;
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
