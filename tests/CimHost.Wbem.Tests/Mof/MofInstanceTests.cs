using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>Instances, aliases, references and embedded objects.</summary>
public sealed class MofInstanceTests
{
    private const string Schema = """
        class Thing { [Key] string Id; uint16 Size = 3; string Tags[]; Thing REF Next; };
        class Setting { uint8 Level; };
        class Finer : Setting { string Mode; };
        class Box { [Key] string Id; [EmbeddedInstance("Setting")] string One; [EmbeddedInstance("Setting")] string Many[]; [EmbeddedObject] string Any; };
        [Association] class Link { [Key] Thing REF From; [Key] Thing REF To; };
        [Association] class Meta { [Key] Link REF About; [Key] Thing REF By; };
        [Abstract] class Idea { [Key] string Id; };
        """;

    [Fact]
    public void An_instance_has_its_values_and_the_defaults_of_its_class()
    {
        CimInstance thing = Mofs.Instance(Mofs.Compile(Schema, "instance of thing { ID = \"a\"; Tags = {\"x\", null}; };"), "Thing");
        Assert.Equal("root/x:Thing.Id=\"a\"", thing.Path!.ToString());
        Assert.Equal((ushort)3, thing["Size"].ToObject());
        Assert.Equal("{x, NULL}", thing["Tags"].ToString());
    }

    [Fact]
    public void An_alias_may_be_used_before_it_is_given_and_in_another_file()
    {
        MofNamespace ns = Mofs.Compile(Schema, "instance of Meta { About = $L; By = $B; };\ninstance of Link as $L { From = $A; To = $B; };", "instance of Thing as $A { Id = \"a\"; Next = $B; };\ninstance of Thing as $B { Id = \"b\"; Next = $A; };");
        CimInstance meta = Mofs.Instance(ns, "Meta");
        Assert.Equal("b", meta["By"].AsReference()!["Id"].AsString());
        Assert.Equal("a", meta["About"].AsReference()!["From"].AsReference()!["Id"].AsString());
        Assert.Equal(["root/x:Thing.Id=\"b\"", "root/x:Thing.Id=\"a\""], ns.Instances.Where(i => i.ClassName == "Thing").Select(i => i["Next"].AsReference()!.ToString()));
    }

    [Fact]
    public void A_reference_may_be_a_path_in_text()
    {
        CimInstance link = Mofs.Instance(Mofs.Compile(Schema, "instance of Link { From = \"Thing.Id=\\\"a\\\"\"; To = \"root/y:\" \"Thing.Id=\\\"b\\\"\"; };"), "Link");
        Assert.Equal(("root/y", "b"), (link["To"].AsReference()!.Namespace, link["To"].AsReference()!["Id"].AsString()));
    }

    [Fact]
    public void An_embedded_instance_is_text_or_an_alias()
    {
        MofNamespace ns = Mofs.Compile(Schema, """
            instance of Setting as $S { Level = 1; };
            instance of Finer as $F { Level = 2; Mode = "fast"; };
            instance of Box { Id = "b"; One = $F; Many = {$S, null, "instance of Setting { Level = 3; };"}; Any = "instance of Thing { Id = \"in\"; };"; };
            """);
        CimInstance box = Assert.Single(ns.Instances);
        Assert.Equal("fast", box["One"].AsInstance()!["Mode"].AsString());
        Assert.Equal((byte)1, box["Many"][0].AsInstance()!["Level"].ToObject());
        Assert.True(box["Many"][1].IsNull);
        Assert.Equal((byte)3, box["Many"][2].AsInstance()!["Level"].ToObject());
        Assert.Equal("in", box["Any"].AsInstance()!["Id"].AsString());
    }

    [Fact]
    public void An_embedded_object_may_be_a_class()
    {
        CimInstance box = Mofs.Instance(Mofs.Compile(Schema, "instance of Box { Id = \"b\"; Any = \"class New : Thing { uint8 More; };\"; };"), "Box");
        Assert.Equal(("New", "Thing"), (box["Any"].AsClass()!.ClassName, box["Any"].AsClass()!.CimSuperClassName));
    }

