using CimHost.ObjectManager.Indications;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Operations;
using CimHost.TestBed;
using Microsoft.AspNetCore.Http;

namespace CimHost.ObjectManager.Tests.Indications;

public sealed class IndicationTests
{
    private const string All = "SELECT * FROM CIM_AlertIndication";

    private static string Events(IndicationListener listener) => string.Concat(listener.Taken.Select(i => i["EventID"].AsString()));

    private static Task<IndicationListener> RefusingAsync() => IndicationListener.StartAsync((context, _) =>
    {
        context.Response.StatusCode = 500;
        return Task.FromResult(false);
    });

    [Theory]
    [InlineData("SELECT * FROM CIM_AlertIndication WHERE", "the end of the query")]
    [InlineData("SELECT * FROM CIM_AlertIndication WHERE Colour = 1", "Character 41")]
    [InlineData("SELECT * FROM CIM_Nothing", "Character 15")]
    [InlineData("SELECT * FROM CIM_Fan", "no class of indications")]
    [InlineData("SELECT * FROM CIM_InstCreation WHERE SourceInstance.CIM_Fan::Colour = 1", "Character 62")]
    [InlineData("SELECT * FROM CIM_InstCreation WHERE SourceInstance ISA CIM_Nothing", "Character 57")]
    public async Task A_filter_that_does_not_parse_or_names_what_does_not_exist_is_refused_with_the_place(string query, string words)
    {
        await using IndicationHost host = await IndicationHost.StartAsync();

        await Expect.StatusAsync(CimStatusCode.InvalidQuery, () => host.FilterAsync(query), words);
    }

