using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.TestBed;
using CimHost.Wbem.Client;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Indications of the real host at a real listener, over restarts and kills.</summary>
public sealed class IndicationTests
{
    private const string Interop = "root/interop";

    [Fact]
    public async Task A_client_subscribes_and_its_listener_gets_a_test_alert_with_a_sequence_number()
    {
        await using IndicationListener listener = await IndicationListener.StartAsync();
        using var state = new TemporaryDirectory();
        await using HostProcess host = await StartAsync(state);
        using CimSession session = Session(host);
        await SubscribeAsync(session, listener);

        await SendAsync(session, "hello", 2);

        await Eventually.HoldsAsync(() => listener.Taken.Count >= 2, "two indications");
        CimInstance first = listener.Taken[0];
        Assert.Equal("CimHost_AlertIndication", first.ClassName);
        Assert.Equal("hello", first["Message"].AsString());
        Assert.Equal("Test:filter", first["IndicationFilterName"].AsString());
        Assert.StartsWith("urn:uuid:", first["IndicationIdentifier"].AsString(), StringComparison.Ordinal);
        Assert.NotEmpty(first["SequenceContext"].AsString()!);
        Assert.Equal([0L, 1L], listener.Sequence);
    }

    [Fact]
    public async Task Every_sequence_number_arrives_though_the_host_is_killed_and_the_listener_fails_every_third_time()
    {
        int total = int.TryParse(Environment.GetEnvironmentVariable("CIMHOST_TEST_INDICATIONS"), out int wanted) ? wanted : 400;
        int kills = int.TryParse(Environment.GetEnvironmentVariable("CIMHOST_TEST_KILLS"), out int many) ? many : 3;
        int asked = 0;
        await using IndicationListener listener = await IndicationListener.StartAsync((context, _) =>
        {
            if (Interlocked.Increment(ref asked) % 3 != 0)
            {
                return Task.FromResult(true);
            }

            context.Response.StatusCode = 503;
            return Task.FromResult(false);
        });
        using var state = new TemporaryDirectory();
        var acknowledged = new List<string>();
        var random = new Random(20261127);
        for (int life = 0; life <= kills; life++)
        {
            await using HostProcess host = await StartAsync(state);
            using CimSession session = Session(host);
            if (life == 0)
            {
                await SubscribeAsync(session, listener);
                await NoPauseAsync(session);
            }

            // The subscription that was made before the first kill is what the indications of every later life go through.
            int target = total * (life + 1) / (kills + 1);
            Task? kill = null;
            while (acknowledged.Count < target && kill is null)
            {
                try
                {
                    string message = $"test {acknowledged.Count}";
                    int count = Math.Min(10, target - acknowledged.Count);
                    acknowledged.AddRange(await SendAsync(session, message, count));
                    if (life < kills && acknowledged.Count >= target - random.Next(1, total / (kills + 1)))
                    {
                        // In the middle: this request goes on while the process dies.
                        Task<IReadOnlyList<string>> last = SendAsync(session, "cut off", 10);
                        kill = host.KillAsync();
                        acknowledged.AddRange(await last);
                    }
                }
                catch (CimSessionException)
                {
                    // The host was killed under this request, which therefore promised nothing.
                }
            }

            if (life < kills && kill is null)
            {
                kill = host.KillAsync();
            }

            if (kill is not null)
            {
                await kill;
                continue;
            }

            await Eventually.HoldsAsync(async () => await QueuedAsync(session), queued => queued == 0, "the queue to be empty", TimeSpan.FromSeconds(30 + (total / 20)));
            CimInstance filter = Assert.Single(await session.EnumerateInstancesAsync(Interop, "CIM_IndicationFilter").Where(f => f["Name"].AsString() == "Test:filter").ToListAsync());
            Assert.Equal("DMTF:CQL", filter["QueryLanguage"].AsString());
        }

        IReadOnlyList<long> sequence = listener.Sequence;
        Assert.Equal(Enumerable.Range(0, sequence.Count).Select(n => (long)n), sequence);
        Assert.True(sequence.Count >= acknowledged.Count);
        HashSet<string?> identities = [.. listener.Taken.Select(i => i["IndicationIdentifier"].AsString())];
        Assert.All(acknowledged, id => Assert.Contains(id, identities));
        Assert.Single(listener.Taken.Select(i => i["SequenceContext"].AsString()).Distinct());

        // One indication has one number, however often it came; only those under way at a kill may come again.
        Assert.Equal(identities.Count, sequence.Count);
        Assert.InRange(listener.Taken.Count - sequence.Count, 0, kills);
    }

    private static Task<HostProcess> StartAsync(TemporaryDirectory state) =>
        HostProcess.StartAsync(new HostSettings { StateDirectory = state.FullName, SystemRoot = Directory.CreateDirectory(state.PathOf("no-hardware")).FullName });

    private static CimSession Session(HostProcess host) =>
        CimSession.Create($"http://127.0.0.1:{host.HttpPort}", new CimSessionOptions { UserName = "root", Password = host.Password });

    private static async Task SubscribeAsync(CimSession session, IndicationListener listener)
    {
        CimObjectPath filter = await session.CreateInstanceAsync(
            Interop, Make("CIM_IndicationFilter", ("Name", "Test:filter"), ("QueryLanguage", "DMTF:CQL"), ("Query", "SELECT * FROM CIM_AlertIndication")), default);
        CimObjectPath destination = await session.CreateInstanceAsync(
            Interop, Make("CIM_ListenerDestinationCIMXML", ("Name", "Test:listener"), ("Destination", listener.Url.ToString())), default);
        await session.CreateInstanceAsync(Interop, Make("CIM_IndicationSubscription", ("Filter", filter), ("Handler", destination)), default);
    }

    private static async Task NoPauseAsync(CimSession session)
    {
        CimObjectPath service = await session.EnumerateInstanceNamesAsync(Interop, "CIM_IndicationService", default).SingleAsync();
        CimInstance change = Make("CimHost_IndicationService", ("DeliveryRetryInterval", 0u));
        change.Path = service;
        await session.ModifyInstanceAsync(Interop, change, ["DeliveryRetryInterval"], default);
    }

    private static async Task<IReadOnlyList<string>> SendAsync(CimSession session, string message, int count)
    {
        CimObjectPath service = await session.EnumerateInstanceNamesAsync(Interop, "CIM_IndicationService", default).SingleAsync();
        CimMethodResult result = await session.InvokeMethodAsync(
            Interop,
            service,
            "SendTestIndication",
            new CimNamedList<CimMethodParameter>([new CimMethodParameter("Message", CimType.String, message), new CimMethodParameter("Count", CimType.UInt32, (uint)count)]),
            default);
        return [.. result.OutParameters["IndicationIdentifiers"]!.Value.AsArray<string?>()!.Select(i => i!)];
    }

    private static async Task<uint> QueuedAsync(CimSession session)
    {
        CimInstance status = await session.EnumerateInstancesAsync(Interop, "CimHost_DestinationStatus").SingleAsync();
        return status["QueuedIndications"].TryGetUInt64(out ulong queued) ? (uint)queued : 0;
    }

    private static CimInstance Make(string className, params (string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(new CimClass(className, null, values.Select(v => new CimPropertyDeclaration { Name = v.Name, CimType = v.Value.Type })));
        for (int i = 0; i < values.Length; i++)
        {
            instance[i] = values[i].Value;
        }

        return instance;
    }
}
