using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Indications;
using CimHost.Sdk.Providers;
using CimHost.TestBed;

namespace CimHost.ObjectManager.Tests.Indications;

/// <summary>Filters that join indications with ordinary classes.</summary>
public sealed class JoinedIndicationTests
{
    private const string WithFan = "SELECT a.*, f.ElementName AS Fan FROM CIM_AlertIndication a, CIM_Fan f WHERE a.AlertingManagedElement = OBJECTPATH(f)";

    private static async Task<CimObjectPath> SubscribeAsync(IndicationHost host, IndicationListener listener, string query, string name = "d") =>
        await host.SubscribeAsync(await host.FilterAsync(query, name), await host.DestinationAsync(listener.Url, name));

    private static async Task<int> PublishAsync(IndicationHost host, string eventId, string element, ushort severity = 6)
    {
        CimInstance alert = host.Alert(eventId, severity);
        alert["AlertingManagedElement"] = element;
        return await host.Service.PublishAsync(alert, IndicationHost.Cimv2, null, default);
    }

    private static string PathOf(string id) =>
        $"CIM_Fan.SystemCreationClassName=\"CIM_ComputerSystem\",SystemName=\"host\",CreationClassName=\"CIM_Fan\",DeviceID=\"{id}\"";

    private static CimInstance Fan(CimProviderRequest request, string id)
    {
        CimInstance fan = request.NewInstance();
        (fan["SystemCreationClassName"], fan["SystemName"], fan["CreationClassName"]) = ("CIM_ComputerSystem", "host", "CIM_Fan");
        fan["DeviceID"] = id;
        fan["ElementName"] = "fan " + id;
        fan["HealthState"] = (ushort)(id == "1" ? 5 : 25);
        return fan;
    }

    private static FakeProvider Fans(params string[] ids) => new((request, _) => ids.Select(id => Fan(request, id)).ToAsyncEnumerable());

    [Theory]
    [InlineData("SELECT DISTINCT EventID FROM CIM_AlertIndication", CimStatusCode.QueryFeatureNotSupported, "Character 8 of the query: DISTINCT is for queries")]
    [InlineData("SELECT FIRST 1 EventID FROM CIM_AlertIndication", CimStatusCode.QueryFeatureNotSupported, "Character 8 of the query: FIRST is for queries")]
    [InlineData("SELECT * FROM CIM_AlertIndication ORDER BY EventID", CimStatusCode.QueryFeatureNotSupported, "Character 35 of the query: ORDER is for queries")]
    [InlineData("SELECT * FROM CIM_AlertIndication a, CIM_Fan f", CimStatusCode.InvalidQuery, "Character 35 of the query: a filter over several classes")]
    [InlineData("SELECT a.*, f.* FROM CIM_AlertIndication a, CIM_Fan f", CimStatusCode.InvalidQuery, "Character 13")]
    [InlineData("SELECT a.*, f.Description FROM CIM_AlertIndication a, CIM_Fan f", CimStatusCode.InvalidQuery, "Character 15 of the query: the indication has a property Description")]
    [InlineData("SELECT a.*, f.DeviceID AS X, f.ElementName AS X FROM CIM_AlertIndication a, CIM_Fan f", CimStatusCode.InvalidQuery, "Character 47")]
    [InlineData("SELECT a.* FROM CIM_AlertIndication a, CIM_InstCreation c", CimStatusCode.InvalidQuery, "Character 40")]
    [InlineData("SELECT a.Name FROM CIM_Fan a, CIM_Fan b", CimStatusCode.InvalidQuery, "none of the classes is one of indications")]
    [InlineData("SELECT a.* FROM CIM_AlertIndication a, CIM_Fan f WHERE a.AlertingManagedElement = f", CimStatusCode.InvalidQuery, "OBJECTPATH(f)")]
    public async Task What_a_filter_cannot_do_is_refused_with_the_place(string query, CimStatusCode status, string words)
    {
        await using IndicationHost host = await IndicationHost.StartAsync();

        await Expect.StatusAsync(status, () => host.FilterAsync(query), words);
    }

    [Fact]
    public async Task An_alert_comes_with_what_the_query_selects_of_the_element_that_it_names()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        host.AddProvider(Fans("1", "2"), "CIM_Fan");
        await SubscribeAsync(host, listener, WithFan);

        Assert.Equal(1, await PublishAsync(host, "a", PathOf("2")));
        Assert.Equal(1, await PublishAsync(host, "b", "root/cimv2:" + PathOf("1")));
        Assert.Equal(0, await PublishAsync(host, "c", PathOf("3")));
        Assert.Equal(0, await PublishAsync(host, "d", "the third fan"));

