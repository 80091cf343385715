using System.Runtime.CompilerServices;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Tests.Query;

/// <summary>Queries over several classes, their columns, DISTINCT, FIRST and ORDER BY.</summary>
public sealed class JoinTests
{
    private const string Mof = """
        class J_Disk { [Key] string Id; uint32 Size; string Vendor; string Note; boolean Works; uint16 Codes[]; };
        class J_Fast : J_Disk { uint8 Own; };
        [Association] class J_Extent { [Key] string Name; uint64 Size; string Vendor; J_Disk REF Home; J_Disk REF Spare; real64 Ratio; };
        [Association] class J_On { [Key] J_Disk REF Antecedent; [Key] J_Extent REF Dependent; };
        """;

    private static async Task<TestHost> FilledAsync()
    {
        TestHost host = await TestHost.CreateAsync(Mof);
        CimObjectPath a = await host.AddAsync("J_Disk", ("Id", "a"), ("Size", 10u), ("Vendor", "x"), ("Codes", new ushort[] { 3, 4 }));
        CimObjectPath b = await host.AddAsync("J_Fast", ("Id", "b"), ("Size", 20u), ("Vendor", "y"), ("Own", (byte)7));
        await host.AddAsync("J_Disk", ("Id", "c"), ("Size", 20u), ("Vendor", "x"));
        CimObjectPath one = await host.AddAsync("J_Extent", ("Name", "one"), ("Size", 10ul), ("Home", a));
        CimObjectPath two = await host.AddAsync("J_Extent", ("Name", "two"), ("Size", 20ul), ("Vendor", "x"), ("Home", b));
        await host.AddAsync("J_On", ("Antecedent", a), ("Dependent", one));
        await host.AddAsync("J_On", ("Antecedent", b), ("Dependent", two));
        return host;
    }

    private static async Task<List<string>> RowsAsync(TestHost host, string query) =>
        await host.Cim.QueryInstancesAsync(TestHost.Namespace, "DMTF:CQL", query, default).Select(i => string.Join(' ', i.Values.ToArray())).ToListAsync();

