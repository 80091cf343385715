using System.Xml.Linq;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>wbemcli's method calls (cm cmx) against the sample package.</summary>
[Collection(WbemHostCollection.Name)]
public sealed class WbemcliMethodTests(WbemHost shared)
{
    private const string Greeting = "root/cimv2:Sample_Greeting.Language=\"de\"";

    [PeerFact("wbemcli")]
    public async Task The_sample_packages_instances_are_there()
    {
        IReadOnlyList<WbemcliObject> greetings = await shared.Client.EnumerateAsync("root/cimv2:Sample_Greeting");

        Assert.Equal(["Bonjour", "Good day", "Guten Tag"], greetings.Select(g => g["Text"]).Order(StringComparer.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task Cm_calls_a_method_and_prints_its_result_and_output()
    {
        ToolRun run = (await shared.Client.RunAsync("cm", Greeting, "Greet.Name=\"Ada\"")).Succeeded();

        Assert.Contains("Greet: 0", run.Output, StringComparison.Ordinal);
        Assert.Contains("Guten Tag, Ada!", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("wbemcli")]
    public async Task Cm_with_a_value_that_the_method_refuses_prints_its_return_value()
    {
        ToolRun run = (await shared.Client.RunAsync("cm", Greeting, "Greet.Name=\" \"")).Succeeded();

        Assert.Contains("Greet: 4", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("wbemcli")]
    public async Task Cmx_prints_the_answer_as_XML()
    {
        ToolRun run = (await shared.Client.RunAsync("cmx", Greeting, "Greet.Name=\"Ada\"")).Succeeded();

        XElement answer = XElement.Parse(run.Output[run.Output.IndexOf('<', StringComparison.Ordinal)..]);
        Assert.Equal("0", answer.Element("RETURNVALUE")!.Element("VALUE")!.Value);
        Assert.Equal("Guten Tag, Ada!", answer.Elements("PARAMVALUE").Single(p => p.Attribute("NAME")!.Value == "Greeting").Element("VALUE")!.Value);
    }

    [PeerFact("wbemcli")]
    public async Task Cm_of_an_unknown_method_or_instance_prints_what_is_wrong()
    {
        WbemcliInstanceTests.AssertError(await shared.Client.RunAsync("cm", Greeting, "Shout.Name=\"Ada\""), "CIM_ERR_METHOD_NOT_FOUND");
        WbemcliInstanceTests.AssertError(await shared.Client.RunAsync("cm", "root/cimv2:Sample_Greeting.Language=\"xx\"", "Greet.Name=\"Ada\""), "CIM_ERR_NOT_FOUND");
    }
}