        await Expect.EventuallyAsync(() => listener.Taken.Count == 2, "two alerts");
        Assert.Equal(["a fan 2", "b fan 1"], listener.Taken.Select(i => $"{i["EventID"]} {i["Fan"]}"));
        Assert.Equal("CimHost_AlertIndication", listener.Taken[0].ClassName);
        Assert.Equal(PathOf("2"), listener.Taken[0]["AlertingManagedElement"].AsString());
        Assert.Equal([0L, 1L], listener.Sequence);
    }

    [Fact]
    public async Task Conditions_on_the_element_decide_and_each_row_is_an_indication()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        host.AddProvider(Fans("1", "2", "3"), "CIM_Fan");
        await SubscribeAsync(host, listener, "SELECT EventID, 'bad' AS Description, f.DeviceID FROM CIM_Fan f, CIM_AlertIndication WHERE f.HealthState > 5 AND PerceivedSeverity = #'Critical'");

        Assert.Equal(2, await PublishAsync(host, "a", "x"));
        Assert.Equal(0, await PublishAsync(host, "b", "x", 4));

        await Expect.EventuallyAsync(() => listener.Taken.Count == 2, "an alert for each fan that is not well");
        Assert.Equal(["a bad 2", "a bad 3"], listener.Taken.Select(i => $"{i["EventID"]} {i["Description"]} {i["DeviceID"]}"));
        Assert.Equal(["Description", "DeviceID", "EventID", "IndicationFilterName", "SequenceContext", "SequenceNumber"], listener.Taken[0].CimClass.CimClassProperties.Select(p => p.Name).Order());
        Assert.Equal([0L, 1L], listener.Sequence);
    }

    [Fact]
    public async Task The_rows_of_one_indication_are_bounded()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        host.AddProvider(Fans([.. Enumerable.Range(0, 150).Select(i => $"{i}")]), "CIM_Fan");
        await SubscribeAsync(host, listener, "SELECT a.EventID, f.DeviceID FROM CIM_AlertIndication a, CIM_Fan f");

        Assert.Equal(100, await PublishAsync(host, "a", "x"));
    }

    [Fact]
    public async Task An_alert_whose_lookup_fails_is_delivered_without_what_could_not_be_looked_up()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("The BMC does not answer.")), "CIM_Fan");
        await SubscribeAsync(host, listener, WithFan + " AND a.PerceivedSeverity = 6");

        Assert.Equal(1, await PublishAsync(host, "a", PathOf("1")));
        Assert.Equal(0, await PublishAsync(host, "minor", PathOf("1"), 4));

        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the alert");
        Assert.Equal(("a", true), (listener.Taken[0]["EventID"].AsString(), listener.Taken[0]["Fan"].IsNull));
    }

    [Fact]
    public async Task A_hung_class_delays_an_alert_for_a_bounded_time_and_what_it_told_is_used()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync(), plain = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync(new IndicationOptions { LookupSeconds = 0.3 });
        host.AddProvider(new FakeProvider(OneThenNothingAsync), "CIM_Fan");
        await SubscribeAsync(host, listener, WithFan);
        await SubscribeAsync(host, plain, "SELECT * FROM CIM_AlertIndication", "plain");

        Assert.Equal(2, await PublishAsync(host, "a", PathOf("1")));
        Assert.Equal(2, await PublishAsync(host, "b", PathOf("2")));

        await Expect.EventuallyAsync(() => listener.Taken.Count == 2 && plain.Taken.Count == 2, "all alerts");
        Assert.Equal(["a fan 1", "b NULL"], listener.Taken.Select(i => $"{i["EventID"]} {i["Fan"]}"));
        Assert.Equal(["a", "b"], plain.Taken.Select(i => i["EventID"].AsString()));

        static async IAsyncEnumerable<CimInstance> OneThenNothingAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken token)
        {
            yield return Fan(request, "1");
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Fact]
    public async Task A_change_of_an_instance_is_joined_with_the_class_that_its_condition_names()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync(new IndicationOptions { PollSeconds = 0.1 });
        var ids = new ConcurrentBag<string> { "1" };
        var provider = new FakeProvider((request, _) => ids.Select(id => Fan(request, id)).ToAsyncEnumerable());
        host.AddProvider(provider, "CIM_Fan");
        await SubscribeAsync(host, listener, "SELECT i.*, f.ElementName AS Fan FROM CIM_InstCreation i, CIM_Fan f WHERE i.SourceInstance ISA CIM_Fan AND i.SourceInstanceModelPath = OBJECTPATH(f)");

        await Expect.EventuallyAsync(() => provider.Runs >= 2, "the first looks");
        ids.Add("2");
        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the creation");

        CimInstance taken = listener.Taken[0];
        Assert.Equal(("fan 2", "fan 2"), (taken["SourceInstance"].AsInstance()!["ElementName"].AsString(), taken["Fan"].AsString()));
    }
}
