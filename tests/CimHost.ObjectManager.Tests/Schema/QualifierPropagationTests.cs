using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Tests.Schema;

public sealed class QualifierPropagationTests
{
    private const string Mof = """
        [Abstract, Description("base"), Version("1")] class Q_Base { [Key, Description("id")] string Id; [Units("V"), Write] uint16 Level = 7; };
        [Version("2")] class Q_Middle : Q_Base { [Override("Level"), Description("middle")] uint16 Level = 8; string Own; };
        [Description("low")] class Q_Low : Q_Middle { };
        """;

    [Fact]
    public async Task Qualifiers_travel_by_their_flavours()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);

        CimClass middle = await host.Cim.GetClassAsync(TestHost.Namespace, "Q_Middle", CimClassOptions.Full, default);
        CimClass low = await host.Cim.GetClassAsync(TestHost.Namespace, "Q_Low", CimClassOptions.Full, default);

        // Abstract and Version are Restricted, Description is ToSubclass.
        Assert.False(middle.IsAbstract);
        Assert.Equal("base", middle.CimClassQualifiers["Description"]!.Value.AsString());
        Assert.True(middle.CimClassQualifiers["Description"]!.IsPropagated);
        Assert.Equal("2", middle.CimClassQualifiers["Version"]!.Value.AsString());
        Assert.Null(low.CimClassQualifiers["Version"]);
        Assert.Equal("low", low.CimClassQualifiers["Description"]!.Value.AsString());
        Assert.False(low.CimClassQualifiers["Description"]!.IsPropagated);

        // An overriding property keeps what it does not say anew; Override itself does not travel on.
        CimPropertyDeclaration level = middle.CimClassProperties["Level"]!;
        Assert.Equal("V", level.Qualifiers["Units"]!.Value.AsString());
        Assert.Equal("middle", level.Qualifiers["Description"]!.Value.AsString());
        Assert.Equal("Level", level.Qualifiers["Override"]!.Value.AsString());
        Assert.Null(low.CimClassProperties["Level"]!.Qualifiers["Override"]);
        Assert.True(low.CimClassProperties["Level"]!.IsPropagated);
    }

    [Fact]
    public async Task Elements_say_where_they_come_from_and_inherited_ones_stand_first()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);

        CimClass low = await host.Cim.GetClassAsync(TestHost.Namespace, "q_LOW", CimClassOptions.Full, default);

        Assert.Equal("Q_Low", low.ClassName);
        Assert.Equal(["Id:Q_Base", "Level:Q_Middle", "Own:Q_Middle"], low.CimClassProperties.Select(p => $"{p.Name}:{p.ClassOrigin}"));
        Assert.Equal((ushort)8, low.CimClassProperties["Level"]!.DefaultValue.ToObject());
    }

    [Fact]
    public async Task LocalOnly_IncludeQualifiers_and_PropertyList_cut_the_class()
    {
        await using TestHost host = await TestHost.CreateAsync(Mof);

        CimClass local = await host.Cim.GetClassAsync(TestHost.Namespace, "Q_Middle", new CimClassOptions { LocalOnly = true }, default);
        CimClass bare = await host.Cim.GetClassAsync(TestHost.Namespace, "Q_Middle", new CimClassOptions { IncludeQualifiers = false }, default);
        CimClass listed = await host.Cim.GetClassAsync(TestHost.Namespace, "Q_Middle", new CimClassOptions { PropertyList = ["OWN", "Unknown"] }, default);
        CimClass none = await host.Cim.GetClassAsync(TestHost.Namespace, "Q_Middle", new CimClassOptions { PropertyList = [] }, default);

        Assert.Equal(["Level", "Own"], local.CimClassProperties.Select(p => p.Name));
        Assert.Equal(["Version"], local.CimClassQualifiers.Select(q => q.Name));
        Assert.Empty(bare.CimClassQualifiers);
        Assert.All(bare.CimClassProperties, p => Assert.Empty(p.Qualifiers));
        Assert.Equal(["Own"], listed.CimClassProperties.Select(p => p.Name));
        Assert.Empty(none.CimClassProperties);
    }
}
