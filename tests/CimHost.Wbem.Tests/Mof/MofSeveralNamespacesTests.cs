using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

public sealed class MofSeveralNamespacesTests
{
    private const string Schema = """
        Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
        class T_Thing { [Key] string Name; uint8 Size = 3; };
        instance of T_Thing { Name = "everywhere"; };
        """;

    [Fact]
    public void What_no_pragma_puts_elsewhere_is_compiled_into_every_namespace_asked_for()
    {
        MofCompilation compilation = Compile(Schema);
        Assert.Equal(["root/a", "root/b"], compilation.Namespaces.Select(n => n.Name));
        Assert.All(compilation.Namespaces, n =>
        {
            Assert.Equal("Key", Assert.Single(n.Qualifiers).Name);
            Assert.Equal(n.Name, Assert.Single(n.Classes).Namespace);
            Assert.Equal(n.Name, Assert.Single(n.Instances).Path!.Namespace);
        });
    }

    [Fact]
    public void An_instance_that_a_pragma_puts_into_one_of_them_lands_there_only_and_finds_its_class()
    {
        MofCompilation compilation = Compile(Schema, "#pragma namespace(\"root/b\")\ninstance of T_Thing { Name = \"here\"; };");
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(["everywhere"], Names(compilation, "root/a"));
        Assert.Equal(["everywhere", "here"], Names(compilation, "root/b"));
    }

    [Fact]
    public void An_alias_means_the_instance_of_the_same_namespace()
    {
        MofCompilation compilation = Compile(Schema, """
            Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
            [Association] class T_Link { [Key] T_Thing REF One; [Key] T_Thing REF Other; };
            instance of T_Thing as $T { Name = "t"; };
            instance of T_Link { One = $T; Other = $T; };
            """);
        Assert.Empty(compilation.Diagnostics);
        Assert.All(compilation.Namespaces, n => Assert.Equal(n.Name, n.Instances.Single(i => i.ClassName == "T_Link")["One"].AsReference()!.Namespace));
    }

    [Fact]
    public void Two_names_of_one_namespace_are_one()
    {
        MofCompilation compilation = MofCompiler.Compile(
            [new MofSource("a.mof", Schema), new MofSource("b.mof", "#pragma namespace(\"b\")\ninstance of T_Thing { Name = \"here\"; };")],
            new MofCompilerOptions { Namespace = "root/a", AlsoInto = ["root/b", "b"], NormalizeNamespace = n => n == "b" ? "root/b" : n });
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(["everywhere", "here"], Names(compilation, "root/b"));
    }

    [Fact]
    public void What_is_wrong_in_every_namespace_is_told_once()
    {
        MofCompilation compilation = Compile("class T_Lost : T_Missing { };");
        Assert.Contains("T_Missing", Assert.Single(compilation.Diagnostics).Message, StringComparison.Ordinal);
        Assert.Empty(compilation.Namespaces);
    }

    private static MofCompilation Compile(params string[] files) => MofCompiler.Compile(
        files.Select((text, i) => new MofSource($"{i}.mof", text)),
        new MofCompilerOptions { Namespace = "root/a", AlsoInto = ["root/b"] });

    private static IEnumerable<string> Names(MofCompilation compilation, string ns) =>
        compilation.Namespaces.Single(n => n.Name == ns).Instances.Select(i => i["Name"].AsString()!);
}
