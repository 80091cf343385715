using System.Text;
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
        ];
        Fuzzer.Run(seeds, input =>
        {
            try
            {
                SelectQuery query = SelectQuery.Parse(language, Encoding.UTF8.GetString(input));
                query.Bind(instance.CimClass);
                query.Matches(instance);
                instance.Project(instance.CimClass.Project(query.PropertyList));
            }
            catch (CimException e) when (e.Status is CimStatusCode.InvalidQuery or CimStatusCode.QueryFeatureNotSupported)
            {
                Assert.NotEmpty(e.Message);
            }
        });
    }
}