    [Fact]
    public async Task Wrong_destinations_and_subscriptions_are_refused()
    {
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath filter = await host.FilterAsync(All), destination = await host.DestinationAsync(new Uri("http://127.0.0.1:1/"));

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, () => host.CreateAsync("CIM_ListenerDestinationCIMXML", ("Name", "x"), ("Destination", "ftp://host/")), "http://");
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, () => host.CreateAsync("CIM_ListenerDestinationCIMXML", ("Name", "x"), ("Destination", "https://u:p@host/")), "username");
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, () => host.CreateAsync("CIM_ListenerDestinationCIMXML", ("Name", "x"), ("Destination", "http://host/"), ("username", "u"), ("password", "p")), "https://");
        await Expect.StatusAsync(CimStatusCode.AlreadyExists, () => host.DestinationAsync(new Uri("http://127.0.0.1:1/")));
        await Expect.StatusAsync(CimStatusCode.NotFound, () => host.SubscribeAsync(new CimObjectPath(filter.ClassName, [.. filter.Keys.Take(3), new("Name", "none")], filter.Namespace), destination), "no filter");
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, () => host.SubscribeAsync(filter, destination, ("OnFatalErrorPolicy", (ushort)1)), "OnFatalErrorPolicy");
        await Expect.StatusAsync(CimStatusCode.InvalidParameter, () => host.SubscribeAsync(filter, destination, ("RepeatNotificationPolicy", (ushort)3)), "RepeatNotificationInterval");
        await host.SubscribeAsync(filter, destination);
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await host.Cim.DeleteInstanceAsync(CimSchema.Interop, filter, default), "delete that first");
        await Expect.StatusAsync(CimStatusCode.Failed, async () => await host.Cim.DeleteInstanceAsync(CimSchema.Interop, destination, default), "delete that first");
    }

    [Fact]
    public async Task A_password_can_be_set_and_is_sent_but_never_read()
    {
        string? header = null;
        await using IndicationListener listener = await IndicationListener.StartAsync((context, _) => Task.FromResult((header = context.Request.Headers.Authorization) is not null));
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath destination = await host.CreateAsync(
            "CIM_ListenerDestinationCIMXML", ("Name", "d"), ("Destination", listener.Url.ToString()), ("username", "monitor"), ("password", "secret"));
        await host.SubscribeAsync(await host.FilterAsync(All), destination);

        await host.PublishAsync("a");

        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the alert");
        Assert.Equal("Basic " + Convert.ToBase64String("monitor:secret"u8), header);
        Assert.True((await host.GetAsync(destination))["password"].IsNull);
    }

    [Fact]
    public async Task A_filter_selects_indications_and_their_properties()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath filter = await host.FilterAsync("SELECT EventID, 'mine' AS Description FROM CIM_AlertIndication WHERE PerceivedSeverity = #'Critical'");
        await host.SubscribeAsync(filter, await host.DestinationAsync(listener.Url));

        Assert.Equal(0, await host.PublishAsync("minor", 4));
        Assert.Equal(1, await host.PublishAsync("critical", 6));

        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the alert");
        CimInstance taken = listener.Taken[0];
        Assert.Equal(["Description", "EventID", "IndicationFilterName", "SequenceContext", "SequenceNumber"], taken.CimClass.CimClassProperties.Select(p => p.Name).Order());
        Assert.Equal("mine", taken["Description"].AsString());
        Assert.Equal("critical", taken["EventID"].AsString());
    }

    [Fact]
    public async Task A_collection_of_the_host_can_be_subscribed_to()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        var collection = new CimObjectPath("CIM_FilterCollection", "InstanceID", "CimHost:alerts", CimSchema.Interop);
        await host.SubscribeAsync(collection, await host.DestinationAsync(listener.Url));

        await host.PublishAsync("a");

        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the alert");
        Assert.Equal("CimHost:alerts:all", listener.Taken[0]["IndicationFilterName"].AsString());
        Assert.Equal(6, await host.Cim.EnumerateInstancesAsync(CimSchema.Interop, "CIM_IndicationFilter", CimInstanceOptions.Full, default).CountAsync());
    }

    [Fact]
    public async Task What_a_source_told_before_is_not_taken_again_over_a_restart_either()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(listener.Url));

        Assert.Equal(1, await host.PublishAsync("a", origin: new("alerts", 7)));
        Assert.Equal(0, await host.PublishAsync("again", origin: new("alerts", 7)));
        await host.RestartAsync();
        Assert.Equal(7, host.Service.LastSequence("alerts"));
        Assert.Equal(0, await host.PublishAsync("again", origin: new("alerts", 6)));
        Assert.Equal(1, await host.PublishAsync("b", origin: new("alerts", 8)));

        await Expect.EventuallyAsync(() => listener.Taken.Count == 2, "both");
        Assert.Equal("ab", Events(listener));
        Assert.Equal([0L, 1L], listener.Sequence);
    }

    [Fact]
    public async Task A_listener_that_hangs_holds_no_other_one_back_and_says_why()
    {
        using var end = new CancellationTokenSource();
        await using IndicationListener hung = await IndicationListener.StartAsync(async (context, _) =>
        {
            await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted).Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return false;
        });
        await using IndicationListener good = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync(new IndicationOptions { DeliverySeconds = 0.5 });
        CimObjectPath filter = await host.FilterAsync(All);
        CimObjectPath subscription = await host.SubscribeAsync(filter, await host.DestinationAsync(hung.Url, "hung"));
        await host.SubscribeAsync(filter, await host.DestinationAsync(good.Url, "good"));

        await host.PublishAsync("a");
        await host.PublishAsync("b");

        await Expect.EventuallyAsync(() => good.Taken.Count == 2, "the good listener");
        await Expect.EventuallyAsync(() => host.Status("hung").LastFailure.Contains("did not answer within 0.5 s", StringComparison.Ordinal), "the reason");
        Assert.Equal(2, host.Status("hung").Queued);
        Assert.Equal(SubscriptionEntry.EnabledDegraded, (await host.GetAsync(subscription))["SubscriptionState"]);
        CimInstance status = await host.Cim.EnumerateInstancesAsync(CimSchema.Interop, "CimHost_DestinationStatus", CimInstanceOptions.Full, default).SingleAsync(s => s["ElementName"].AsString() == "hung");
        Assert.Contains("did not answer", status["LastFailure"].AsString(), StringComparison.Ordinal);
        await end.CancelAsync();
    }

    [Fact]
    public async Task A_web_server_that_answers_200_to_everything_is_no_listener()
    {
        await using IndicationListener web = await IndicationListener.StartAsync(async (context, _) =>
        {
            await context.Response.WriteAsync("<html>Welcome</html>");
            return false;
        });
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(web.Url));

        await host.PublishAsync("a");

        await Expect.EventuallyAsync(() => host.Status().LastFailure.Contains("cannot be read", StringComparison.Ordinal), "the reason");
        Assert.Equal(1, host.Status().Queued);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task After_the_last_attempt_the_policy_of_the_subscription_counts(int policy)
    {
        await using IndicationListener refusing = await RefusingAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SettingAsync("DeliveryRetryInterval", 0u);
        await host.SettingAsync("DeliveryRetryAttempts", (ushort)2);
        CimObjectPath subscription = await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(refusing.Url), ("OnFatalErrorPolicy", (ushort)policy));

        await host.PublishAsync("a");

        await Expect.EventuallyAsync(() => host.Status().Dropped == 1, "the end of the attempts");
        Assert.Contains("Delivery failed 3 times. The listener refused with HTTP 500.", host.Status().DropReason, StringComparison.Ordinal);
        Assert.Equal(0, await host.PublishAsync("b"));
        if (policy == 3)
        {
            Assert.Equal(SubscriptionEntry.Disabled, (await host.GetAsync(subscription))["SubscriptionState"]);
            await host.SetAsync(subscription, "SubscriptionState", SubscriptionEntry.Enabled);
            Assert.Equal(1, await host.PublishAsync("c"));
        }
        else
        {
            await Expect.StatusAsync(CimStatusCode.NotFound, () => host.GetAsync(subscription));
        }
    }

    [Fact]
    public async Task With_ignore_and_a_trigger_interval_the_indication_is_given_up_and_the_next_one_tried()
    {
        int asked = 0;
        await using IndicationListener listener = await IndicationListener.StartAsync((context, indication) =>
        {
            asked++;
            context.Response.StatusCode = indication["EventID"].AsString() == "a" ? 500 : 200;
            return Task.FromResult(context.Response.StatusCode == 200);
        });
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SettingAsync("DeliveryRetryInterval", 0u);
        await host.SettingAsync("DeliveryRetryAttempts", (ushort)1);
        await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(listener.Url), ("FailureTriggerTimeInterval", 0UL));

        await host.PublishAsync("a");
        await host.PublishAsync("b");

        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the second");
        Assert.Equal("b", Events(listener));
        Assert.Equal([1L], listener.Sequence);
        Assert.Equal(3, asked);
        Assert.Equal(1, host.Status().Dropped);
    }

    [Fact]
    public async Task A_full_queue_gives_up_the_oldest_and_says_so()
    {
        await using IndicationHost host = await IndicationHost.StartAsync(new IndicationOptions { MaxQueued = 3 });
        await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(new Uri("http://127.0.0.1:1/")));
        foreach (string name in new[] { "a", "b", "c", "d", "e" })
        {
            await host.PublishAsync(name);
        }

        Assert.Equal(3, host.Status().Queued);
        Assert.Equal(2, host.Status().Dropped);
        Assert.Contains("full (3 indications)", host.Status().DropReason, StringComparison.Ordinal);

        await host.RestartAsync();
        Assert.Equal((3, 2L, 5L), (host.Status().Queued, host.Status().Dropped, host.Status().NextSequence));
        await using IndicationListener listener = await IndicationListener.StartAsync();
        CimObjectPath destination = await host.Cim.EnumerateInstanceNamesAsync(CimSchema.Interop, "CIM_ListenerDestination", default).SingleAsync();
        await host.SetAsync(destination, "Destination", listener.Url.ToString());
        await Expect.EventuallyAsync(() => listener.Taken.Count == 3, "what is left");
        Assert.Equal([2L, 3L, 4L], listener.Sequence);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_destination_changed_while_its_old_listener_still_answers_is_tried_at_once(int attempts)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IndicationListener old = await IndicationListener.StartAsync(async (context, _) =>
        {
            asked.TrySetResult();
            await answer.Task;
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return false;
        });
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SettingAsync("DeliveryRetryInterval", 3_600u);
        await host.SettingAsync("DeliveryRetryAttempts", (ushort)attempts);
        CimObjectPath destination = await host.DestinationAsync(old.Url);
        await host.SubscribeAsync(await host.FilterAsync(All), destination, ("OnFatalErrorPolicy", (ushort)3));
        await host.PublishAsync("a");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await host.SetAsync(destination, "Destination", listener.Url.ToString());
        answer.SetResult();
        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the indication at the new address");
        Assert.Equal(0, host.Status().Dropped);
    }

    [Fact]
    public async Task Repetitions_are_suppressed_or_waited_for_as_the_subscription_says()
    {
        await using IndicationListener suppressing = await IndicationListener.StartAsync(), delaying = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath filter = await host.FilterAsync(All);
        await host.SubscribeAsync(
            filter, await host.DestinationAsync(suppressing.Url, "s"), ("RepeatNotificationPolicy", (ushort)3), ("RepeatNotificationCount", (ushort)2), ("RepeatNotificationInterval", 600UL));
        await host.SubscribeAsync(
            filter, await host.DestinationAsync(delaying.Url, "d"), ("RepeatNotificationPolicy", (ushort)4), ("RepeatNotificationCount", (ushort)2), ("RepeatNotificationInterval", 600UL), ("RepeatNotificationGap", 600UL));

        var deliveries = new List<int>();
        foreach (string name in new[] { "a", "a", "a", "a", "a", "b" })
        {
            deliveries.Add(await host.PublishAsync(name));
        }

        Assert.Equal([1, 1, 1, 0, 0, 1], deliveries);
        await Expect.EventuallyAsync(() => suppressing.Taken.Count == 3 && delaying.Taken.Count == 1, "the indications");
        Assert.Equal("aab", Events(suppressing));
        Assert.Equal("a", Events(delaying));
    }

    [Fact]
    public async Task A_subscription_ends_with_its_duration()
    {
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath subscription = await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(new Uri("http://127.0.0.1:1/")), ("SubscriptionDuration", 1UL));
        Assert.False((await host.GetAsync(subscription))["SubscriptionTimeRemaining"].IsNull);

        await Expect.EventuallyAsync(() => host.Service.State.Model.Subscriptions.IsEmpty, "the end of the subscription");
        Assert.Equal(0, await host.PublishAsync("a"));
    }

    [Fact]
    public async Task Provided_instances_appear_change_and_disappear_and_an_error_is_no_disappearance()
    {
        var ids = new List<string> { "1" };
        string name = "before";
        bool fails = false;
        IAsyncEnumerable<CimInstance> Tell(Sdk.Providers.CimProviderRequest request)
        {
            IEnumerable<CimInstance> Fans()
            {
                foreach (string id in ids.ToArray())
                {
                    CimInstance fan = request.NewInstance();
                    (fan["SystemCreationClassName"], fan["SystemName"], fan["CreationClassName"], fan["DeviceID"], fan["ElementName"]) = ("s", "s", "CIM_Fan", id, name);
                    yield return fan;
                }

                if (fails)
                {
                    throw CimException.Failed("The BMC does not answer.");
                }
            }

            return Fans().ToAsyncEnumerable();
        }

        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync(new IndicationOptions { PollSeconds = 0.1 });
        var provider = new FakeProvider((request, _) => Tell(request));
        host.AddProvider(provider, "CIM_Fan");
        CimObjectPath destination = await host.DestinationAsync(listener.Url);
        foreach (string className in new[] { "CIM_InstCreation", "CIM_InstDeletion", "CIM_InstModification" })
        {
            await host.SubscribeAsync(await host.FilterAsync($"SELECT * FROM {className} WHERE SourceInstance ISA CIM_Fan", className), destination);
        }

        await Expect.EventuallyAsync(() => provider.Runs >= 2, "the first looks");
        Assert.Empty(listener.Taken);
        ids.Add("2");
        await Expect.EventuallyAsync(() => listener.Taken.Count == 1, "the creation");
        name = "after";
        await Expect.EventuallyAsync(() => listener.Taken.Count == 3, "the modifications");
        fails = true;
        ids.Remove("2");
        int runs = provider.Runs;
        await Expect.EventuallyAsync(() => provider.Runs >= runs + 2, "two looks that fail");
        Assert.Equal(3, listener.Taken.Count);
        fails = false;
        await Expect.EventuallyAsync(() => listener.Taken.Count == 4, "the deletion");

        Assert.Equal(["CIM_InstCreation", "CIM_InstModification", "CIM_InstModification", "CIM_InstDeletion"], listener.Taken.Select(i => i.ClassName));
        CimInstance modification = listener.Taken[1];
        Assert.Equal("before", modification["PreviousInstance"].AsInstance()!["ElementName"].AsString());
        Assert.Equal("after", modification["SourceInstance"].AsInstance()!["ElementName"].AsString());
        Assert.Equal("ElementName", Assert.Single(modification["ChangedPropertyNames"].AsArray<string?>()!));
    }

    [Fact]
    public async Task A_static_instance_is_told_at_its_change()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath destination = await host.DestinationAsync(listener.Url);
        foreach (string className in new[] { "CIM_InstCreation", "CIM_InstDeletion", "CIM_InstModification" })
        {
            await host.SubscribeAsync(await host.FilterAsync($"SELECT * FROM {className} WHERE SourceInstance ISA 'CIM_Fan'", className, "WQL"), destination);
        }

        var fan = new CimInstance(host.Manager.Repository.Schema.GetClass(IndicationHost.Cimv2, "CIM_Fan"), IndicationHost.Cimv2);
        (fan["SystemCreationClassName"], fan["SystemName"], fan["CreationClassName"], fan["DeviceID"]) = ("s", "s", "CIM_Fan", "1");
        CimObjectPath path = await host.Cim.CreateInstanceAsync(IndicationHost.Cimv2, fan, default);
        await host.Cim.SetPropertyAsync(IndicationHost.Cimv2, path, "ElementName", "x", default);
        await host.Cim.DeleteInstanceAsync(IndicationHost.Cimv2, path, default);

        await Expect.EventuallyAsync(() => listener.Taken.Count == 3, "three indications");
        Assert.Equal(["CIM_InstCreation", "CIM_InstModification", "CIM_InstDeletion"], listener.Taken.Select(i => i.ClassName));
    }
}
