using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Dispatch;

public sealed class CircuitBreakerTests
{
    private static async Task<string> ErrorAsync(TestHost host) =>
        (await Expect.ReadAsync(host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default))).Error?.Message ?? "no error";

    [Fact]
    public async Task It_opens_tries_again_after_a_doubling_time_and_closes_when_the_provider_recovers()
    {
        await using TestHost host = await TestHost.CreateAsync();
        bool fails = true;
        FakeProvider provider = host.AddProvider(new FakeProvider((request, _) => fails ? throw CimException.Failed("the BMC is gone") : new[] { FakeProvider.Device(request, "1") }.ToAsyncEnumerable()), "T_Fan");
        host.AddProvider(FakeProvider.Of("2"), "T_Disk");

        for (int i = 0; i < 3; i++)
        {
            Assert.False(host.Manager.ProviderHealth[0].IsLeftAlone);
            Assert.Equal("the BMC is gone", await ErrorAsync(host));
        }

        // Open: clients are answered at once with the reason, the provider is not asked.
        string refused = await ErrorAsync(host);
        Assert.Contains("left alone for another 1 s", refused, StringComparison.Ordinal);
        Assert.Contains("the BMC is gone", refused, StringComparison.Ordinal);
        Assert.Equal(3, provider.Runs);
        Assert.True(host.Manager.ProviderHealth[0].IsLeftAlone);
        Assert.Equal("the BMC is gone", host.Manager.ProviderHealth[0].LastFailure);
        Assert.Equal(1, host.Manager.ProviderHealth[0].RefusedRequests);
        Assert.Single(await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Disk", CimInstanceOptions.Full, default).ToListAsync());

        // A failed trial doubles the time.
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("the BMC is gone", await ErrorAsync(host));
        Assert.Equal(4, provider.Runs);
        host.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Contains("left alone for another 1 s", await ErrorAsync(host), StringComparison.Ordinal);
        Assert.Equal(4, provider.Runs);

        // A trial that succeeds closes it, and it takes three failures anew to open it.
        fails = false;
        host.Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal("no error", await ErrorAsync(host));
        Assert.False(host.Manager.ProviderHealth[0].IsLeftAlone);
        fails = true;
        await ErrorAsync(host);
        await ErrorAsync(host);
        Assert.False(host.Manager.ProviderHealth[0].IsLeftAlone);
    }

    [Fact]
    public void One_trial_is_let_through_at_a_time()
    {
        var time = new ManualTime();
        var breaker = new CircuitBreaker(new DispatchOptions { BreakerThreshold = 1 }, time);
        Assert.True(breaker.TryEnter(out _, out int ticket));
        Assert.True(breaker.Failed(ticket, "gone"));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(breaker.TryEnter(out _, out int trial));
        Assert.False(breaker.TryEnter(out TimeSpan retryAfter, out _));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);

        // The client of the trial left: another may try.
        breaker.Abandoned(trial);
        Assert.True(breaker.TryEnter(out _, out trial));
        Assert.True(breaker.Succeeded(trial));
        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void Requests_of_an_earlier_period_say_nothing_about_this_one()
    {
        var time = new ManualTime();
        var breaker = new CircuitBreaker(new DispatchOptions { BreakerThreshold = 2 }, time);
        int[] tickets = [.. Enumerable.Range(0, 8).Select(_ => breaker.TryEnter(out TimeSpan _, out int ticket) ? ticket : -1)];

        // Eight that time out together open it once, for the first time and not for the sixth.
        Assert.Equal(1, tickets.Count(t => breaker.Failed(t, "gone")));
        Assert.False(breaker.TryEnter(out TimeSpan retryAfter, out _));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);

        // Nor does a late success close it.
        Assert.False(breaker.Succeeded(tickets[0]));
        Assert.True(breaker.IsOpen);
    }

    [Fact]
    public void The_time_grows_to_its_limit()
    {
        var time = new ManualTime();
        var breaker = new CircuitBreaker(new DispatchOptions { BreakerThreshold = 1, BreakerMaxSeconds = 5 }, time);
        var waits = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(breaker.TryEnter(out _, out int ticket));
            breaker.Failed(ticket, "gone");
            breaker.TryEnter(out TimeSpan retryAfter, out _);
            waits.Add(retryAfter.TotalSeconds);
            time.Advance(retryAfter);
        }

        Assert.Equal([1, 2, 4, 5, 5], waits);
    }

    [Fact]
    public async Task Partial_results_and_refusals_about_the_request_do_not_open_it()
    {
        await using TestHost host = await TestHost.CreateAsync();
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("one disk is silent"), "1"), "T_Disk");
        host.AddProvider(FakeProvider.Failing(() => new CimException(CimStatusCode.NotSupported, "not here")), "T_Fan");

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("not here", await ErrorAsync(host));
            Assert.Single((await Expect.ReadAsync(host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Disk", CimInstanceOptions.Full, default))).Items);
        }

        Assert.All(host.Manager.ProviderHealth, h => Assert.False(h.IsLeftAlone));
    }

    [Fact]
    public async Task A_provider_that_never_comes_back_is_left_alone_and_clients_are_answered_at_once()
    {
        await using TestHost host = await TestHost.CreateAsync(options: new DispatchOptions { MaxRequestsPerProvider = 1, BreakerThreshold = 2 });
        var never = new TaskCompletionSource();
        FakeProvider provider = host.AddProvider(new FakeProvider((_, _) => Never(never.Task)), "T_Fan");
        for (int i = 0; i < 2; i++)
        {
            Task<string> failing = ErrorAsync(host);
            await Expect.EventuallyAsync(() => provider.Runs == 1, "the provider is asked");
            host.Time.Advance(TimeSpan.FromSeconds(10));
            await failing;
        }

        Assert.Contains("left alone", await ErrorAsync(host), StringComparison.Ordinal);

        // The trial finds the only slot taken by the one that hangs: a failure, not an open door.
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Task<string> trial = ErrorAsync(host);
        host.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("was busy", await trial, StringComparison.Ordinal);
        Assert.Contains("left alone for another 2 s", await ErrorAsync(host), StringComparison.Ordinal);
        Assert.Equal(1, provider.Runs);
        never.SetResult();
    }

    private static async IAsyncEnumerable<CimInstance> Never(Task never)
    {
        await never;
        yield break;
    }
}
