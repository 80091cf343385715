using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>What is written compiles to the same again.</summary>
public sealed class MofWriterTests
{
    private const string Everything = """
        [Description("Text with \"quotes\", a \\ and\nlines" " grün 😀")] class Thing
        {
            [Key, Description("d") : DisableOverride Restricted] string Id;
            [OctetString(false)] uint8 Bytes[4] = {1, 2};
            [ValueMap{"1", "2..", "a\"b"}, Values{"One", "Two", null}] uint16 Code = 65535;
            sint64 Low = -9223372036854775808; uint64 High = 18446744073709551615;
            real32 F = 1.0e-5; real64 D = -1.7976931348623157e308; real64 Whole = 3.0;
            char16 C = '\''; char16 Lone = '\xD800'; boolean B = false; datetime T = "20261125063000.123456+060";
            string Control = "\x0001\t\r\x007f"; string Half = "\xDC00x";
            uint32 Missing[] = {1, null, 3};
            [EmbeddedInstance("Setting")] string One; [EmbeddedObject] string Any[];
            uint32 Go([In] uint16 How, [In(false), Out] Thing REF Where[], string Names[3]);
            boolean Stop();
        };
        class Setting { uint8 Level = 7; string Text; };
        class Sub : Thing { uint8 More; };
        [Association] class Link { [Key] Thing REF From; [Key] Thing REF To; };
        [Association] class Meta { [Key] Link REF About; string Note; };
        instance of Setting as $S { Level = 3; Text = "in \"quotes\" \\"; };
        instance of Thing as $A { Id = "a 'b' \"c\" \\"; One = $S; Any = {"instance of Setting { Level = 4; };", null, "class New { uint8 P = 3; };"}; Lone = 'x'; };
        instance of Thing as $B { Id = "b"; Code = null; };
        instance of Link as $L { From = $A; To = $B; };
        instance of Meta { About = $L; Note = "n"; };
        """;

    [Fact]
    public void Classes_qualifiers_and_instances_are_the_same_after_export_and_compilation()
    {
        MofNamespace first = Mofs.Compile(Everything);
        string text = Write(first);
        MofCompilation again = MofCompiler.Compile([new MofSource("export.mof", text)], new MofCompilerOptions { Namespace = "root/x" });
        Assert.True(again.Success, string.Join('\n', again.Diagnostics));
        MofNamespace second = Assert.Single(again.Namespaces);
        AssertSame(first, second);
        Assert.Equal(text, Write(second));

        Assert.Equal(first.Instances.Count, second.Instances.Count);
        foreach ((CimInstance one, CimInstance other) in first.Instances.Zip(second.Instances))
        {
            CimClass shape = one.CimClass;
            Assert.Equal(one.Path!.ToString(), other.Path!.ToString());
            for (int i = 0; i < one.Count; i++)
            {
                string name = shape.CimClassProperties[i].Name;
                Assert.True(one[i] == other[i] || one[i].ToString() == other[i].ToString(), $"{one.Path}.{name}: {one[i]} became {other[i]}");
            }
        }
    }

    [Fact]
    public void A_pair_of_surrogates_is_never_torn_apart()
    {
        for (int length = 95; length < 105; length++)
        {
            string text = new string('x', length) + "😀" + new string('y', 150);
            Assert.Equal(text, Mofs.Value("string", Written(text)).AsString());
            Assert.Contains("😀", Written(text), StringComparison.Ordinal);
        }

        static string Written(string text)
        {
            var writer = new StringWriter { NewLine = "\n" };
            MofWriter.Write(writer, new CimClass("T", null, [new CimPropertyDeclaration { Name = "P", CimType = CimType.String, DefaultValue = text }]));
            string mof = writer.ToString();
            int start = mof.IndexOf('=', StringComparison.Ordinal) + 1;
            return mof[start..mof.IndexOf(";\n", StringComparison.Ordinal)];
        }
    }

    [Fact]
    public void The_shipped_schema_is_the_same_after_export_and_compilation()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "schema");
        Assert.NotEmpty(Directory.EnumerateFiles(folder, "*.mof"));
        RoundTrip(MofSource.FromPath(folder), "root/interop");
    }

    [DmtfSchemaFact]
    public void The_whole_DMTF_schema_is_the_same_after_export_and_compilation()
    {
        MofNamespace schema = RoundTrip(MofSource.FromPath(DmtfSchemaFactAttribute.Zip!));
        Assert.Equal(1631, schema.Classes.Count);
    }

    private static MofNamespace RoundTrip(IReadOnlyList<MofSource> sources, params string[] alsoInto)
    {
        var options = new MofCompilerOptions { Namespace = "root/x" };
        MofCompilation first = MofCompiler.Compile(sources, options with { AlsoInto = alsoInto });
        Assert.True(first.Success, string.Join('\n', first.Diagnostics));
        MofCompilation second = MofCompiler.Compile(first.Namespaces.Select(n => new MofSource(n.Name, $"#pragma namespace(\"{n.Name}\")\n" + Write(n))), options);
        Assert.True(second.Success, string.Join('\n', second.Diagnostics));
        foreach (MofNamespace ns in first.Namespaces)
        {
            AssertSame(ns, second.Namespaces.Single(n => n.Name == ns.Name));
        }

        return first.Namespaces[0];
    }

    private static string Write(MofNamespace ns)
    {
        var writer = new StringWriter { NewLine = "\n" };
        foreach (CimQualifierDeclaration qualifier in ns.Qualifiers)
        {
            MofWriter.Write(writer, qualifier);
        }

        foreach (CimClass cimClass in ns.Classes)
        {
            MofWriter.Write(writer, cimClass);
        }

        foreach (CimInstance instance in ns.Instances)
        {
            MofWriter.Write(writer, instance);
        }

        return writer.ToString();
    }

    private static void AssertSame(MofNamespace one, MofNamespace other)
    {
        Assert.Equal(one.Qualifiers, other.Qualifiers);
        Assert.Equal(one.Classes.Select(c => c.ToString()), other.Classes.Select(c => c.ToString()));
        foreach ((CimClass a, CimClass b) in one.Classes.Zip(other.Classes))
        {
            Assert.Equal(a.CimClassQualifiers, b.CimClassQualifiers);
            Assert.Equal(a.CimClassProperties.Select(Element), b.CimClassProperties.Select(Element));
            Assert.Equal(a.CimClassProperties.Select(p => p.DefaultValue), b.CimClassProperties.Select(p => p.DefaultValue));
            Assert.Equal(a.CimClassMethods.Select(Method), b.CimClassMethods.Select(Method));
        }
    }

    private static string Element(CimTypedElement e) => $"{e.Name} {e.CimType} {e.ArraySize} {e.ReferenceClassName} {e.EmbeddedClassName} [{string.Join(", ", e.Qualifiers)}]";

    private static string Method(CimMethodDeclaration m) => $"{m.ReturnType} {m.Name}({string.Join("; ", m.Parameters.Select(Element))}) [{string.Join(", ", m.Qualifiers)}]";
}
