using System.Xml.Linq;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>wbemcli's operations on classes: gc gcd dc ec ecn.</summary>
[Collection(WbemHostCollection.Name)]
public sealed class WbemcliClassTests(WbemHost shared)
{
    [PeerFact("wbemcli")]
    public async Task Gc_names_own_and_inherited_properties_and_marks_keys_and_arrays()
    {
        ToolRun run = (await shared.Client.RunAsync("gc", ["-nl", "-t"], WbemHost.Namespace + ":TEST_Disk")).Succeeded();

        Assert.Contains("-Id#=", run.Lines);
        Assert.Contains("-Tags[]=", run.Lines);
        Assert.Contains("-Blocks=", run.Lines);
        Assert.Equal(10, run.Lines.Count(l => l.StartsWith('-')));
    }

    [PeerFact("wbemcli")]
    public async Task Gcd_prints_the_class_as_XML_with_types_and_superclass()
    {
        ToolRun run = (await shared.Client.RunAsync("gcd", WbemHost.Namespace + ":TEST_Disk")).Succeeded();

        XElement cimClass = XElement.Parse(run.Output[run.Output.IndexOf('<', StringComparison.Ordinal)..]);
        Assert.Equal("TEST_Disk", cimClass.Attribute("NAME")!.Value);
        Assert.Equal("TEST_Part", cimClass.Attribute("SUPERCLASS")!.Value);
        XElement blocks = Assert.Single(cimClass.Elements("PROPERTY"), p => p.Attribute("NAME")!.Value == "Blocks");
        Assert.Equal("uint64", blocks.Attribute("TYPE")!.Value);
        XElement id = Assert.Single(cimClass.Elements("PROPERTY"), p => p.Attribute("NAME")!.Value == "Id");
        Assert.Equal("string", id.Attribute("TYPE")!.Value);
    }

    [PeerFact("wbemcli")]
    public async Task Ecn_names_the_classes_of_a_namespace_and_below_a_class()
    {
        string at = $"{shared.Client.Authority}/{WbemHost.Namespace}:";

        Assert.Superset(new HashSet<string> { at + "TEST_Part", at + "TEST_Disk", at + "TEST_Holds" }, (await shared.Client.PathsAsync("ecn", WbemHost.Namespace)).ToHashSet());
        Assert.Equal([at + "TEST_Disk"], await shared.Client.PathsAsync("ecn", WbemHost.Namespace + ":TEST_Part"));
    }

    [PeerFact("wbemcli")]
    public async Task Ecn_of_cimv2_names_the_hosts_whole_schema()
    {
        IReadOnlyList<string> names = await shared.Client.PathsAsync("ecn", "root/cimv2");

        Assert.True(names.Count > 50, $"{names.Count} classes");
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains($"{shared.Client.Authority}/root/cimv2:CIM_NumericSensor", names);
    }

    // Not the whole of root/cimv2: wbemcli gives up at an array of embedded objects (CIM_SettingData.ComponentSetting), whose attribute
    // EmbeddedObject it does not know.
    [PeerTheory("wbemcli")]
    [InlineData(WbemHost.Namespace, 3)]
    [InlineData("root/cimv2:CIM_LogicalDevice", 5)]
    public async Task Ec_shows_the_same_classes_as_ecn(string target, int atLeast)
    {
        ToolRun run = (await shared.Client.RunAsync("ec", ["-nl"], target)).Succeeded();
        IReadOnlyList<string> names = await shared.Client.PathsAsync("ecn", target);
        Assert.True(names.Count >= atLeast, $"{names.Count} classes");

        // "host/namespace:Class : Superclass" before the properties of each.
        HashSet<string> shown = [.. run.Lines.Where(l => !l.StartsWith('-')).Select(l => l.Split(':', 3)[^1].Split(':')[0].Trim())];
        Assert.Equal(names.Select(n => n[(n.LastIndexOf(':') + 1)..]).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task Dc_deletes_a_class_but_not_one_with_subclasses_or_instances()
    {
        using CimXmlClient setUp = CimXmlClient.Of(shared.Host);
        (await setUp.CallAsync(WbemHost.Namespace, "CreateClass", ("NewClass", CimXmlMessage.ClassDeclaration("TEST_Doomed")))).Succeeded();
        (await shared.Client.RunAsync("dc", WbemHost.Namespace + ":TEST_Doomed")).Succeeded();

        WbemcliInstanceTests.AssertError(await shared.Client.RunAsync("gc", WbemHost.Namespace + ":TEST_Doomed"), "CIM_ERR_NOT_FOUND");
        WbemcliInstanceTests.AssertError(await shared.Client.RunAsync("dc", WbemHost.Namespace + ":TEST_Part"), "CIM_ERR_CLASS_HAS_CHILDREN");
        WbemcliInstanceTests.AssertError(await shared.Client.RunAsync("dc", WbemHost.Namespace + ":TEST_Disk"), "CIM_ERR_CLASS_HAS_INSTANCES");
    }
}
