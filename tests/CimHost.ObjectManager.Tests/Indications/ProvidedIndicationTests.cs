using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CimHost.Sdk.Providers;
using CimHost.TestBed;

namespace CimHost.ObjectManager.Tests.Indications;

/// <summary>Indications that a provider tells by itself.</summary>
public sealed class ProvidedIndicationTests
{
    [Fact]
    public async Task A_source_is_asked_while_a_subscription_wants_its_class_and_what_it_tells_is_delivered()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        var source = new Source();
        host.AddProvider(source, "CimHost_AlertIndication");
        CimObjectPath destination = await host.DestinationAsync(listener.Url);
        CimObjectPath other = await host.SubscribeAsync(await host.FilterAsync("SELECT * FROM CIM_InstCreation WHERE SourceInstance ISA CIM_Fan", "other"), destination);
        CimObjectPath subscription = await host.SubscribeAsync(await host.FilterAsync("SELECT * FROM CIM_AlertIndication WHERE EventID <> 'b'"), destination);

        await Expect.EventuallyAsync(() => source.Asked == 1, "the source to be asked");
        foreach (string id in new[] { "a", "b", "c" })
        {
            source.Tell(id);
        }

        await Expect.EventuallyAsync(() => listener.Taken.Count == 2, "two indications");
        Assert.Equal(["a", "c"], listener.Taken.Select(i => i["EventID"].AsString()));
        Assert.Equal(["0", "1"], listener.Taken.Select(i => i["SequenceNumber"].ToString()));
        Assert.All(listener.Taken, i => Assert.False(i["IndicationTime"].IsNull || i["IndicationIdentifier"].IsNull));

        await host.Cim.DeleteInstanceAsync("root/interop", subscription, default);
        await Expect.EventuallyAsync(() => source.Ended == 1, "the source to be let go");
        Assert.Equal(1, source.Asked);
        Assert.NotNull(await host.GetAsync(other));
    }

    [Fact]
    public async Task A_source_that_fails_or_tells_nonsense_is_asked_again_and_harms_no_other()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        await using IndicationHost host = await IndicationHost.StartAsync();
        var source = new Source();
        host.AddProvider(source, "CimHost_AlertIndication");
        await host.SubscribeAsync(await host.FilterAsync("SELECT * FROM CIM_AlertIndication"), await host.DestinationAsync(listener.Url));
        await Expect.EventuallyAsync(() => source.Asked == 1, "the source to be asked");

        source.Tell(null);
        await Expect.EventuallyAsync(() => source.Asked == 2, "the source to be asked again after an instance of another class");
        source.Fail();
        await Expect.EventuallyAsync(() => source.Asked == 3, "the source to be asked again after a failure");
        await host.PublishAsync("host");
        source.Tell("again");

        await Expect.EventuallyAsync(() => listener.Taken.Count == 2, "both indications");
        Assert.Equal(["again", "host"], listener.Taken.Select(i => i["EventID"].AsString()).Order());
    }

    private sealed class Source : ICimProvider, ICimIndicationSource
    {
        private readonly Channel<Func<CimProviderRequest, CimInstance>> _told = Channel.CreateUnbounded<Func<CimProviderRequest, CimInstance>>();
        private int _asked;
        private int _ended;

        public int Asked => Volatile.Read(ref _asked);

        public int Ended => Volatile.Read(ref _ended);

        // Null: an instance of another class.
        public void Tell(string? id) => _told.Writer.TryWrite(request =>
        {
            if (id is null)
            {
                return new CimInstance(new CimClass("Test_Other", null, []), request.Namespace);
            }

            CimInstance instance = request.NewInstance();
            instance["EventID"] = id;
            return instance;
        });

        public void Fail() => _told.Writer.TryWrite(_ => throw new InvalidOperationException("the source failed"));

        public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public async IAsyncEnumerable<CimInstance> IndicationsAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            try
            {
                await foreach (Func<CimProviderRequest, CimInstance> make in _told.Reader.ReadAllAsync(cancellationToken))
                {
                    yield return make(request);
                }
            }
            finally
            {
                Interlocked.Increment(ref _ended);
            }
        }
    }
}
