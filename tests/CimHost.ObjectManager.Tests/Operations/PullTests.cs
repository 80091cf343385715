using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Operations;

public sealed class PullTests
{
    private const string Kind = "PullInstancesWithPath";

    private static async Task<TestHost> FilledAsync(int count, DispatchOptions? options = null)
    {
        TestHost host = await TestHost.CreateAsync(options: options);
        for (int i = 0; i < count; i++)
        {
            await host.AddAsync("T_Fan", ("DeviceID", $"f{i}"), ("Reading", i));
        }

        return host;
    }

    private static EnumerationContext<CimInstance> Open(TestHost host, string className = "T_Device", uint? timeout = null, bool continueOnError = false, string? filter = null, string user = "admin") =>
        host.Manager.Enumerations.Open(Kind, user, token => host.Cim.EnumerateInstancesAsync(TestHost.Namespace, className, new CimInstanceOptions { Filter = filter, FilterLanguage = filter is null ? null : "DMTF:FQL" }, token), timeout, continueOnError);

    private static async Task<(string Ids, bool Ended)> PullAsync(TestHost host, EnumerationContext<CimInstance> context, uint count)
    {
        List<CimInstance> results = [];
        bool ended = await host.Manager.Enumerations.PullAsync(context, count, results, default);
        return (string.Join(' ', results.Select(i => i["DeviceID"].AsString())), ended);
    }

    [Fact]
    public async Task Pulls_return_as_many_as_asked_for_and_close_at_the_end()
    {
        await using TestHost host = await FilledAsync(5);
        EnumerationContext<CimInstance> context = Open(host);

        Assert.Equal(("", false), await PullAsync(host, context, 0));
        Assert.Equal(("f0 f1", false), await PullAsync(host, context, 2));
        Assert.Equal(("f2 f3", false), await PullAsync(host, host.Manager.Enumerations.Find<CimInstance>(context.Id, Kind, "admin"), 2));
        Assert.Equal(1, host.Manager.Enumerations.Count);
        Assert.Equal(("f4", true), await PullAsync(host, context, 100));
        Assert.Equal(0, host.Manager.Enumerations.Count);
        Assert.Equal(CimStatusCode.InvalidEnumerationContext, Assert.Throws<CimException>(() => host.Manager.Enumerations.Find<CimInstance>(context.Id, Kind, "admin")).Status);
    }

