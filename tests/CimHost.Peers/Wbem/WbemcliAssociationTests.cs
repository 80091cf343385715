using CimHost.TestBed;
using Xunit;

namespace CimHost.Peers.Wbem;

/// <summary>wbemcli's operations on associations: ai ain ri rin with their filters.</summary>
[Collection(WbemHostCollection.Name)]
public sealed class WbemcliAssociationTests(WbemHost shared)
{
    private const string Shelf = WbemHost.Namespace + ":TEST_Part.Id=\"shelf\"";
    private const string Disk = WbemHost.Namespace + ":TEST_Disk.Id=\"disk1\"";

    [PeerFact("wbemcli")]
    public async Task Ain_names_what_is_at_the_other_end()
    {
        string[] fromShelf = [.. (await shared.Client.PathsAsync("ain", Shelf)).Select(Name).Order(StringComparer.Ordinal)];
        string[] fromDisk = [.. (await shared.Client.PathsAsync("ain", Disk)).Select(Name)];

        Assert.Equal(["TEST_Disk.Id=\"disk1\"", "TEST_Disk.Id=\"disk2\""], fromShelf);
        Assert.Equal(["TEST_Part.Id=\"shelf\""], fromDisk);
    }

    [PeerFact("wbemcli")]
    public async Task Ain_with_filters_leaves_out_what_does_not_fit()
    {
        Assert.Equal(2, (await shared.Client.PathsAsync("ain", Shelf, "-ac", "TEST_Holds", "-arc", "TEST_Disk", "-ar", "Holder", "-arr", "Held")).Count);
        Assert.Empty(await shared.Client.PathsAsync("ain", Shelf, "-ar", "Held"));
        Assert.Equal(2, (await shared.Client.PathsAsync("ain", Shelf, "-arc", "TEST_Part")).Count);
        Assert.Empty(await shared.Client.PathsAsync("ain", Disk, "-arc", "TEST_Disk"));
    }

    [PeerFact("wbemcli")]
    public async Task Ai_shows_the_instances_at_the_other_end_whole()
    {
        IReadOnlyList<WbemcliObject> disks = await shared.Client.ObjectsAsync("ai", ["-nl"], Shelf);

        Assert.Equal(["18446744073709551614", "18446744073709551615"], disks.OrderBy(d => d["Id"], StringComparer.Ordinal).Select(d => d["Blocks"]));
        Assert.All(disks, d => Assert.Equal(10, d.Properties.Count));
    }

    [PeerFact("wbemcli")]
    public async Task Rin_names_the_associations_themselves()
    {
        IReadOnlyList<string> names = await shared.Client.PathsAsync("rin", Shelf);

        Assert.Equal(2, names.Count);
        Assert.All(names, n => Assert.Contains("TEST_Holds.", n, StringComparison.Ordinal));
        Assert.Single(names, n => n.Contains("disk1", StringComparison.Ordinal));
        Assert.Empty(await shared.Client.PathsAsync("rin", Shelf, "-ar", "Held"));
    }

    [PeerFact("wbemcli")]
    public async Task Ri_shows_the_associations_with_their_own_properties()
    {
        IReadOnlyList<WbemcliObject> holds = await shared.Client.ObjectsAsync("ri", ["-nl"], Disk);

        WbemcliObject one = Assert.Single(holds);
        Assert.Equal("1", one["Slot"]);
        Assert.Contains("TEST_Part.Id=\"shelf\"", one["Holder"], StringComparison.Ordinal);
        Assert.Contains("TEST_Disk.Id=\"disk1\"", one["Held"], StringComparison.Ordinal);
    }

    // "host/namespace:Class.key=…" without host and namespace.
    private static string Name(string path) => path[(path.IndexOf(":TEST_", StringComparison.Ordinal) + 1)..];
}
