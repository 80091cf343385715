using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Query;

public sealed class QueryTests
{
    private const string Mof = """
        class Q_Base { [Key] string Id; string Text; sint32 Number; uint64 Big; real64 Real; boolean Flag; datetime Time; uint16 Codes[]; string Names[]; [ValueMap{"2", "7"}, Values{"Low", "High"}] uint16 Level; [EmbeddedInstance("Q_Base")] string Inner; };
        class Q_Low : Q_Base { uint8 Own; };
        """;

    private static async Task<TestHost> FilledAsync()
    {
        TestHost host = await TestHost.CreateAsync(Mof);
        await host.AddAsync(
            "Q_Base", ("Id", "a"), ("Text", "Fan 1"), ("Number", -5), ("Big", ulong.MaxValue), ("Real", 0.5), ("Flag", true), ("Time", CimDateTime.Parse("20261122080000.000000+000")),
            ("Codes", new ushort[] { 2, 5 }), ("Names", new[] { "x", "y" }), ("Inner", host.Make("Q_Low", ("Id", "i"), ("Text", "inside"))));
        await host.AddAsync("Q_Low", ("Id", "b"), ("Text", "fan_2"), ("Number", 7), ("Big", 1UL), ("Real", 1e10), ("Flag", false), ("Codes", new ushort[] { 3 }), ("Names", Array.Empty<string>()), ("Level", (ushort)7), ("Own", (byte)1));
        await host.AddAsync("Q_Low", ("Id", "c"), ("Text", "100% it's"), ("Number", 7));
        return host;
    }

    private static async Task<string> SelectAsync(TestHost host, string language, string query) =>
        string.Concat(await host.Cim.QueryInstancesAsync(TestHost.Namespace, language, query, default).Select(i => i.Path!["Id"].AsString()).Order().ToListAsync());

    private static async Task<string> FilterAsync(TestHost host, string filter) => string.Concat(
        await host.Cim.EnumerateInstancesAsync(TestHost.Namespace, "Q_Base", new CimInstanceOptions { FilterLanguage = "DMTF:FQL", Filter = filter }, default).Select(i => i.Path!["Id"].AsString()).Order().ToListAsync());

