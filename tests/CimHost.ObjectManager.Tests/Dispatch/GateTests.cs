using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.ObjectManager.Tests.Dispatch;

public sealed class GateTests
{
    private static IAsyncEnumerable<CimInstance> Fans(TestHost host, params string[] propertyList) =>
        host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", new CimInstanceOptions { PropertyList = propertyList.Length == 0 ? null : propertyList }, default);

    private static async Task<string> ErrorAsync(TestHost host) => (await Expect.ReadAsync(Fans(host))).Error?.Message ?? "no error";

    private static async IAsyncEnumerable<CimInstance> After(Task gate, CimProviderRequest request, string id)
    {
        await gate;
        yield return FakeProvider.Device(request, id);
    }

    [Fact]
    public async Task Clients_that_ask_at_the_same_time_share_one_run()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var gate = new TaskCompletionSource();
        FakeProvider provider = host.AddProvider(new FakeProvider((request, _) => After(gate.Task, request, "1")), "T_Fan");
        Task<List<CimInstance>> first = Fans(host).ToListAsync().AsTask(), second = Fans(host).ToListAsync().AsTask(), narrow = Fans(host, "ElementName").ToListAsync().AsTask();

        gate.SetResult();

        Assert.Same(Assert.Single(await first), Assert.Single(await second));
        Assert.Equal("device 1", Assert.Single(await narrow)["ElementName"].AsString());
        Assert.Equal(1, provider.Runs);
        await Fans(host).ToListAsync();
        Assert.Equal(2, provider.Runs);
    }

    [Fact]
    public async Task A_run_goes_on_when_the_client_that_started_it_leaves()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var gate = new TaskCompletionSource();
        FakeProvider provider = host.AddProvider(new FakeProvider((request, _) => After(gate.Task, request, "1")), "T_Fan");
        using var gone = new CancellationTokenSource();
        Task<List<CimInstance>> leaving = host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, gone.Token).ToListAsync(gone.Token).AsTask();
        Task<List<CimInstance>> staying = Fans(host).ToListAsync().AsTask();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await leaving);
        gate.SetResult();

        Assert.Single(await staying);
        Assert.Equal(1, provider.Runs);
    }

    [Fact]
    public async Task A_result_is_served_again_while_it_is_young_enough_and_an_error_never()
    {
        await using TestHost host = await TestHost.CreateAsync();
        bool fails = false;
        FakeProvider provider = host.AddProvider(new FakeProvider((request, _) => fails ? throw CimException.Failed("gone") : new[] { FakeProvider.Device(request, "1") }.ToAsyncEnumerable()), 5, "T_Fan");

        await Fans(host).ToListAsync();
        host.Time.Advance(TimeSpan.FromSeconds(4.9));
        await Fans(host, "DeviceID").ToListAsync();
        Assert.Equal(1, provider.Runs);
        host.Time.Advance(TimeSpan.FromSeconds(0.2));
        fails = true;
        Assert.Equal("gone", await ErrorAsync(host));
        fails = false;
        Assert.Single(await Fans(host).ToListAsync());
        Assert.Equal(3, provider.Runs);
    }

    [Fact]
    public async Task Results_kept_for_many_property_lists_are_bounded_and_leave_with_their_age()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var gate = new ProviderGate(
            new ProviderRegistration("test", FakeProvider.Of("1"), new ProviderMetadata { ClassNames = ["T_Fan"], Namespaces = [TestHost.Namespace], MaxAgeSeconds = 60 }), new DispatchOptions(), host.Time, NullLogger.Instance);
        CimClass fan = host.Repository.Schema.GetClass(TestHost.Namespace, "T_Fan");

        foreach (int i in Enumerable.Range(0, 300))
        {
            Assert.Single(await gate.EnumerateAsync(new CimProviderRequest(fan, TestHost.Namespace, [$"P{i}"]), default).ToListAsync());
        }

        Assert.InRange(gate.Kept, 1, 65);
        host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Single(await gate.EnumerateAsync(new CimProviderRequest(fan, TestHost.Namespace), default).ToListAsync());
        Assert.Equal(1, gate.Kept);
    }

    [Fact]
    public async Task At_the_deadline_come_the_partial_results_and_a_timely_error()
    {
        await using TestHost host = await TestHost.CreateAsync(options: new DispatchOptions { DeadlineSeconds = 3 });
        host.AddProvider(FakeProvider.Hanging("1", "2"), "T_Fan");
        await using IAsyncEnumerator<CimInstance> fans = Fans(host).GetAsyncEnumerator();
        Assert.True(await fans.MoveNextAsync());
        Assert.True(await fans.MoveNextAsync());
        ValueTask<bool> rest = fans.MoveNextAsync();

        host.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(rest.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(0.2));

        await Expect.StatusAsync(CimStatusCode.Failed, async () => await rest, "did not answer", "3 s");
    }

    [Fact]
    public async Task A_provider_that_ignores_its_token_holds_its_slot_and_nothing_piles_up()
    {
        await using TestHost host = await TestHost.CreateAsync(options: new DispatchOptions { MaxRequestsPerProvider = 1, MaxWaitingPerProvider = 1 });
        var gate = new TaskCompletionSource();
        FakeProvider provider = host.AddProvider(new FakeProvider((request, _) => After(gate.Task, request, "1")), "T_Fan");
        Task<(List<CimInstance>, CimException? Error)> inside = Expect.ReadAsync(Fans(host, "Speed")), waiting = Expect.ReadAsync(Fans(host, "Reading"));

        CimException? refused = (await Expect.ReadAsync(Fans(host, "Enabled"))).Error;
        Assert.Equal(CimStatusCode.ServerLimitsExceeded, refused!.Status);
        await Expect.EventuallyAsync(() => provider.Runs == 1, "the provider is asked");
        host.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("did not answer", (await inside).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("was busy", (await waiting).Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, provider.Runs);
        Assert.Equal(1, host.Manager.ProviderHealth[0].RefusedRequests);

        // It comes back, late: its slot is free again.
        gate.SetResult();
        Assert.Single(await Fans(host).ToListAsync());
        Assert.Equal(2, provider.Runs);
    }

    [Fact]
    public async Task A_provider_without_end_is_cut_at_the_limit()
    {
        await using TestHost host = await TestHost.CreateAsync(options: new DispatchOptions { MaxInstancesPerEnumeration = 500 });
        host.AddProvider(new FakeProvider((request, _) => Endless(request, null)), "T_Fan");

        (List<CimInstance> fans, CimException? error) = await Expect.ReadAsync(Fans(host));

        Assert.Equal(500, fans.Count);
        Assert.Contains("more than 500 instances", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_without_end_stops_at_the_deadline_though_it_ignores_its_token()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var stopped = new TaskCompletionSource();
        host.AddProvider(new FakeProvider((request, _) => Endless(request, stopped)), "T_Fan");
        Task<(List<CimInstance>, CimException? Error)> read = Expect.ReadAsync(Fans(host));

        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.NotNull((await read).Error);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Wrong_instances_are_told_with_the_provider_that_told_them()
    {
        await using TestHost host = await TestHost.CreateAsync();
        Func<CimProviderRequest, CimInstance?>? tell = null;
        host.AddProvider(new FakeProvider((request, _) => new[] { FakeProvider.Device(request, "1"), tell!(request)! }.ToAsyncEnumerable()), "T_Fan");
        async Task Told(Func<CimProviderRequest, CimInstance?> wrong, string words)
        {
            tell = wrong;
            (List<CimInstance> fans, CimException? error) = await Expect.ReadAsync(Fans(host));
            Assert.Equal("1", Assert.Single(fans)["DeviceID"].AsString());
            Assert.Contains(words, error!.Message, StringComparison.Ordinal);
            Assert.Contains("test/FakeProvider", error.Message, StringComparison.Ordinal);
        }

        await Told(_ => host.Make("T_Disk", ("DeviceID", "2")), "T_Disk when it was asked for T_Fan");
        await Told(r => r.NewInstance(), "key DeviceID has no value");
        await Told(_ => null, "nothing");
        await Told(_ => new CimInstance(new CimClass("T_Fan", null, [new CimPropertyDeclaration { Name = "Colour", CimType = CimType.String }])), "no property Colour");
    }

    [Fact]
    public async Task An_instance_of_a_shape_of_its_own_gets_the_shape_of_its_class()
    {
        await using TestHost host = await TestHost.CreateAsync();
        var shape = new CimClass("t_fan", null, [new CimPropertyDeclaration { Name = "deviceid", CimType = CimType.String }, new CimPropertyDeclaration { Name = "SPEED", CimType = CimType.UInt16 }]);
        host.AddProvider(new FakeProvider((_, _) => new[] { new CimInstance(shape) { [0] = "1", [1] = (ushort)9 } }.ToAsyncEnumerable()), "T_Fan");

        CimInstance fan = Assert.Single(await Fans(host).ToListAsync());

        Assert.Same(host.Repository.Schema.GetClass(TestHost.Namespace, "T_Fan"), fan.CimClass);
        Assert.Equal("root/cimv2:T_Fan.DeviceID=\"1\"", fan.Path!.ToString());
        Assert.Equal(9UL, fan["Speed"].ToObject());
    }

    [Fact]
    public async Task What_a_provider_throws_is_told_in_words_for_the_client()
    {
        await using TestHost host = await TestHost.CreateAsync();
        Func<Exception>? error = null;
        host.AddProvider(new FakeProvider((_, _) => throw error!()), "T_Fan");

        error = () => new InvalidOperationException("secret inside");
        string internalError = await ErrorAsync(host);
        Assert.Contains("test/FakeProvider failed on T_Fan (InvalidOperationException)", internalError, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", internalError, StringComparison.Ordinal);
        error = () => new HardwareException((HardwareFault)0, "bmc0 does not answer");
        Assert.Equal("bmc0 does not answer", await ErrorAsync(host));
    }

    [Fact]
    public async Task GetInstance_of_a_provider_is_checked_too()
    {
        await using TestHost host = await TestHost.CreateAsync();
        ChangeableProvider provider = host.AddProvider(new ChangeableProvider(), 0, "T_Fan");
        provider.Devices["1"] = host.Make("T_Fan", ("DeviceID", "other"));

        await Expect.StatusAsync(CimStatusCode.Failed, async () => await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "1"), CimInstanceOptions.Full, default), "\"other\"", "\"1\"");
        provider.Devices["1"] = host.Make("T_Fan", ("DeviceID", "1"));
        Assert.True((await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "1"), CimInstanceOptions.Full, default)).IsFrozen);
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "2"), CimInstanceOptions.Full, default));
    }

    private static async IAsyncEnumerable<CimInstance> Endless(CimProviderRequest request, TaskCompletionSource? stopped)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                if (i % 100 == 0)
                {
                    await Task.Yield();
                }

                yield return FakeProvider.Device(request, $"{i}");
            }
        }
        finally
        {
            stopped?.SetResult();
        }
    }
}
