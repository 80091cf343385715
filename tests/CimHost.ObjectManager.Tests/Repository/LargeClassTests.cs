using CimHost.ObjectManager.Repository;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Repository;

public sealed class LargeClassTests
{
    private const int Many = 100_000;

    private static async Task<TestHost> FillAsync(int count)
    {
        TestHost host = await TestHost.CreateAsync();
        CimInstance[] instances = [.. Enumerable.Range(0, count).Select(i => host.Make("T_Fan", ("DeviceID", $"fan-{i:D6}"), ("Reading", i)))];
        await host.Repository.ApplyAsync([new SchemaBatch(TestHost.Namespace, [], [], instances)], null, null, default);
        return host;
    }

    [Fact]
    public async Task One_of_a_hundred_thousand_instances_is_found_by_its_key_alone()
    {
        await using TestHost host = await FillAsync(Many);

        CimInstance found = await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "fan-077777"), CimInstanceOptions.Full, default);

        Assert.Equal(77_777, found["Reading"].ToObject());
        await Expect.StatusAsync(CimStatusCode.NotFound, async () => await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "fan-7"), CimInstanceOptions.Full, default));

        // The class was not read for it, and the database goes down its key index.
        Assert.Equal(0, host.Repository.Instances.CachedCount);
        using RepositoryDatabase database = RepositoryDatabase.Open(host.DatabasePath);
        string plan = Assert.Single(database.Read("EXPLAIN QUERY PLAN " + InstanceStore.SelectOne, r => r.GetString(3), TestHost.Namespace, "T_Fan", found.Path!.KeyString));
        Assert.Matches(@"^SEARCH instances USING PRIMARY KEY \(namespace=\? AND class=\? AND key=\?\)$", plan);
        string page = Assert.Single(database.Read("EXPLAIN QUERY PLAN " + InstanceStore.SelectPage, r => r.GetString(3), TestHost.Namespace, "T_Fan", "k", 500));
        Assert.Matches(@"^SEARCH instances USING PRIMARY KEY \(namespace=\? AND class=\? AND key>\?\)$", page);
    }

    [Fact]
    public async Task A_class_too_large_for_memory_is_read_page_by_page_and_whole()
    {
        await using TestHost host = await FillAsync(InstanceStore.MaxCached + 777);

        int next = 0;
        await foreach (CimInstance instance in host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Device", CimInstanceOptions.Full, default))
        {
            Assert.Equal(next++, instance["Reading"].ToObject());
        }

        Assert.Equal(InstanceStore.MaxCached + 777, next);
        Assert.Equal(0, host.Repository.Instances.CachedCount);
    }

    [Fact]
    public async Task Small_classes_are_shared_frozen_objects()
    {
        await using TestHost host = await FillAsync(10);

        CimInstance got = await host.Cim.GetInstanceAsync(TestHost.Namespace, TestHost.Device("T_Fan", "fan-000003"), CimInstanceOptions.Full, default);
        List<CimInstance> first = await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).ToListAsync();
        List<CimInstance> second = await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "T_Fan", CimInstanceOptions.Full, default).ToListAsync();

        // The same objects in every answer: a codec encodes each once and keeps it with the instance.
        Assert.All(first, i => Assert.True(i.IsFrozen));
        Assert.Same(got, first[3]);
        Assert.Equal(first, second, ReferenceEqualityComparer.Instance);
        got.WireForm = "encoded";
        Assert.Equal("encoded", second[3].WireForm);

        // A change gives a new object, without the encoding of the old one.
        await host.Cim.SetPropertyAsync(TestHost.Namespace, got.Path!, "Reading", 99, default);
        CimInstance changed = await host.Cim.GetInstanceAsync(TestHost.Namespace, got.Path!, CimInstanceOptions.Full, default);
        Assert.Null(changed.WireForm);
        Assert.Equal(99, changed["Reading"].ToObject());
        Assert.Equal(3, got["Reading"].ToObject());
    }

    [Fact]
    public async Task The_classes_unused_longest_leave_memory_first()
    {
        string classes = string.Concat(Enumerable.Range(0, 4).Select(i => $"class L_{i} {{ [Key] string Id; }};"));
        await using TestHost host = await TestHost.CreateAsync(classes);
        foreach (int c in Enumerable.Range(0, 4))
        {
            CimInstance[] instances = [.. Enumerable.Range(0, InstanceStore.MaxCached / 3).Select(i => host.Make($"L_{c}", ("Id", $"{i}")))];
            await host.Repository.ApplyAsync([new SchemaBatch(TestHost.Namespace, [], [], instances)], null, null, default);
        }

        foreach (int c in Enumerable.Range(0, 4))
        {
            await host.Cim.GetInstanceAsync(TestHost.Namespace, new CimObjectPath($"L_{c}", "Id", "5"), CimInstanceOptions.Full, default);
        }

        Assert.Equal(3 * (InstanceStore.MaxCached / 3), host.Repository.Instances.CachedCount);
        Assert.Equal(InstanceStore.MaxCached / 3, await host.Cim.EnumerateInstanceNamesAsync(TestHost.Namespace, "L_0", default).CountAsync());
    }

    [Fact]
    public async Task Two_clients_that_set_different_properties_do_not_undo_each_other()
    {
        await using TestHost host = await FillAsync(1);
        CimObjectPath path = TestHost.Device("T_Fan", "fan-000000");

        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => i % 2 == 0
            ? host.Cim.SetPropertyAsync(TestHost.Namespace, path, "Reading", i, default).AsTask()
            : host.Cim.SetPropertyAsync(TestHost.Namespace, path, "Speed", (ulong)i, default).AsTask()));

        CimInstance instance = await host.Cim.GetInstanceAsync(TestHost.Namespace, path, CimInstanceOptions.Full, default);
        Assert.NotEqual(0, instance["Reading"].ToObject());
        Assert.False(instance["Speed"].IsNull);
        Assert.Equal(0, (int)instance["Reading"].ToObject()! % 2);
        Assert.Equal(1UL, (ulong)instance["Speed"].ToObject()! % 2);
    }
}