    [Theory]
    [InlineData("instance of Missing { };", 1, 13, "class Missing does not exist in namespace root/x")]
    [InlineData("instance of Thing { Id = \"a\"; Colour = 1; };", 1, 31, "class Thing has no property Colour")]
    [InlineData("instance of Thing { Id = \"a\"; Size = \"big\"; };", 1, 38, "type uint16, found a string")]
    [InlineData("instance of Thing { Id = \"a\"; Size = 70000; };", 1, 38, "70000 does not fit into uint16")]
    [InlineData("instance of Thing { Id = \"a\"; id = \"b\"; };", 1, 31, "property id is given twice")]
    [InlineData("instance of Thing { Size = 1; };", 1, 13, "needs a value for its key Id")]
    [InlineData("instance of Thing { Id = null; };", 1, 13, "needs a value for its key Id")]
    [InlineData("instance of Link { };", 1, 13, "its keys From, To")]
    [InlineData("instance of Idea { Id = \"a\"; };", 1, 13, "class Idea is abstract")]
    [InlineData("instance of Thing { Id = \"a\"; Next = $Gone; };", 1, 38, "alias $Gone is given to no instance")]
    [InlineData("instance of Thing { Id = \"a\"; Next = 5; };", 1, 38, "expected an alias or an object path in quotes")]
    [InlineData("instance of Thing { Id = \"a\"; Next = \"no path\"; };", 1, 38, "\"no path\" is no object path")]
    [InlineData("instance of Box { Id = \"a\"; One = \"instance of Thing { Id = \\\"a\\\"; };\"; };", 1, 35, "Thing is no subclass of it")]
    [InlineData("instance of Box { Id = \"a\"; One = \"class X { };\"; };", 1, 35, "no MOF instance")]
    [InlineData("instance of Box { Id = \"a\"; One = \"instance of Setting { Level = 999; };\"; };", 1, 35, "999 does not fit into uint8")]
    [InlineData("instance of Box { Id = \"a\"; One = \"nonsense\"; };", 1, 35, "no MOF instance")]
    [InlineData("instance of Box { Id = \"a\"; One = 7; };", 1, 35, "expected an alias or MOF of an instance in quotes")]
    [InlineData("instance Thing { };", 1, 10, "expected 'of', found 'Thing'")]
    [InlineData("instance of Thing as A { };", 1, 22, "expected an alias such as $Name, found 'A'")]
    [InlineData("instance of Thing as $A { Id = \"a\"; };\ninstance of Thing as $A { Id = \"b\"; };", 2, 13, "alias $A is given twice")]
    [InlineData("instance of Link as $L { From = $L; To = $L; };", 1, 33, "$L is wrong itself")]
    public void A_wrong_instance_is_told_where_it_is_wrong(string mof, int line, int column, string words)
    {
        MofCompilation compilation = Mofs.Try(Schema, mof);
        Assert.Empty(compilation.Namespaces);
        MofDiagnostic error = compilation.Diagnostics[0];
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(("b.mof", line, column), (error.File, error.Line, error.Column));
    }

    [Fact]
    public void What_is_wrong_with_an_aliased_instance_is_told_in_its_own_file()
    {
        MofCompilation compilation = Mofs.Try(Schema, "instance of Link { From = $A; To = $A; };", "\n\ninstance of Thing as $A { Id = 5; };");
        Assert.Equal([("b.mof", 1, 27), ("c.mof", 3, 32)], compilation.Diagnostics.Select(d => (d.File, d.Line, d.Column)));
    }

    [Fact]
    public void Instances_that_hold_one_another_in_a_circle_are_refused()
    {
        MofCompilation compilation = Mofs.Try("class N { uint8 V; [EmbeddedInstance(\"N\")] string Inner; }; class R { [Key] string Id; [EmbeddedInstance(\"N\")] string X; };", "instance of N as $A { Inner = $B; }; instance of N as $B { Inner = $A; }; instance of R { Id = \"r\"; X = $A; };");
        Assert.False(compilation.Success);
        Assert.Contains(compilation.Diagnostics, d => d.Message.Contains("holds itself", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chain_of_references_that_is_absurdly_long_is_told_and_not_fatal()
    {
        var text = new System.Text.StringBuilder("class N { [Key] string Id; }; [Association] class L { [Key] L REF A; [Key] N REF B; };\ninstance of N as $N { Id = \"n\"; };\n");
        for (int i = 50_000; i > 0; i--)
        {
            text.Append("instance of L as $L").Append(i).Append(" { A = $L").Append(i - 1).Append("; B = $N; };\n");
        }

        MofCompilation compilation = Mofs.Try(text.Append("instance of L as $L0 { A = \"L.A=1\"; B = $N; };").ToString());
        Assert.False(compilation.Success);
        Assert.InRange(compilation.Diagnostics.Count, 1, MofCompiler.MaxDiagnostics);
        Assert.All(compilation.Diagnostics, d => Assert.InRange(d.Message.Length, 1, 2_000));
    }
}
