using System.Text;
using CimHost.ObjectManager.Indications;
using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Queries of clients (WQL, DSP0202): every text is a query or one of the statuses that DSP0200 names for a wrong one.</summary>
public sealed class WqlFuzz
{
    [Theory]
    [InlineData("WQL")]
    [InlineData("DMTF:CQL")]
    public void Every_text_is_a_query_or_an_invalid_one(string language)
    {
        CimInstance instance = QuerySamples.Instance();
        byte[][] seeds =
        [
            "SELECT * FROM Fuzz_Sample WHERE Text LIKE 'f[a-z]n%_' AND Number = -5"u8.ToArray(),
            "SELECT Text, Codes[1], Inner.Text FROM Fuzz_Sample WHERE NOT (Big >= 18446744073709551615 OR Flag = FALSE)"u8.ToArray(),
            "select * from Fuzz_Sample where Inner ISA 'Fuzz_Sample' and __CLASS = \"x\""u8.ToArray(),
            "SELECT s.Text FROM Fuzz_Sample AS s WHERE s.Letter = 'c' AND s ISA Fuzz_Sample"u8.ToArray(),
            "SELECT s.* FROM Fuzz_Sample s WHERE ANY s.Names IS NOT NULL AND Link = 'X.Id=\"1\"' OR 101b < Real"u8.ToArray(),
            "SELECT Inner.Fuzz_Sample::Text, UPPERCASE(Text) AS Text, 5 AS Number FROM Fuzz_Sample WHERE ANY x IN Names[*] SATISFIES (UPPERCASE(x) = 'ABC' OR x IS NULL)"u8.ToArray(),
            "SELECT * FROM Fuzz_Sample f WHERE EVERY Codes[0..1, 7..] >= 2 + 3 * 4 / 5 AND f.Fuzz_Sample::Number = #'x' AND STRINGTOREAL('1e3') > DATETIMETOMICROSECOND(Time)"u8.ToArray(),
            "SELECT a.Text, b.Number AS Other, a.Codes[0] FROM Fuzz_Sample a, Fuzz_Sample AS b, Fuzz_Sample c WHERE a.Text = b.Text AND b.Link = OBJECTPATH(c) AND a.Number < c.Real ORDER BY a.Number DESC, Other"u8.ToArray(),
            "SELECT FIRST 2 DISTINCT a.Inner AS X, b AS Y, OBJECTPATH(b) AS Z, UPPERCASE(a.Text) AS U, a.Number - 1 AS V FROM Fuzz_Sample a, Fuzz_Sample b WHERE a.Big = b.Text OR a.Names = b.Text ORDER BY b.Names"u8.ToArray(),
            "SELECT * FROM Fuzz_Sample WHERE CLASSNAME(OBJECTPATH(Inner)) = HOSTPORT(Link) OR MICROSECONDTOINTERVAL(Big) < MICROSECONDTOTIMESTAMP(Number) OR CURRENTDATETIME() > DATETIME(Text)"u8.ToArray(),
        ];
        Fuzzer.Run(seeds, input =>
        {
            try
            {
                string text = Encoding.UTF8.GetString(input);
                Selection(SelectQuery.ParseFilter(language, text), instance);
                Results(SelectQuery.Parse(language, text), instance);
            }
            catch (CimException e) when (e.Status is CimStatusCode.InvalidQuery or CimStatusCode.QueryFeatureNotSupported)
            {
                Assert.NotEmpty(e.Message);
            }
        });
    }

    // As a filter for which the instance is an indication.
    private static void Selection(SelectQuery query, CimInstance instance)
    {
        QueryBinding binding = Bind(query, instance.CimClass);
        var row = new QueryRow([.. query.Sources.Select((_, i) => i == 0 ? instance : null)]);
        query.Matches(row);
        Assert.True(query.Sources.Count > 1 || query.Matches(instance) == query.Matches(row));
        new FilterSelection(query, 0, binding).Of(instance, row);
    }

    // As a query for whose classes there are two instances each: the one given, and one of nothing but NULL.
    private static void Results(SelectQuery query, CimInstance instance)
    {
        var results = new QueryResults(query, Bind(query, instance.CimClass));
        var join = new QueryJoin(query);
        CimInstance[] both = [instance, new CimInstance(instance.CimClass)];
        List<CimInstance>[] instances = [.. query.Sources.Select((_, i) => both.Where(one => join.Admits(i, one)).ToList())];
        foreach (CimInstance result in results.ReadAsync(join.Rows(instances, default).ToAsyncEnumerable(), default).ToBlockingEnumerable())
        {
            Assert.True(result.Count <= results.Class.CimClassProperties.Count);
        }
    }

    private static QueryBinding Bind(SelectQuery query, CimClass cimClass)
    {
        CimClass? Find(string name) => string.Equals(name, cimClass.ClassName, StringComparison.OrdinalIgnoreCase) ? cimClass : null;
        var binding = new QueryBinding(query.FindClasses("root/cimv2", Find), Find);
        query.Bind(binding);
        return binding;
    }
}
