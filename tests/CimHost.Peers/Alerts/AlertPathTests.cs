using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Alerts;

/// <summary>Something breaks and comes back: every kind of receiver has one message of each, with the same identity.</summary>
public sealed class AlertPathTests
{
    // Three polls, in which nothing may be told again.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(6);

    [PeerFact("snmptrapd", "rsyslogd")]
    public async Task A_failing_fan_reaches_every_receiver_exactly_once_and_so_does_its_recovery()
    {
        using var machine = new RackServer();
        await using AlertReceivers receivers = await AlertReceivers.StartAsync();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = receivers.Arguments });
        await receivers.ReadyAsync(host);

        (await host.ClientAsync("hardware", "fault", "Fan3", "fail")).Succeeded();
        JsonElement raised = await receivers.ReceivedAsync("Raised", "Fan3");
        (await host.ClientAsync("hardware", "clear")).Succeeded();
        JsonElement cleared = await receivers.ReceivedAsync("Cleared", "Fan3");

        await Task.Delay(s_silence);
        receivers.HaveOnly(raised, cleared);
        Assert.Equal(AlertReceivers.Identity(raised), cleared.GetProperty("correlated").GetString());
    }

    [PeerFact("snmptrapd", "rsyslogd")]
    public async Task A_reading_that_swings_a_hundred_times_within_the_hysteresis_is_one_alert()
    {
        // The inlet's upper non-critical threshold is 38 with a hysteresis of 2: below 36 it is well again.
        const int Swings = 100;
        using var machine = new RackServer();
        await using AlertReceivers receivers = await AlertReceivers.StartAsync(pollSeconds: 0.1);
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = machine.Folder, Arguments = receivers.Arguments });
        using CimXmlClient client = CimXmlClient.Of(host);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"root:{host.Password}"))) } };
        await receivers.ReadyAsync(host);

        await SetAsync("39");
        JsonElement raised = await receivers.ReceivedAsync("Raised", "Inlet");
        for (int i = 0; i < Swings; i++)
        {
            await SetAsync("37");
            await SetAsync("39");
        }

        await SetAsync("25");
        JsonElement cleared = await receivers.ReceivedAsync("Cleared", "Inlet");
        await Task.Delay(s_silence);
        receivers.HaveOnly(raised, cleared);

        // The host looks ten times a second, at its own pace: it meets the reading now on this side and now on the other.
        async Task SetAsync(string reading)
        {
            (await http.PostAsJsonAsync(new Uri(host.Http, "admin/hardware/set"), new { name = "Inlet Temp", value = reading })).EnsureSuccessStatusCode();
            await Eventually.HoldsAsync(
                () => client.EnumerateAsync("root/cimv2", "OMC_NumericSensor"),
                a => a.ErrorCode == 0 && a.Instances.Any(s => CimXmlClient.ValueOf(s, "Name") == "Inlet Temp" && CimXmlClient.ValueOf(s, "CurrentReading") == reading),
                $"the reading {reading}");
        }
    }

    [PeerFact("snmptrapd", "rsyslogd", "ipmi_sim", "ipmitool")]
    public async Task A_threshold_that_ipmi_sim_crosses_and_an_event_in_its_log_reach_every_receiver_exactly_once()
    {
        using var folder = new TemporaryDirectory();
        await using IpmiSim bmc = await IpmiSim.StartAsync();
        await using AlertReceivers receivers = await AlertReceivers.StartAsync();
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            SystemRoot = folder.FullName,
            Arguments =
            [
                .. receivers.Arguments, "--Bmcs:0:Name=sim", $"--Bmcs:0:Address={bmc.Host}:{bmc.Port}", $"--Bmcs:0:UserName={bmc.UserName}",
                $"--Bmcs:0:PasswordFile={folder.Write("password", bmc.Password + "\n")}", "--Bmcs:0:CipherSuite=3",
            ],
        });
        await receivers.ReadyAsync(host);

        await bmc.SetReadingAsync(1, 85);
        JsonElement raised = await receivers.ReceivedAsync("Raised", "CPU1 Temp");
        await bmc.SetReadingAsync(1, 50);
        JsonElement cleared = await receivers.ReceivedAsync("Cleared", "CPU1 Temp");

        // Processor 0x55, which is no sensor of this controller: IERR.
        folder.Write("event", "0x04 0x07 0x55 0x6f 0x00 0xff 0xff\n");
        (await Tool.RunAsync(
            "ipmitool", "-I", "lanplus", "-C", "3", "-H", bmc.Host, "-p", $"{bmc.Port}", "-U", bmc.UserName, "-P", bmc.Password, "sel", "add", folder.PathOf("event"))).Succeeded();
        JsonElement logged = await receivers.ReceivedAsync("Raised", "IERR");

        await Task.Delay(s_silence);
        receivers.HaveOnly(raised, cleared, logged);
        Assert.Equal(AlertReceivers.Identity(raised), cleared.GetProperty("correlated").GetString());
    }
}
