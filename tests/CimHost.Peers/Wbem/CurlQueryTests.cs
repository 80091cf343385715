using System.Xml.Linq;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>ExecQuery with CQL through curl: wbemcli has no queries.</summary>
[Collection(WbemHostCollection.Name)]
public sealed class CurlQueryTests(WbemHost shared)
{
    [PeerFact("curl", "wbemcli")]
    public async Task A_join_answers_with_rows_that_have_no_path()
    {
        XDocument answer = await QueryAsync(
            "SELECT p.Id AS Holder, d.Id, h.Slot, d.Blocks, OBJECTPATH(d) AS Path FROM TEST_Part p, TEST_Holds h, TEST_Disk AS d WHERE h.Holder = OBJECTPATH(p) AND h.Held = OBJECTPATH(d) ORDER BY d.Id DESC");

        XElement[] rows = [.. answer.Descendants("VALUE.OBJECT").Select(o => o.Elements().Single())];
        Assert.Equal(["shelf disk2 2 18446744073709551615", "shelf disk1 1 18446744073709551614"], rows.Select(r => string.Join(' ', r.Elements("PROPERTY").Select(p => p.Value))));
        Assert.Equal(["Holder string", "Id string", "Slot uint8", "Blocks uint64"], rows[0].Elements("PROPERTY").Select(p => $"{p.Attribute("NAME")!.Value} {p.Attribute("TYPE")!.Value}"));
        Assert.Equal("disk2", rows[0].Elements("PROPERTY.REFERENCE").Single().Descendants("KEYVALUE").Single().Value);
    }

    [PeerFact("curl", "wbemcli")]
    public async Task A_query_with_an_order_answers_with_instances_and_their_paths()
    {
        XDocument answer = await QueryAsync("SELECT FIRST 2 Id, Note FROM TEST_Part ORDER BY Id");

        XElement[] instances = [.. answer.Descendants("VALUE.OBJECTWITHPATH")];
        Assert.Equal(["disk1", "disk2"], instances.Select(i => i.Descendants("KEYVALUE").Single().Value));
    }

    [PeerFact("curl", "wbemcli")]
    public async Task A_query_that_is_wrong_is_answered_with_the_place()
    {
        XElement error = (await QueryAsync("SELECT a.Id, b.Id FROM TEST_Part a, TEST_Disk b")).Descendants("ERROR").Single();

        Assert.Equal("15", error.Attribute("CODE")!.Value);
        Assert.Contains("Character 16 of the query: two columns of the result are named Id", error.Attribute("DESCRIPTION")!.Value, StringComparison.Ordinal);
    }

    private async Task<XDocument> QueryAsync(string query)
    {
        string body = CimXmlMessage.Call(WbemHost.Namespace, "ExecQuery", ("QueryLanguage", "<VALUE>DMTF:CQL</VALUE>"), ("Query", new XElement("VALUE", query).ToString()));
        ToolRun run = await Tool.RunAsync(
            "curl", "-sS", "-u", "root:" + shared.Host.Password, "-H", "Content-Type: application/xml; charset=utf-8", "-H", "CIMOperation: MethodCall", "-H", "CIMMethod: ExecQuery",
            "-H", "CIMObject: " + Uri.EscapeDataString(WbemHost.Namespace), "--data-binary", body, shared.Host.Http.ToString());
        return XDocument.Parse(run.Succeeded().Output);
    }
}
