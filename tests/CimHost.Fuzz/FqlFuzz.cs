using System.Text;
using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Filters of clients (DSP0212): every text is a filter or CIM_ERR_INVALID_QUERY, and a filter answers for every instance.</summary>
public sealed class FqlFuzz
{
    [Fact]
    public void Every_text_is_a_filter_or_an_invalid_query()
    {
        CimInstance instance = QuerySamples.Instance();
        byte[][] seeds =
        [
            "Text = 'fan' AND NOT (Number <= -5 OR Real > 1.5e3)"u8.ToArray(),
            "ANY Codes = 2 AND EVERY Names LIKE '(a|b).*[c-f]+'"u8.ToArray(),
            "Inner.Text IS NOT NULL AND Codes[1] <> 0x1F"u8.ToArray(),
            "Flag OR Time >= '20261122080000.000000+000'"u8.ToArray(),
            "Text NOT LIKE '\\\\(x\\\\)' AND NULL <> Number"u8.ToArray(),
        ];
        Fuzzer.Run(seeds, input =>
        {
            try
            {
                InstanceFilter.Create("DMTF:FQL", Encoding.UTF8.GetString(input), instance.CimClass)?.Matches(instance);
            }
            catch (CimException e) when (e.Status == CimStatusCode.InvalidQuery)
            {
                Assert.NotEmpty(e.Message);
            }
        });
    }
}