    [Theory]
    [InlineData("SELECT * FROM Q_Base", "abc")]
    [InlineData("select * from q_low", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Number = 7", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Number <> 7", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Number != 7", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Number < 0 OR Real = 1e10", "ab")]
    [InlineData("SELECT * FROM Q_Base WHERE 7 <= Number AND NOT Id = 'b'", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE NOT (Id = 'a' OR Id = \"b\")", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE Id = 'a' OR Id = 'b' AND Number = 0", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE (Id = 'a' OR Id = 'b') AND Number = 0", "")]
    [InlineData("SELECT * FROM Q_Base WHERE Big = 18446744073709551615", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Big > 0xFFFF", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Number = 111b", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Real >= .5 AND Real < 1.5e0", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Number = -5", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Text = 'FAN 1'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Flag = TRUE", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Flag = false", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE Time > '20260101000000.000000+000'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Time = '20261122090000.000000+060'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Text LIKE 'fan%'", "ab")]
    [InlineData("SELECT * FROM Q_Base WHERE Text LIKE 'fan__'", "ab")]
    [InlineData("SELECT * FROM Q_Base WHERE Text LIKE 'fan[_]_'", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE Text LIKE 'fan[^_]_'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Text LIKE '100[%]%'", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE Text NOT LIKE 'fan%'", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE Text = '100% it\\'s'", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE Big IS NULL", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE Big IS NOT NULL", "ab")]
    [InlineData("SELECT * FROM Q_Base WHERE Big = NULL", "c")]
    [InlineData("SELECT * FROM Q_Base WHERE NULL <> Big", "ab")]
    [InlineData("SELECT * FROM Q_Base WHERE Big < 5 OR NOT Big < 5", "ab")]
    [InlineData("SELECT * FROM Q_Base WHERE Codes = 5", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Codes[0] = 3", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE Codes[9] = 3", "")]
    [InlineData("SELECT * FROM Q_Base WHERE Inner.Text = 'Inside'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Inner.Nothing = 1", "")]
    [InlineData("SELECT * FROM Q_Base WHERE Inner ISA 'Q_Low'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Inner ISA Q_Base", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Inner ISA 'Q_Other'", "")]
    [InlineData("SELECT * FROM Q_Base WHERE __CLASS = 'q_low'", "bc")]
    public async Task WQL_selects(string query, string ids)
    {
        await using TestHost host = await FilledAsync();

        Assert.Equal(ids, await SelectAsync(host, "WQL", query));
    }

    [Theory]
    [InlineData("SELECT * FROM Q_Base WHERE Text = 'Fan 1'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Text = 'FAN 1'", "")]
    [InlineData("SELECT Q_Base.Id FROM Q_Base WHERE Q_Base.Number = 7", "bc")]
    [InlineData("SELECT q.* FROM Q_Base AS q WHERE q.Text LIKE 'fan_.'", "b")]
    [InlineData("SELECT q.Id FROM Q_Base q WHERE q ISA Q_Low AND q.Big = 1", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE ANY Codes = 5", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Q_Base ISA Q_Low", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Inner.Q_Low::Text = 'inside'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Q_Low::Own = 1", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE Q_Low::Own IS NULL", "ac")]
    [InlineData("SELECT * FROM Q_Base WHERE ANY x IN Codes SATISFIES (x > 4)", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE EVERY x IN Codes[*] SATISFIES (x > 2 AND x < 4)", "b")]
    [InlineData("SELECT * FROM Q_Base q WHERE ANY x IN q.Names SATISFIES (UPPERCASE(x) = 'Y')", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE NOT ANY x IN Codes SATISFIES (ANY y IN Names SATISFIES (x = 2 AND y = 'x'))", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE ANY Codes[1..] = 5", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE ANY Codes[0, 7..9] = 5", "")]
    [InlineData("SELECT * FROM Q_Base WHERE UPPERCASE(Text) = 'FAN 1'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE NUMERICTOSTRING(Number) LIKE '-.'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE STRINGTOUINT('0x1F') = Number + 24", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Number * 2 + 1 = 15", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Number / 2 = 3.5", "bc")]
    [InlineData("SELECT * FROM Q_Base WHERE Number - 1 - 1 = -7", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE DATETIME('20200101000000.000000+000') < CURRENTDATETIME()", "abc")]
    [InlineData("SELECT * FROM Q_Base WHERE Time > DATETIME('20260101000000.000000+000')", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE MICROSECONDTOTIMESTAMP(DATETIMETOMICROSECOND(Time)) = Time", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE MICROSECONDTOINTERVAL(1000000) = '00000000000001.000000:000' AND Flag", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE CLASSNAME() = 'Q_Low'", "bc")]
    [InlineData("SELECT * FROM Q_Base q WHERE CLASSNAME(q.Inner) = 'Q_Low'", "a")]
    [InlineData("SELECT * FROM Q_Base WHERE Level = #'High'", "b")]
    [InlineData("SELECT * FROM Q_Base WHERE Level <> Q_Base.Level#'High' OR Level IS NULL", "ac")]
    public async Task CQL_selects(string query, string ids)
    {
        await using TestHost host = await FilledAsync();

        Assert.Equal(ids, await SelectAsync(host, "DMTF:CQL", query));
    }

    [Theory]
    [InlineData("Number = 7 AND Big IS NULL", "c")]
    [InlineData("Text LIKE 'Fan.*'", "a")]
    [InlineData("Text LIKE '[Ff]an.+'", "ab")]
    [InlineData("Text LIKE '(Fan 1|100% .*)'", "ac")]
    [InlineData("Text LIKE 'an'", "")]
    [InlineData("Text = 'fan 1'", "")]
    [InlineData("ANY Codes = 5", "a")]
    [InlineData("EVERY Codes > 2", "b")]
    [InlineData("ANY Names LIKE 'y'", "a")]
    [InlineData("EVERY Names = 'z'", "b")]
    [InlineData("NOT ANY Names = 'x'", "b")]
    [InlineData("Flag", "a")]
    [InlineData("NOT Flag", "b")]
    [InlineData("Inner.Text = 'inside'", "a")]
    [InlineData("Real > 1", "b")]
    public async Task FQL_filters(string filter, string ids)
    {
        await using TestHost host = await FilledAsync();

        Assert.Equal(ids, await FilterAsync(host, filter));
    }

    [Fact]
    public async Task A_select_list_cuts_the_instances()
    {
        await using TestHost host = await FilledAsync();

        List<CimInstance> all = await host.Cim.QueryInstancesAsync(TestHost.Namespace, "wql", "SELECT number, Text FROM Q_Base WHERE Id = 'b'", default).ToListAsync();

        Assert.Equal(["Number", "Text"], Assert.Single(all).CimClass.CimClassProperties.Select(p => p.Name));
        Assert.Equal("root/cimv2:Q_Low.Id=\"b\"", all[0].Path!.ToString());
    }

    [Theory]
    [InlineData("WQL", "SELECT * FROM Q_None", CimStatusCode.InvalidQuery, "Q_None")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Colour = 1", CimStatusCode.InvalidQuery, "Character 28")]
    [InlineData("WQL", "SELECT Colour FROM Q_Base", CimStatusCode.InvalidQuery, "Character 8")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE", CimStatusCode.InvalidQuery, "the end of the query")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Id", CimStatusCode.InvalidQuery, "expected =")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Id = 'a", CimStatusCode.InvalidQuery, "has no end")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Id = 'a')", CimStatusCode.InvalidQuery, "AND, OR or the end")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE 1 = 1", CimStatusCode.InvalidQuery, "a property on one side")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Id = 1x", CimStatusCode.InvalidQuery, "a number")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Number < NULL", CimStatusCode.InvalidQuery, "NULL")]
    [InlineData("WQL", "SELECT * FROM Q_Base WHERE Id LIKE 5", CimStatusCode.InvalidQuery, "a pattern")]
    [InlineData("WQL", "DELETE FROM Q_Base", CimStatusCode.InvalidQuery, "expected SELECT")]
    [InlineData("WQL", "SELECT * FROM Q_Base; DROP", CimStatusCode.InvalidQuery, "';'")]
    [InlineData("WQL", "SELECT * FROM Q_Base, Q_Low", CimStatusCode.InvalidQuery, "Character 21")]
    [InlineData("WQL", "SELECT * FROM Q_Base ORDER BY Id", CimStatusCode.InvalidQuery, "Character 22")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base, Q_Low", CimStatusCode.InvalidQuery, "Character 23 of the query: two columns of the result are named Id")]
    [InlineData("DMTF:CQL", "SELECT a.Id, b.Id FROM Q_Base a, Q_Low b", CimStatusCode.InvalidQuery, "Character 16 of the query: two columns")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_Low a", CimStatusCode.InvalidQuery, "Character 34 of the query: there are two a in FROM")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_None b", CimStatusCode.InvalidQuery, "Character 28 of the query: there is no class Q_None")]
    [InlineData("DMTF:CQL", "SELECT Id FROM Q_Base a, Q_Low b", CimStatusCode.InvalidQuery, "Character 8 of the query: both Q_Base and Q_Low")]
    [InlineData("DMTF:CQL", "SELECT Colour FROM Q_Base a, Q_Low b", CimStatusCode.InvalidQuery, "Character 8 of the query: none of the classes")]
    [InlineData("DMTF:CQL", "SELECT Q_Base.Id FROM Q_Base a, Q_Base b", CimStatusCode.InvalidQuery, "Character 8 of the query: the query selects from Q_Base more than once")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_Low b WHERE Q_Low::Own = 1", CimStatusCode.InvalidQuery, "Character 49")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_Low b WHERE a.Colour = 1", CimStatusCode.InvalidQuery, "Character 44")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_Low b WHERE a = b.Id", CimStatusCode.InvalidQuery, "Character 42 of the query: a is an instance")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_Low b WHERE CLASSNAME() = 'x'", CimStatusCode.InvalidQuery, "Character 42 of the query: in a query over several classes")]
    [InlineData("DMTF:CQL", "SELECT a.Id FROM Q_Base a, Q_Base b, Q_Base c, Q_Base d, Q_Base e", CimStatusCode.QueryFeatureNotSupported, "Character 56")]
    [InlineData("DMTF:CQL", "SELECT FIRST 0 * FROM Q_Base", CimStatusCode.InvalidQuery, "Character 14")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base ORDER Id", CimStatusCode.InvalidQuery, "expected BY")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base ORDER BY Colour", CimStatusCode.InvalidQuery, "Character 31")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base ORDER BY Id, Id DESC Text", CimStatusCode.InvalidQuery, "Character 43")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base ORDER BY Id, Id, Id, Id, Id, Id, Id, Id, Id", CimStatusCode.QueryFeatureNotSupported, "Character 61")]
    [InlineData("DMTF:CQL", "SELECT Inner.Own AS Own FROM Q_Base", CimStatusCode.InvalidQuery, "Character 14")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE Inner.Q_Low::Colour = 1", CimStatusCode.InvalidQuery, "Character 41")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE Inner.Q_None::Text = 1", CimStatusCode.InvalidQuery, "Character 34")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE Inner ISA Q_None", CimStatusCode.InvalidQuery, "Character 38")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE SQUARE(Number) = 1", CimStatusCode.InvalidQuery, "no function SQUARE")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE UPPERCASE(Text, Text) = 'A'", CimStatusCode.InvalidQuery, "takes 1 arguments")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE MAX(Number) = 1", CimStatusCode.QueryFeatureNotSupported, "MAX")]
    [InlineData("DMTF:CQL", "SELECT 1 FROM Q_Base", CimStatusCode.InvalidQuery, "expected AS")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE Level = #'Middle'", CimStatusCode.InvalidQuery, "Character 37")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE ANY x IN Codes SATISFIES x = 1", CimStatusCode.InvalidQuery, "expected '('")]
    [InlineData("DMTF:CQL", "SELECT * FROM Q_Base WHERE Codes[2..x] = 1", CimStatusCode.InvalidQuery, "an array index")]
    [InlineData("SQL", "SELECT * FROM Q_Base", CimStatusCode.QueryLanguageNotSupported, "SQL")]
    [InlineData("", "SELECT * FROM Q_Base", CimStatusCode.QueryLanguageNotSupported, "WQL")]
    public async Task A_wrong_query_is_told_with_the_place(string language, string query, CimStatusCode status, string words)
    {
        await using TestHost host = await FilledAsync();

        await Expect.StatusAsync(status, async () => await SelectAsync(host, language, query), words);
    }

    [Fact]
    public async Task Queries_are_bounded_in_length_depth_and_comparisons()
    {
        await using TestHost host = await FilledAsync();
        async Task Refused(string condition, string words) =>
            await Expect.StatusAsync(CimStatusCode.InvalidQuery, async () => await SelectAsync(host, "WQL", "SELECT * FROM Q_Base WHERE " + condition), words);

        await Refused(new string('(', 65) + "Id='a'" + new string(')', 65), "nested deeper");
        await Refused(string.Join(" OR ", Enumerable.Repeat("Id='a'", 1001)), "1000 comparisons");
        await Refused("Id = '" + new string('x', 17_000) + "'", "characters");
        await Refused("Text LIKE '" + new string('%', 1100) + "'", "longer than");
        string cql = "SELECT * FROM Q_Base WHERE ";
        await Expect.StatusAsync(CimStatusCode.InvalidQuery, async () => await SelectAsync(host, "CQL", cql + string.Concat(Enumerable.Repeat("UPPERCASE(", 70)) + "Id" + new string(')', 70) + " = 'A'"), "nested deeper");
        await Expect.StatusAsync(CimStatusCode.InvalidQuery, async () => await SelectAsync(host, "CQL", cql + "Number" + string.Concat(Enumerable.Repeat(" + 1", 70)) + " = 1"), "operators");
        await Refused("Inner" + string.Concat(Enumerable.Repeat(".Inner", 100)) + " IS NULL", "parts");
        Assert.Equal("abc", await SelectAsync(host, "WQL", "SELECT * FROM Q_Base WHERE " + string.Join(" OR ", Enumerable.Repeat("Id LIKE '%'", 900))));
    }

    [Theory]
    [InlineData("Text LIKE '(a+)+$'")]
    [InlineData("Text LIKE '(.*)*x'")]
    public async Task A_pattern_that_would_explode_elsewhere_runs_in_linear_time(string filter)
    {
        await using TestHost host = await FilledAsync();
        await host.Cim.SetPropertyAsync(TestHost.Namespace, new CimObjectPath("Q_Base", "Id", "a"), "Text", new string('a', 20_000) + "!", default);

        Assert.Equal("", await FilterAsync(host, filter));
    }
}