    [Fact]
    public async Task A_wrong_request_is_refused_at_open_whatever_number_of_objects_it_asks_for()
    {
        await using TestHost host = await FilledAsync(1);

        CimStatusCode Refused(string className, string? filter = null) => Assert.Throws<CimException>(() => Open(host, className, filter: filter)).Status;

        Assert.Equal(CimStatusCode.InvalidClass, Refused("T_None"));
        Assert.Equal(CimStatusCode.InvalidQuery, Refused("T_Fan", "Nothing = 1"));
        Assert.Equal(0, host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task A_filter_selects_and_an_unknown_language_is_refused()
    {
        await using TestHost host = await FilledAsync(5);

        Assert.Equal(("f3 f4", true), await PullAsync(host, Open(host, "T_Fan", filter: "Reading >= 3"), 100));
        CimException error = Assert.Throws<CimException>(() => host.Manager.Enumerations.Open(
            Kind, "admin", token => host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", new CimInstanceOptions { Filter = "x", FilterLanguage = "WQL" }, token), null, false));
        Assert.Equal(CimStatusCode.QueryLanguageNotSupported, error.Status);
    }

    [Fact]
    public async Task A_context_belongs_to_its_user_its_operation_and_its_kind_of_object()
    {
        await using TestHost host = await FilledAsync(1);
        EnumerationContext<CimInstance> context = Open(host);
        void Refused(Action find) => Assert.Equal(CimStatusCode.InvalidEnumerationContext, Assert.Throws<CimException>(find).Status);

        Refused(() => host.Manager.Enumerations.Find<CimInstance>(context.Id, Kind, "other"));
        Refused(() => host.Manager.Enumerations.Find<CimInstance>(context.Id, "PullInstances", "admin"));
        Refused(() => host.Manager.Enumerations.Find<CimObjectPath>(context.Id, Kind, "admin"));
        Refused(() => host.Manager.Enumerations.Find<CimInstance>("00", Kind, "admin"));
        await Expect.StatusAsync(CimStatusCode.InvalidEnumerationContext, async () => await host.Manager.Enumerations.CloseAsync(context.Id, "other"));
        Assert.Equal(1, host.Manager.Enumerations.Count);
        await host.Manager.Enumerations.CloseAsync(context.Id, "admin");
        await Expect.StatusAsync(CimStatusCode.InvalidEnumerationContext, async () => await host.Manager.Enumerations.CloseAsync(context.Id, "admin"));
    }

    [Fact]
    public async Task An_unused_context_expires_and_a_used_one_does_not()
    {
        await using TestHost host = await FilledAsync(5);
        EnumerationContext<CimInstance> used = Open(host, timeout: 10), unused = Open(host, timeout: 10), longer = Open(host);

        host.Time.Advance(TimeSpan.FromSeconds(9));
        await PullAsync(host, used, 1);
        host.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Throws<CimException>(() => host.Manager.Enumerations.Find<CimInstance>(unused.Id, Kind, "admin"));
        Assert.Equal(("f1", false), await PullAsync(host, host.Manager.Enumerations.Find<CimInstance>(used.Id, Kind, "admin"), 1));
        Assert.Equal(2, host.Manager.Enumerations.Count);
        host.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(0, host.Manager.Enumerations.Count);
        Assert.Throws<CimException>(() => host.Manager.Enumerations.Find<CimInstance>(longer.Id, Kind, "admin"));
    }

    [Fact]
    public async Task Time_outs_number_of_contexts_and_size_of_a_pull_are_bounded()
    {
        await using TestHost host = await FilledAsync(5, new DispatchOptions { MaxEnumerationContexts = 2, EnumerationTimeoutSeconds = 60, MaxObjectsPerPull = 3 });

        Assert.Equal(CimStatusCode.InvalidOperationTimeout, Assert.Throws<CimException>(() => Open(host, timeout: 0)).Status);
        Assert.Equal(CimStatusCode.InvalidOperationTimeout, Assert.Throws<CimException>(() => Open(host, timeout: 61)).Status);
        EnumerationContext<CimInstance> first = Open(host, timeout: 60);
        Open(host);
        Assert.Equal(CimStatusCode.ServerLimitsExceeded, Assert.Throws<CimException>(() => Open(host)).Status);
        Assert.Equal(("f0 f1 f2", false), await PullAsync(host, first, uint.MaxValue));
        Assert.Equal(("f3 f4", true), await PullAsync(host, first, uint.MaxValue));
        Open(host);
    }

    [Fact]
    public async Task An_error_comes_after_the_results_before_it_and_ends_the_enumeration()
    {
        await using TestHost host = await FilledAsync(0);
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("the BMC is gone"), "a", "b"), "T_Fan");
        EnumerationContext<CimInstance> context = Open(host);

        Assert.Equal(("a b", false), await PullAsync(host, context, 10));
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await PullAsync(host, context, 10), "the BMC is gone");
        Assert.Equal(0, host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task With_ContinueOnError_the_enumeration_goes_on_to_its_end()
    {
        await using TestHost host = await FilledAsync(0);
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("the BMC is gone"), "a"), "T_Fan");
        EnumerationContext<CimInstance> context = Open(host, continueOnError: true);

        Assert.Equal(("a", false), await PullAsync(host, context, 10));
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await PullAsync(host, context, 10));
        Assert.Equal(1, host.Manager.Enumerations.Count);
        Assert.Equal(("", true), await PullAsync(host, context, 10));
        Assert.Equal(0, host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task Closing_breaks_a_pull_off_and_a_second_pull_beside_it_is_refused()
    {
        await using TestHost host = await FilledAsync(0);
        host.AddProvider(FakeProvider.Hanging("a"), "T_Fan");
        EnumerationContext<CimInstance> context = Open(host, continueOnError: true);
        Task<(string, bool)> pull = PullAsync(host, context, 10);

        await Expect.StatusAsync(CimStatusCode.InvalidEnumerationContext, async () => await PullAsync(host, context, 1), "under way");
        Assert.False(pull.IsCompleted);
        await host.Manager.Enumerations.CloseAsync(context.Id, "admin");

        await Expect.StatusAsync(CimStatusCode.PullHasBeenAbandoned, async () => await pull);
        Assert.Equal(0, host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_a_pull_gives_the_enumeration_up()
    {
        await using TestHost host = await FilledAsync(0);
        host.AddProvider(FakeProvider.Hanging("a"), "T_Fan");
        EnumerationContext<CimInstance> context = Open(host, continueOnError: true);
        using var gone = new CancellationTokenSource();
        Task<bool> pull = host.Manager.Enumerations.PullAsync(context, 10, [], gone.Token).AsTask();

        await gone.CancelAsync();

        await Expect.StatusAsync(CimStatusCode.PullHasBeenAbandoned, async () => await pull);
        Assert.Equal(0, host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task An_open_context_is_closed_with_the_host()
    {
        TestHost host = await FilledAsync(0);
        host.AddProvider(FakeProvider.Hanging("a"), "T_Fan");
        Open(host);
        Open(host, "T_Sensor");

        await host.DisposeAsync();

        Assert.Equal(0, host.Manager.Enumerations.Count);
    }
}
