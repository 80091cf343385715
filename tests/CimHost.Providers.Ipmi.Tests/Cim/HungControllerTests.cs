using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

public class HungControllerTests
{
    private const int Count = 112;

    private static ScriptedBmc Bmc(string name = "ipmi0")
    {
        var bmc = new ScriptedBmc(name);
        for (byte i = 1; i <= Count; i++)
        {
            bmc.Add(SdrBytes.Full(i, $"Temp {i}"), i, 0xC0, 0xC0);
        }

        return bmc;
    }

    private static ILookup<string?, CimInstance> ByState(IEnumerable<CimInstance> instances) => instances.ToLookup(i => i["ReadingState"].AsString());

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_BMC_that_stops_in_the_middle_leaves_what_was_read_and_an_error(int concurrency)
    {
        ScriptedBmc bmc = Bmc();
        bmc.Port.Concurrency = concurrency;
        var host = new IpmiTestHost(bmc);
        await host.EnumerateAsync("OMC_NumericSensor");
        bmc.Port.ClearRequests();
        bmc.Port.TimeOut(r => r.NetFn == 0x04 && r.Data.Span[0] > 40);

        (List<CimInstance> told, CimException? error) = await host.EnumerateToErrorAsync("OMC_NumericSensor");
        ILookup<string?, CimInstance> states = ByState(told);
        Assert.Equal(40, states["Ok"].Count());
        Assert.Equal(Count - 40, states["TimedOut"].Count());
        Assert.All(states["TimedOut"], i => Assert.True(i["CurrentReading"].IsNull));
        Assert.All(states["TimedOut"], i => Assert.Equal([13], i["OperationalStatus"].AsArray<ushort>()!));
        Assert.NotNull(error);
        Assert.Contains("ipmi0", error.Message);
        Assert.InRange(bmc.Port.Count(0x04, 0x2D), 42, 40 + 1 + concurrency);
    }

    [Fact]
    public async Task One_sensor_that_times_out_alone_costs_nobody_else()
    {
        ScriptedBmc bmc = Bmc();
        var host = new IpmiTestHost(bmc);
        await host.EnumerateAsync("OMC_NumericSensor");
        bmc.Port.TimeOut(r => r.NetFn == 0x04 && r.Command == 0x2D && r.Data.Span[0] == 7);

        (List<CimInstance> told, CimException? error) = await host.EnumerateToErrorAsync("OMC_NumericSensor");
        Assert.Null(error);
        Assert.Equal("Temp 7", Assert.Single(ByState(told)["TimedOut"])["Name"].AsString());
    }

    [Fact]
    public async Task A_sensor_that_never_answered_is_not_asked_for_its_thresholds()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Port.TimeOut(r => r.NetFn == 0x04 && r.Data.Span[0] == 7);

        (List<CimInstance> told, CimException? error) = await new IpmiTestHost(bmc).EnumerateToErrorAsync("OMC_NumericSensor");
        Assert.Null(error);
        Assert.Single(ByState(told)["TimedOut"]);
        Assert.Single(bmc.Port.Requests, r => r.NetFn == 0x04 && r.Data.Span[0] == 7);
    }

    [Fact]
    public async Task A_BMC_that_is_gone_tells_its_known_sensors_as_timed_out_and_comes_back()
    {
        ScriptedBmc bmc = Bmc();
        var host = new IpmiTestHost(bmc);
        await host.EnumerateAsync("OMC_NumericSensor");
        host.Host.Time.Advance(TimeSpan.FromSeconds(6));
        bmc.Port.TimeOut(_ => true);
        bmc.Port.ClearRequests();

        (List<CimInstance> told, CimException? error) = await host.EnumerateToErrorAsync("OMC_NumericSensor");
        Assert.Equal(Count, ByState(told)["TimedOut"].Count());
        Assert.NotNull(error);
        Assert.Single(bmc.Port.Requests);

        bmc.Port.SetFault(null);
        (told, error) = await host.EnumerateToErrorAsync("OMC_NumericSensor");
        Assert.Null(error);
        Assert.Equal(Count, ByState(told)["Ok"].Count());
    }

    [Fact]
    public async Task A_BMC_that_never_answered_is_an_error_that_names_it()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Port.TimeOut(_ => true);

        (List<CimInstance> told, CimException? error) = await new IpmiTestHost(bmc).EnumerateToErrorAsync("OMC_DiscreteSensor");
        Assert.Empty(told);
        Assert.Equal(CimStatusCode.Failed, error?.Status);
        Assert.Contains("scripted ipmi0", error!.Message);
    }

    [Fact]
    public async Task A_BMC_that_hangs_does_not_keep_another_ones_sensors_back()
    {
        ScriptedBmc hung = Bmc(), healthy = Bmc("bmc2");
        hung.Port.Hang(_ => true);
        var host = new IpmiTestHost(hung, healthy);
        using var deadline = new CancellationTokenSource();
        var told = new List<CimInstance>();

        async Task ReadAsync()
        {
            await foreach (CimInstance instance in host.ProviderOf("OMC_NumericSensor").EnumerateAsync(IpmiTestHost.Schema.Request("OMC_NumericSensor"), deadline.Token))
            {
                told.Add(instance);
                if (told.Count == Count)
                {
                    await deadline.CancelAsync();
                }
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(ReadAsync);
        Assert.Equal(Count, ByState(told)["Ok"].Count());
        Assert.All(told, i => Assert.Equal("bmc2", i["SystemName"].AsString()));
    }

    [Fact]
    public async Task A_sweep_keeps_to_the_concurrency_of_its_port()
    {
        ScriptedBmc bmc = Bmc();
        bmc.Port.Concurrency = 4;
        bmc.Port.SetFault(async (_, _) =>
        {
            await Task.Yield();
            return null;
        });
        await new IpmiTestHost(bmc).EnumerateAsync("OMC_NumericSensor");

        Assert.InRange(bmc.Port.MaxInFlight, 2, 4);
    }

    [Fact]
    public async Task A_changed_repository_is_read_again()
    {
        ScriptedBmc bmc = Bmc();
        var host = new IpmiTestHost(bmc);
        await host.EnumerateAsync("OMC_NumericSensor", []);
        bmc.Add(SdrBytes.Full(200, "New"), 1, 0xC0, 0xC0);
        bmc.LastAddition++;
        Assert.Equal(Count, (await host.EnumerateAsync("OMC_NumericSensor", [])).Count);

        host.Host.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(Count + 1, (await host.EnumerateAsync("OMC_NumericSensor", [])).Count);
    }
}
