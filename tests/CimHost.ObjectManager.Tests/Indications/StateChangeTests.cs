using CimHost.ObjectManager.Indications;
using CimHost.TestBed;

namespace CimHost.ObjectManager.Tests.Indications;

/// <summary>AlertOnStateChange: a listener is told what becomes of its subscription, when it asked for that.</summary>
public sealed class StateChangeTests
{
    private const string All = "SELECT * FROM CIM_AlertIndication";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_disables_and_enables_a_subscription(bool asked)
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        CimObjectPath subscription = await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(listener.Url), ("AlertOnStateChange", asked));

        await host.SetAsync(subscription, "SubscriptionState", SubscriptionEntry.Disabled);
        await host.SetAsync(subscription, "SubscriptionInfo", "no change of state");
        await host.SetAsync(subscription, "SubscriptionState", SubscriptionEntry.Enabled);
        await host.PublishAsync("after");

        await Expect.EventuallyAsync(() => listener.Taken.Any(i => i["EventID"].AsString() == "after"), "what came after");
        string[] told = [.. listener.Taken.Where(IsAboutState).Select(i => i["Message"].AsString()!)];
        Assert.Equal(asked ? ["A client disabled the subscription.", "A client enabled the subscription."] : [], told);
        Assert.Equal(Enumerable.Range(0, listener.Taken.Count).Select(n => (long)n), listener.Sequence);
    }

    [Theory]
    [InlineData(3, "disabled by its policy")]
    [InlineData(4, "deleted by its policy")]
    public async Task A_policy_is_told_once_the_listener_answers_again(int policy, string words)
    {
        await using IndicationListener listener = await IndicationListener.StartAsync((context, indication) =>
        {
            bool isTaken = IsAboutState(indication);
            context.Response.StatusCode = isTaken ? 200 : 500;
            return Task.FromResult(isTaken);
        });
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SettingAsync("DeliveryRetryInterval", 0u);
        await host.SettingAsync("DeliveryRetryAttempts", (ushort)1);
        CimObjectPath subscription = await host.SubscribeAsync(
            await host.FilterAsync(All), await host.DestinationAsync(listener.Url), ("OnFatalErrorPolicy", (ushort)policy), ("AlertOnStateChange", true));

        await host.PublishAsync("lost");

        await Expect.EventuallyAsync(() => listener.Taken.Count > 0, "what became of the subscription");
        CimInstance alert = Assert.Single(listener.Taken);
        Assert.Contains(words, alert["Message"].AsString(), StringComparison.Ordinal);
        Assert.Equal(subscription.ToString(), alert["AlertingManagedElement"].AsString());
        await Expect.EventuallyAsync(() => host.Status().Queued == 0, "the empty queue");
        Assert.Equal(1, host.Status().Dropped);
    }

    [Fact]
    public async Task A_policy_is_not_told_of_again_and_again_to_a_listener_that_stays_away()
    {
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SettingAsync("DeliveryRetryInterval", 0u);
        await host.SettingAsync("DeliveryRetryAttempts", (ushort)1);
        await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(new Uri("http://127.0.0.1:1/")), ("OnFatalErrorPolicy", (ushort)3), ("AlertOnStateChange", true));

        await host.PublishAsync("lost");

        // The indication, and then the alert about it.
        await Expect.EventuallyAsync(() => host.Status().Dropped == 2, "both to be given up");
        Assert.Equal((0, 2L), (host.Status().Queued, host.Status().NextSequence));
    }

    [Fact]
    public async Task The_end_of_the_duration()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        await host.SubscribeAsync(await host.FilterAsync(All), await host.DestinationAsync(listener.Url), ("SubscriptionDuration", 1UL), ("AlertOnStateChange", true));

        await Expect.EventuallyAsync(() => listener.Taken.Any(IsAboutState), "the end");
        Assert.Contains("is over", Assert.Single(listener.Taken)["Message"].AsString(), StringComparison.Ordinal);
        Assert.Empty(host.Service.State.Model.Subscriptions);
    }

    private static bool IsAboutState(CimInstance indication) => indication["OtherAlertType"].AsString() == "IndicationSubscriptionAlert";
}
