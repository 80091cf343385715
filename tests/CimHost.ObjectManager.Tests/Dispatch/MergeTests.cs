using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Dispatch;

public sealed class MergeTests
{
    private static IAsyncEnumerable<CimInstance> Enumerate(TestHost host, string className) => host.Cim.EnumerateInstancesAsync(TestHost.Namespace, className, CimInstanceOptions.Full, default);

    // In no order: a source that is slow for a moment may come later.
    private static string Ids(IEnumerable<CimInstance> instances) => string.Join(' ', instances.Select(i => $"{i.ClassName}.{i["DeviceID"].AsString()}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Providers_and_static_instances_of_a_hierarchy_are_one_answer()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Of("1", "2"), "T_Disk", "T_Fan");
        host.AddProvider(FakeProvider.Of("3"), "T_Fan");
        await host.AddAsync("T_Sensor", ("DeviceID", "4"));

        Assert.Equal("T_Disk.1 T_Disk.2 T_Fan.1 T_Fan.2 T_Fan.3 T_Sensor.4", Ids(await Enumerate(host, "T_Device").ToListAsync()));
        Assert.Equal("T_Fan.1 T_Fan.2 T_Fan.3", Ids(await Enumerate(host, "T_Fan").ToListAsync()));
        Assert.Equal(6, await host.Cim.EnumerateInstanceNamesAsync(TestHost.Namespace, "T_Element", default).CountAsync());
        Assert.Equal("device 3", (await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "3"), CimInstanceOptions.Full, default))["ElementName"].AsString());
    }

    [Fact]
    public async Task When_a_provider_fails_the_others_come_first_and_then_one_error()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("first"), "1"), "T_Disk");
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("second")), "T_Sensor");
        host.AddProvider(FakeProvider.Of("2"), "T_Fan");

        (List<CimInstance> instances, CimException? error) = await Expect.ReadAsync(Enumerate(host, "T_Device"));

        Assert.Equal("T_Disk.1 T_Fan.2", Ids(instances));
        Assert.Equal(CimStatusCode.Failed, error!.Status);
        Assert.Equal("first", error.Message);
    }

    [Fact]
    public async Task A_hung_provider_delays_only_its_own_class()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Hanging("1"), "T_Disk");
        host.AddProvider(FakeProvider.Of("2", "3"), "T_Fan");
        await using IAsyncEnumerator<CimInstance> all = Enumerate(host, "T_Device").GetAsyncEnumerator();

        // The clock stands: nothing here waits for the hung provider's deadline.
        List<CimInstance> got = [];
        while (got.Count < 3 && await all.MoveNextAsync())
        {
            got.Add(all.Current);
        }

        Assert.Equal("T_Disk.1 T_Fan.2 T_Fan.3", Ids(got));
        Assert.Equal("T_Fan.2 T_Fan.3", Ids(await Enumerate(host, "T_Fan").ToListAsync()));
        ValueTask<bool> rest = all.MoveNextAsync();
        Assert.False(rest.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(10));
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await rest, "test/FakeProvider", "T_Disk", "10 s");
    }

    [Fact]
    public async Task A_client_that_leaves_lets_every_source_go()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Hanging("1"), "T_Disk");
        host.AddProvider(FakeProvider.Hanging("2"), "T_Fan");
        using var gone = new CancellationTokenSource();
        IAsyncEnumerator<CimInstance> all = host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", CimInstanceOptions.Full, gone.Token).GetAsyncEnumerator(gone.Token);
        Assert.True(await all.MoveNextAsync());
        Assert.True(await all.MoveNextAsync());
        ValueTask<bool> rest = all.MoveNextAsync();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await rest);
        await all.DisposeAsync();
    }

    [Fact]
    public async Task A_failing_provider_is_no_proof_that_an_instance_does_not_exist()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("the BMC is gone"), "1"), "T_Fan");
        host.AddProvider(FakeProvider.Of("2"), "T_Fan");
        async Task<CimInstance> Get(string id) => await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", id), CimInstanceOptions.Full, default);

        Assert.Equal("1", (await Get("1"))["DeviceID"].AsString());
        Assert.Equal("2", (await Get("2"))["DeviceID"].AsString());
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await Get("3"), "the BMC is gone");
    }
}