    [Theory]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_On m, J_Extent AS e WHERE m.Antecedent = OBJECTPATH(d) AND m.Dependent = OBJECTPATH(e)", "a one|b two")]
    [InlineData("SELECT J_Disk.Id, Name FROM J_Disk, J_On, J_Extent WHERE OBJECTPATH(J_Disk) = Antecedent AND OBJECTPATH(J_Extent) = Dependent", "a one|b two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE d.Size = e.Size", "a one|b two|c two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE d.Size < e.Size", "a two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e", "a one|a two|b one|b two|c one|c two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE d ISA J_Fast", "b one|b two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE e.Home ISA J_Fast AND e.Home = OBJECTPATH(d)", "b two")]
    [InlineData("SELECT d.Id, d.J_Fast::Own, e.Name FROM J_Disk d, J_Extent e WHERE e.Home = OBJECTPATH(d)", "a NULL one|b 7 two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE d.Vendor = e.Vendor", "a two|c two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE e.Name = 'one' OR d.Id = 'c'", "a one|b one|c one|c two")]
    [InlineData("SELECT p.Id AS First, q.Id AS Second FROM J_Disk p, J_Disk q WHERE p.Vendor = q.Vendor AND p.Id < q.Id", "a c")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE REFERENCETOSTRING(OBJECTPATH(d)) = e.Home", "a one|b two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE e.Home = REFERENCETOSTRING(OBJECTPATH(d))", "a one|b two")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE d.Codes = 3 AND e.Home = OBJECTPATH(d)", "a one")]
    [InlineData("SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE CURRENTDATETIME() < DATETIME('20200101000000.000000+000')", "")]
    public async Task A_join_gives_the_rows_that_meet_its_condition(string query, string rows)
    {
        await using TestHost host = await FilledAsync();

        Assert.Equal(rows, string.Join('|', (await RowsAsync(host, query)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_rows_of_a_join_are_instances_of_a_class_without_keys_with_the_columns_in_their_order()
    {
        await using TestHost host = await FilledAsync();
        const string Query = "SELECT e.*, d.Size * 2 AS Twice, UPPERCASE(d.Vendor) AS Maker, d.Codes[1] AS Code, d AS Disk, OBJECTPATH(d) AS Path, 'text' AS Word FROM J_Disk d, J_Extent e WHERE e.Home = OBJECTPATH(d) AND d.Id = 'a'";

        CimInstance row = Assert.Single(await host.Cim.QueryInstancesAsync(TestHost.Namespace, "DMTF:CQL", Query, default).ToListAsync());
        CimClass told = await host.Cim.GetQueryResultClassAsync(TestHost.Namespace, "DMTF:CQL", Query, default);

        Assert.Null(row.Path);
        Assert.Equal("CimHost_QueryResult", row.ClassName);
        Assert.DoesNotContain(row.CimClass.CimClassProperties, p => p.IsKey);
        string[] columns = ["Name string", "Size uint64", "Vendor string", "Home reference", "Spare reference", "Ratio real64", "Twice sint64", "Maker string", "Code uint16", "Disk instance", "Path reference", "Word string"];
        Assert.Equal(columns, row.CimClass.CimClassProperties.Select(p => $"{p.Name} {p.CimType.ElementName()}"));
        Assert.Equal(columns, told.CimClassProperties.Select(p => $"{p.Name} {p.CimType.ElementName()}"));
        Assert.Equal((20L, "X", (ushort)4, "a"), (row["Twice"], row["Maker"], row["Code"], row["Disk"].AsInstance()!["Id"].AsString()));
        Assert.Equal("root/cimv2:J_Disk.Id=\"a\"", row["Path"].AsReference()!.ToString());
    }

    [Theory]
    [InlineData("SELECT Id AS Name, 1 AS One FROM J_Disk WHERE Size = 10", "a 1")]
    [InlineData("SELECT Codes[0] FROM J_Disk WHERE Id = 'a'", "3")]
    [InlineData("SELECT Size + 1 AS More FROM J_Disk WHERE Id = 'a'", "11")]
    [InlineData("SELECT DISTINCT Vendor FROM J_Disk ORDER BY Vendor", "x|y")]
    [InlineData("SELECT DISTINCT Vendor, Size FROM J_Disk ORDER BY Vendor DESC, Size DESC", "y 20|x 20|x 10")]
    [InlineData("SELECT DISTINCT d.Vendor FROM J_Disk d, J_Extent e ORDER BY d.Vendor", "x|y")]
    [InlineData("SELECT Id FROM J_Disk ORDER BY Size DESC, Id DESC", "c|b|a")]
    [InlineData("SELECT Id FROM J_Disk ORDER BY Size ASC, Id", "a|b|c")]
    [InlineData("SELECT FIRST 2 Id FROM J_Disk ORDER BY Id DESC", "c|b")]
    [InlineData("SELECT FIRST 1 DISTINCT Vendor FROM J_Disk ORDER BY Vendor DESC", "y")]
    [InlineData("SELECT Vendor, Name FROM J_Extent ORDER BY Vendor", "NULL one|x two")]
    [InlineData("SELECT Vendor, Name FROM J_Extent ORDER BY Vendor DESC", "x two|NULL one")]
    [InlineData("SELECT Id, Size * 2 AS Twice FROM J_Disk ORDER BY Twice DESC, Id", "b 40|c 40|a 20")]
    [InlineData("SELECT Id FROM J_Disk ORDER BY OBJECTPATH(J_Disk)", "a|c|b")]
    public async Task Results_have_columns_and_an_order(string query, string rows)
    {
        await using TestHost host = await FilledAsync();

        Assert.Equal(rows, string.Join('|', await RowsAsync(host, query)));
    }

    [Fact]
    public async Task FIRST_without_an_order_ends_the_query()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);
        host.AddProvider(new FakeProvider(ThreeThenNothingAsync), "J_Disk");

        Assert.Equal(2, (await RowsAsync(host, "SELECT FIRST 2 Id FROM J_Disk")).Count);

        static async IAsyncEnumerable<CimInstance> ThreeThenNothingAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken token)
        {
            for (int i = 0; i < 3; i++)
            {
                CimInstance disk = request.NewInstance();
                disk["Id"] = $"{i}";
                yield return disk;
            }

            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Fact]
    public async Task Ordered_instances_keep_their_paths()
    {
        await using TestHost host = await FilledAsync();

        List<CimInstance> all = await host.Cim.QueryInstancesAsync(TestHost.Namespace, "DMTF:CQL", "SELECT Vendor FROM J_Disk ORDER BY Id DESC", default).ToListAsync();

        Assert.Equal(["J_Disk.Id=\"c\"", "J_Fast.Id=\"b\"", "J_Disk.Id=\"a\""], all.Select(i => i.Path!.WithNamespace(null).ToString()));
    }

    [Fact]
    public async Task What_can_be_joined_is_told_before_the_error_of_a_class()
    {
        await using TestHost host = await FilledAsync();
        host.AddProvider(FakeProvider.Failing(() => CimException.Failed("The controller does not answer.")), "J_Fast");

        (List<CimInstance> rows, CimException? error) = await Expect.ReadAsync(host.Cim.QueryInstancesAsync(
            TestHost.Namespace, "DMTF:CQL", "SELECT d.Id, e.Name FROM J_Disk d, J_Extent e WHERE e.Home = OBJECTPATH(d) ORDER BY d.Id", default));

        Assert.Equal("a one", string.Join(' ', rows[0].Values.ToArray()));
        Assert.Contains("does not answer", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_join_is_bounded_in_the_combinations_that_it_tries()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);
        host.AddProvider(Telling(Enumerable.Range(0, 1500).Select(i => (Dictionary<string, CimValue>)new() { ["Id"] = $"{i}", ["Size"] = (uint)i })), "J_Disk");

        await Expect.StatusAsync(
            CimStatusCode.ServerLimitsExceeded, async () => await RowsAsync(host, "SELECT a.Id FROM J_Disk a, J_Disk b WHERE a.Size > b.Size AND a.Id = 'none at all' OR a.Size + b.Size = 1"), "combinations");
        Assert.Equal(1500, (await RowsAsync(host, "SELECT a.Id FROM J_Disk a, J_Disk b, J_Disk c WHERE a.Size = b.Size AND c.Id = b.Id")).Count);
    }

    [Fact]
    public async Task A_join_is_bounded_in_the_instances_of_a_class_and_takes_those_that_its_conditions_leave()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);
        host.AddProvider(Telling(Enumerable.Range(0, 50_001).Select(i => (Dictionary<string, CimValue>)new() { ["Id"] = $"{i}", ["Size"] = (uint)i })), "J_Disk");

        (_, CimException? error) = await Expect.ReadAsync(host.Cim.QueryInstancesAsync(TestHost.Namespace, "CQL", "SELECT a.Id FROM J_Disk a, J_Extent e", default));
        Assert.Equal(CimStatusCode.ServerLimitsExceeded, error?.Status);
        Assert.Contains("Character 18 of the query: a join takes at most 50000 instances of J_Disk", error!.Message, StringComparison.Ordinal);
        Assert.Equal(["7"], await RowsAsync(host, "SELECT a.Id FROM J_Disk a, J_Disk b WHERE a.Size < 10 AND b.Size = 7 AND a.Id = b.Id"));
    }

    // Conditions in CQL and, for the expected result, by hand.
    private static readonly (string Cql, Func<CimInstance, CimInstance, CimInstance, bool> Holds)[] s_conditions =
    [
        ("m.Antecedent = OBJECTPATH(d)", (d, m, _) => m["Antecedent"].AsReference()!["Id"] == d["Id"]),
        ("OBJECTPATH(e) = m.Dependent", (_, m, e) => m["Dependent"].AsReference()!["Name"] == e["Name"]),
        ("d.Size = e.Size", (d, _, e) => Number(d["Size"]) is { } a && a == Number(e["Size"])),
        ("d.Size < e.Size", (d, _, e) => Number(d["Size"]) < Number(e["Size"])),
        ("d.Size = e.Ratio", (d, _, e) => Number(d["Size"]) is { } a && a == Number(e["Ratio"])),
        ("d.Note = e.Size", (d, _, e) => d["Note"].AsString() is { } note && Number(e["Size"]) is { } size && note.Trim() == $"{size}"),
        ("e.Ratio = d.Note", (d, _, e) => d["Note"].AsString() is { } note && Number(e["Ratio"]) is { } ratio && note.Trim() == $"{ratio}"),
        ("d.Vendor = e.Vendor", (d, _, e) => d["Vendor"].AsString() is { } vendor && vendor == e["Vendor"].AsString()),
        ("d.Vendor <> e.Vendor", (d, _, e) => d["Vendor"].AsString() is { } one && e["Vendor"].AsString() is { } other && one != other),
        ("NOT d.Works", (d, _, _) => !d["Works"].IsNull && !d["Works"].AsBoolean()),
        ("(e.Vendor IS NULL OR d.Vendor = 'x')", (d, _, e) => e["Vendor"].IsNull || d["Vendor"].AsString() == "x"),
        ("(m.Antecedent = OBJECTPATH(d) OR e.Size = 1)", (d, m, e) => m["Antecedent"].AsReference()!["Id"] == d["Id"] || Number(e["Size"]) == 1),
        ("e.Home = REFERENCETOSTRING(OBJECTPATH(d))", (d, _, e) => e["Home"].AsReference() is { } home && home["Id"] == d["Id"]),
        ("e.Home = m.Antecedent", (_, m, e) => e["Home"].AsReference() is { } home && home["Id"] == m["Antecedent"].AsReference()!["Id"]),
    ];

    [Fact]
    public async Task A_join_over_random_data_equals_three_loops()
    {
        var random = new Random(20261127);
        int rows = 0;
        for (int round = 0; round < 12; round++)
        {
            await using TestHost host = await TestHost.CreateAsync(Mof);
            List<CimInstance> disks = Random(host, "J_Disk", random.Next(1, 12), i => [("Id", $"{i}"), ("Size", Maybe((uint)random.Next(4))), ("Vendor", Maybe(random.Next(2) == 0 ? "x" : "y")), ("Note", Maybe($"{random.Next(4)}")), ("Works", Maybe(random.Next(2) == 0))]);
            List<CimInstance> extents = Random(host, "J_Extent", random.Next(1, 12), i => [("Name", $"{i}"), ("Size", Maybe((ulong)random.Next(4))), ("Vendor", Maybe(random.Next(2) == 0 ? "x" : "y")), ("Ratio", Maybe((double)random.Next(3))), ("Home", Maybe(Pick(disks).Path!))]);
            List<CimInstance> ties = Random(host, "J_On", random.Next(1, 20), _ => [("Antecedent", Pick(disks).Path!), ("Dependent", Pick(extents).Path!)]);
            foreach ((string name, List<CimInstance> instances) in ((string, List<CimInstance>)[])[("J_Disk", disks), ("J_Extent", extents), ("J_On", ties)])
            {
                host.AddProvider(new FakeProvider((_, _) => instances.ToAsyncEnumerable()), name);
            }

            for (int i = 0; i < 40; i++)
            {
                (string Cql, Func<CimInstance, CimInstance, CimInstance, bool> Holds)[] chosen = [.. s_conditions.OrderBy(_ => random.Next()).Take(random.Next(1, 5))];
                string query = "SELECT d.Id, m.Antecedent, m.Dependent, e.Name FROM J_Disk d, J_On m, J_Extent e WHERE " + string.Join(" AND ", chosen.Select(c => c.Cql));
                List<string> expected = [];
                foreach (CimInstance d in disks)
                {
                    foreach (CimInstance m in ties)
                    {
                        expected.AddRange(extents.Where(e => chosen.All(c => c.Holds(d, m, e))).Select(e => $"{d["Id"]} {m["Antecedent"]} {m["Dependent"]} {e["Name"]}"));
                    }
                }

                List<string> found = await RowsAsync(host, query);
                Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)), $"{query}: expected {expected.Count} rows, found {found.Count}");
                rows += found.Count;
            }
        }

        Assert.True(rows > 1000, $"The queries found {rows} rows, which is too few to say anything.");

        CimValue Maybe(CimValue value) => random.Next(5) == 0 ? default : value;
        CimInstance Pick(List<CimInstance> list) => list[random.Next(list.Count)];
    }

    private static decimal? Number(CimValue value) => value.TryGetDouble(out double number) ? (decimal)number : null;

    private static List<CimInstance> Random(TestHost host, string className, int count, Func<int, (string, CimValue)[]> values) =>
        [.. Enumerable.Range(0, count).Select(i => host.Make(className, values(i)).Freeze()).DistinctBy(i => i.Path!.ToString())];

    private static FakeProvider Telling(IEnumerable<Dictionary<string, CimValue>> all) => new((request, _) => all.Select(values =>
    {
        CimInstance instance = request.NewInstance();
        foreach ((string name, CimValue value) in values)
        {
            instance[name] = value;
        }

        return instance;
    }).ToAsyncEnumerable());
}
