using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>wbemcli's operations on instances: ei ein gi ci mi di gp sp.</summary>
[Collection(WbemHostCollection.Name)]
public sealed class WbemcliInstanceTests(WbemHost shared)
{
    private const string Parts = WbemHost.Namespace + ":TEST_Part";
    private const string Disks = WbemHost.Namespace + ":TEST_Disk";
    private const string Shelf = Parts + ".Id=\"shelf\"";

    [PeerFact("wbemcli")]
    public async Task Gi_shows_every_property_with_its_exact_value_and_the_empty_ones_too()
    {
        WbemcliObject shelf = await shared.Client.GetAsync(Shelf);

        Assert.Equal(
            [
                ("Count", "4294967295"), ("Id", "shelf"), ("Levels", "2,3,5"), ("Note", "a <b> & \"c\" ü"), ("Offset", "-9223372036854775808"),
                ("Ratio", "0.1"), ("Since", "20260102030405.678901+060"), ("Tags", "\"one\",\"two\""), ("Works", "TRUE"),
            ],
            shelf.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value)));
        WbemcliObject disk = await shared.Client.GetAsync(Disks + ".Id=\"disk1\"");
        Assert.Null(disk["Count"]);
        Assert.Null(disk["Tags"]);
        Assert.Null(disk["Since"]);
        Assert.Equal("18446744073709551614", disk["Blocks"]);
    }

    [PeerFact("wbemcli")]
    public async Task Gi_with_a_property_list_shows_only_those()
    {
        WbemcliObject shelf = await shared.Client.GetAsync(Shelf, "Count,Works");

        Assert.Equal(["Count", "Works"], shelf.Properties.Keys.Order(StringComparer.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task Ein_of_a_class_names_the_instances_of_its_subclasses_too()
    {
        string at = $"{shared.Client.Authority}/{WbemHost.Namespace}:";
        IReadOnlyList<string> parts = await shared.Client.PathsAsync("ein", Parts);
        IReadOnlyList<string> disks = await shared.Client.PathsAsync("ein", Disks);

        Assert.Superset(new HashSet<string> { at + "TEST_Part.Id=\"shelf\"", at + "TEST_Disk.Id=\"disk1\"", at + "TEST_Disk.Id=\"disk2\"" }, parts.ToHashSet());
        Assert.All(disks, d => Assert.StartsWith(at + "TEST_Disk.", d, StringComparison.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task Ei_shows_each_instance_as_gi_shows_it()
    {
        IReadOnlyList<WbemcliObject> all = await shared.Client.EnumerateAsync(Disks);

        WbemcliObject listed = Assert.Single(all, o => o["Id"] == "disk2");
        WbemcliObject got = await shared.Client.GetAsync(listed.Path);
        Assert.Equal(got.Properties.OrderBy(p => p.Key, StringComparer.Ordinal), listed.Properties.OrderBy(p => p.Key, StringComparer.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task Ei_without_nl_prints_one_line_an_instance_with_the_same_values()
    {
        ToolRun run = (await shared.Client.RunAsync("ei", WbemHost.Namespace + ":TEST_Holds")).Succeeded();

        Assert.Equal(2, run.Lines.Length);
        Assert.All(run.Lines, l => Assert.Contains("Slot=", l, StringComparison.Ordinal));
    }

    [PeerFact("wbemcli")]
    public async Task Ci_creates_an_instance_that_gi_then_shows()
    {
        string path = Parts + ".Id=\"created\"";
        ToolRun created = (await shared.Client.RunAsync("ci", path, "Id=\"created\",Count=17,Tags=\"x\",\"y\",Works=false,Ratio=2.5")).Succeeded();

        Assert.Equal($"{shared.Client.Authority}/{path}", Assert.Single(created.Lines));
        WbemcliObject instance = await shared.Client.GetAsync(path);
        Assert.Equal("17", instance["Count"]);
        Assert.Equal("FALSE", instance["Works"]);
        Assert.Equal(2.5m, instance.Number("Ratio"));
        Assert.Equal("\"x\",\"y\"", instance["Tags"]);
        Assert.Null(instance["Note"]);
        ToolRun again = await shared.Client.RunAsync("ci", path, "Id=\"created\",Count=18");
        AssertError(again, "CIM_ERR_ALREADY_EXISTS");
        (await shared.Client.RunAsync("di", path)).Succeeded();
    }

    [PeerFact("wbemcli")]
    public async Task Mi_changes_the_named_properties_and_no_others()
    {
        string path = Parts + ".Id=\"changing\"";
        (await shared.Client.RunAsync("ci", path, "Id=\"changing\",Count=1,Note=\"stays\"")).Succeeded();
        (await shared.Client.RunAsync("mi", path, "Count=2")).Succeeded();

        WbemcliObject instance = await shared.Client.GetAsync(path);
        Assert.Equal("2", instance["Count"]);
        Assert.Equal("stays", instance["Note"]);
        (await shared.Client.RunAsync("di", path)).Succeeded();
    }

    [PeerFact("wbemcli")]
    public async Task Di_deletes_an_instance_and_a_second_time_finds_none()
    {
        string path = Parts + ".Id=\"doomed\"";
        (await shared.Client.RunAsync("ci", path, "Id=\"doomed\",Count=1")).Succeeded();
        (await shared.Client.RunAsync("di", path)).Succeeded();

        AssertError(await shared.Client.RunAsync("gi", path), "CIM_ERR_NOT_FOUND");
        AssertError(await shared.Client.RunAsync("di", path), "CIM_ERR_NOT_FOUND");
    }

    [PeerFact("wbemcli")]
    public async Task Gp_reads_and_sp_writes_one_property()
    {
        string path = Parts + ".Id=\"single\"";
        (await shared.Client.RunAsync("ci", path, "Id=\"single\",Count=5,Note=\"before\"")).Succeeded();

        Assert.Equal(["5"], (await shared.Client.RunAsync("gp", path, "Count")).Succeeded().Lines);
        (await shared.Client.RunAsync("sp", path, "Note=\"after\"")).Succeeded();
        Assert.Equal(["after"], (await shared.Client.RunAsync("gp", path, "Note")).Succeeded().Lines);
        Assert.Equal(["5"], (await shared.Client.RunAsync("gp", path, "Count")).Succeeded().Lines);
        AssertError(await shared.Client.RunAsync("gp", path, "Colour"), "CIM_ERR_NO_SUCH_PROPERTY");
        (await shared.Client.RunAsync("di", path)).Succeeded();
    }

    [PeerFact("wbemcli")]
    public async Task Unknown_namespaces_and_classes_get_different_errors()
    {
        AssertError(await shared.Client.RunAsync("ei", "root/nowhere:TEST_Part"), "CIM_ERR_INVALID_NAMESPACE");
        AssertError(await shared.Client.RunAsync("ei", WbemHost.Namespace + ":TEST_Nothing"), "CIM_ERR_INVALID_CLASS");
        AssertError(await shared.Client.RunAsync("gi", Parts + ".Id=\"nobody\""), "CIM_ERR_NOT_FOUND");
    }

    internal static void AssertError(ToolRun run, string status)
    {
        Assert.True(run.ExitCode != 0, run.ToString());
        Assert.Contains(status, run.Error, StringComparison.Ordinal);
    }
}
