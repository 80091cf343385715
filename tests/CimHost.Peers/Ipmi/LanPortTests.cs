using System.Diagnostics;
using CimHost.Sdk.Hardware;
using CimHost.TestBed;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Abstractions;

namespace CimHost.Peers.Ipmi;

/// <summary>The LAN driver against OpenIPMI's BMC.</summary>
public class LanPortTests(ITestOutputHelper output)
{
    private static readonly LanTiming s_quick = new() { Total = TimeSpan.FromSeconds(4), Try = TimeSpan.FromMilliseconds(200), BackOff = TimeSpan.FromMilliseconds(50), MaxBackOff = TimeSpan.FromMilliseconds(50) };

    [PeerTheory("ipmi_sim")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_cipher_suite_that_the_BMC_has_reads_its_device_id(int suite)
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using LanIpmiPort port = Open(simulator, suite);

        IpmiResponse answer = await port.SendAsync(new IpmiRequest(0x06, 0x01), CancellationToken.None);

        Assert.Equal(0, answer.CompletionCode);
        Assert.Equal([0x20, 0x03], answer.Data[..2].ToArray());
        Assert.Contains($"cipher suite {(suite == 0 ? 3 : suite)},", port.SessionKind, StringComparison.Ordinal);
    }

    [PeerFact("ipmi_sim")]
    public async Task A_sweep_over_112_sensors_reads_each_sensor_s_own_value()
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync(new IpmiSimConfiguration { FurtherSensors = 106 });
        await using LanIpmiPort port = Open(simulator, 3);
        var sensors = simulator.Configuration.ThresholdSensors;
        await SweepAsync(port, sensors);
        var times = new List<double>();
        IpmiResponse[] answers = [];
        for (int i = 0; i < 7; i++)
        {
            long start = Stopwatch.GetTimestamp();
            answers = await SweepAsync(port, sensors);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        output.WriteLine($"{answers.Length} readings, ms: {string.Join(' ', times.Select(t => t.ToString("0.0", null)))}");
        Assert.Equal(112, answers.Length);
        Assert.Equal(sensors.Select(s => s.Raw), answers.Select(a => a.Data.Span[0]));
    }

    [PeerFact("ipmi_sim")]
    public async Task A_BMC_that_restarted_gets_a_new_session_within_the_command()
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using LanIpmiPort port = Open(simulator, 3, s_quick);
        Assert.True((await port.SendAsync(new IpmiRequest(0x06, 0x01), CancellationToken.None)).IsSuccess);

        await simulator.KillAsync();
        await simulator.ResumeAsync();

        Assert.True((await port.SendAsync(new IpmiRequest(0x06, 0x01), CancellationToken.None)).IsSuccess);
    }

    [PeerTheory("ipmi_sim")]
    [InlineData("admin", "Wrong123", "the password is wrong")]
    [InlineData("nobody", "Secret12", "user name")]
    public async Task Wrong_credentials_are_unavailable_with_a_reason_and_without_the_password(string user, string password, string reason)
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using var port = new LanIpmiPort(new RemoteBmc("rack1", simulator.Host, simulator.Port, user, password, 3), NullLogger.Instance, s_quick);

        var failure = await Assert.ThrowsAsync<HardwareException>(async () => await port.SendAsync(new IpmiRequest(0x06, 0x01), CancellationToken.None));

        output.WriteLine(failure.Message);
        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("rack1", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, failure.ToString(), StringComparison.Ordinal);
    }

    [PeerFact("ipmi_sim")]
    public async Task A_cipher_suite_that_the_BMC_lacks_is_unavailable_with_its_reason()
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using LanIpmiPort port = Open(simulator, 17, s_quick);

        var failure = await Assert.ThrowsAsync<HardwareException>(async () => await port.SendAsync(new IpmiRequest(0x06, 0x01), CancellationToken.None));

        output.WriteLine(failure.Message);
        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Contains("cipher suite 17", failure.Message, StringComparison.Ordinal);
    }

    [PeerFact("ipmi_sim")]
    public async Task A_user_without_administrator_rights_still_reads()
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using var port = new LanIpmiPort(new RemoteBmc("rack1", simulator.Host, simulator.Port, "watcher", "Watch123", 3), NullLogger.Instance, s_quick);

        IpmiResponse answer = await port.SendAsync(new IpmiRequest(0x04, 0x2D, new byte[] { 2 }), CancellationToken.None);

        output.WriteLine(port.SessionKind);
        Assert.Equal(24, answer.Data.Span[0]);
    }

    [PeerTheory("ipmi_sim")]
    [InlineData(false, "IPMI 1.5, MD5 authentication")]
    [InlineData(true, "IPMI 1.5, password in clear authentication")]
    public async Task A_BMC_without_RMCP_plus_is_read_with_IPMI_1_5(bool withoutMd5, string kind)
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using var proxy = new OldBmcProxy(simulator.Port, withoutMd5);
        await using var port = new LanIpmiPort(new RemoteBmc("old1", "127.0.0.1", proxy.Port, simulator.UserName, simulator.Password), NullLogger.Instance, s_quick);
        var sensors = simulator.Configuration.ThresholdSensors;

        IpmiResponse[] answers = await SweepAsync(port, sensors);

        Assert.Equal(sensors.Select(s => s.Raw), answers.Select(a => a.Data.Span[0]));
        Assert.Contains(kind, port.SessionKind, StringComparison.Ordinal);
    }

    [PeerFact("ipmi_sim")]
    public async Task A_configured_cipher_suite_is_never_given_up_for_IPMI_1_5()
    {
        await using IpmiSim simulator = await IpmiSim.StartAsync();
        await using var proxy = new OldBmcProxy(simulator.Port, withoutMd5: true);
        await using var port = new LanIpmiPort(new RemoteBmc("old1", "127.0.0.1", proxy.Port, simulator.UserName, simulator.Password, 3), NullLogger.Instance, s_quick);

        var failure = await Assert.ThrowsAsync<HardwareException>(async () => await port.SendAsync(new IpmiRequest(0x06, 0x01), CancellationToken.None));

        Assert.Equal(HardwareFault.Unavailable, failure.Fault);
        Assert.Contains("cipher suite 3 is configured", failure.Message, StringComparison.Ordinal);
    }

    private static LanIpmiPort Open(IpmiSim simulator, int suite, LanTiming? timing = null) =>
        new(new RemoteBmc("rack1", simulator.Host, simulator.Port, simulator.UserName, simulator.Password, suite), NullLogger.Instance, timing);

    private static async Task<IpmiResponse[]> SweepAsync(LanIpmiPort port, IReadOnlyList<SimThresholdSensor> sensors)
    {
        var answers = new IpmiResponse[sensors.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, sensors.Count),
            new ParallelOptions { MaxDegreeOfParallelism = port.Concurrency },
            async (i, cancellationToken) => answers[i] = await port.SendAsync(new IpmiRequest(0x04, 0x2D, new[] { sensors[i].Number }), cancellationToken));
        return answers;
    }
}
