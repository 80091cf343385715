using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>Qualifier declarations, classes, associations, indications, methods and their qualifiers.</summary>
public sealed class MofDeclarationTests
{
    [Theory]
    [InlineData("Qualifier Q : boolean, Scope(class);", CimType.Boolean, "NULL", CimQualifierScopes.Class, CimQualifierFlavors.Default)]
    [InlineData("QUALIFIER Q : BOOLEAN = TRUE, SCOPE(ANY), FLAVOR(DISABLEOVERRIDE);", CimType.Boolean, "TRUE", CimQualifierScopes.Any, CimQualifierFlavors.ToSubclass)]
    [InlineData("Qualifier Q : uint16[] = {1, 2}, Scope(property, parameter), Flavor(EnableOverride, Restricted);", CimType.UInt16Array, "{1, 2}", CimQualifierScopes.Property | CimQualifierScopes.Parameter, CimQualifierFlavors.Overridable)]
    [InlineData("Qualifier Q : string = \"a\" \"b\", Flavor(Translatable), Scope(method, reference, indication, association);", CimType.String, "ab", CimQualifierScopes.Method | CimQualifierScopes.Reference | CimQualifierScopes.Indication | CimQualifierScopes.Association, CimQualifierFlavors.Default | CimQualifierFlavors.Translatable)]
    [InlineData("Qualifier Q : sint64 = -5, Scope(class), Flavor(ToInstance);", CimType.SInt64, "-5", CimQualifierScopes.Class, CimQualifierFlavors.Default)]
    public void A_qualifier_is_declared_with_type_default_scopes_and_flavors(string mof, CimType type, string value, CimQualifierScopes scopes, CimQualifierFlavors flavors)
    {
        CimQualifierDeclaration declaration = Mofs.Compile(mof).Qualifiers.Single(q => q.Name == "Q");
        Assert.Equal((type, value, scopes, flavors), (declaration.CimType, declaration.DefaultValue.ToString(), declaration.Scopes, declaration.Flavors));
    }

    [Theory]
    [InlineData("Qualifier Q : boolean;", "has no scope")]
    [InlineData("Qualifier Q : colour, Scope(class);", "'colour' is no type")]
    [InlineData("Qualifier Q : boolean = 1, Scope(class);", "type boolean, found the number 1")]
    [InlineData("Qualifier Q : boolean, Scope(everything);", "'everything' is no scope")]
    [InlineData("Qualifier Q : boolean, Scope(any), Flavor(Sweet);", "'Sweet' is no flavor")]
    [InlineData("Qualifier Q : boolean, Taste(any);", "expected 'Scope' or 'Flavor', found 'Taste'")]
    [InlineData("Qualifier Q boolean, Scope(any);", "expected ':', found 'boolean'")]
    [InlineData("[Key] class T { };", "qualifier Key may not stand here; its scope is property, reference")]
    [InlineData("class T { [Association] string P; };", "qualifier Association may not stand here")]
    [InlineData("class T { [Key] uint32 M(); };", "qualifier Key may not stand here")]
    [InlineData("class T { uint32 M([Key] string P); };", "qualifier Key may not stand here")]
    [InlineData("class T { [Description(\"a\"), description(\"b\")] string P; };", "qualifier description stands here twice")]
    [InlineData("class T { [Nonsense] string P; };", "qualifier Nonsense is not declared in namespace root/x")]
    [InlineData("class T { [MaxLen(\"long\")] string P; };", "type uint32, found a string")]
    [InlineData("class T { [ValueMap {1}] string P; };", "type string, found the number 1")]
    [InlineData("class T { string P; uint8 p; };", "T.p is declared twice")]
    [InlineData("class T { string P; uint8 P(); };", "T.P is declared twice")]
    [InlineData("class T { uint8 M(string a, string A); };", "parameter A is declared twice")]
    [InlineData("class T { }; class t { };", "class t is declared twice")]
    [InlineData("class T : Missing { };", "the superclass Missing of T does not exist")]
    [InlineData("class T : T { };", "its own ancestor")]
    [InlineData("class T { string P[0]; };", "'0' is no array size")]
    [InlineData("class T { string P[-1]; };", "'-1' is no array size")]
    [InlineData("class T { strng P; };", "'strng' is no type")]
    [InlineData("class T { [EmbeddedInstance(\"T\")] uint8 P; };", "holds an embedded object and must be a string")]
    [InlineData("class T { string P }", "expected ';', found '}'")]
    [InlineData("class T { };}", "expected 'class', 'instance', 'Qualifier', '[' or '#pragma', found '}'")]
    [InlineData("clas T { };", "found 'clas'")]
    [InlineData("class T { }", "expected ';', found the end of the file")]
    [InlineData("class { };", "expected a class name, found '{'")]
    public void A_wrong_declaration_is_told(string mof, string words) => Assert.Contains(words, Mofs.Error(mof).Message, StringComparison.Ordinal);

    [Fact]
    public void A_qualifier_may_change_its_flavors_where_it_stands()
    {
        CimClass type = Mofs.Compile("class T { [Description(\"d\") : DisableOverride Restricted, ValueMap{\"1\", \"2\"} : Translatable, MaxLen(7)] string P; };").Classes[0];
        CimNamedList<CimQualifier> qualifiers = type.CimClassProperties[0].Qualifiers;
        Assert.Equal(CimQualifierFlavors.Translatable, qualifiers["Description"]!.Flavors);
        Assert.Equal(CimQualifierFlavors.Default | CimQualifierFlavors.Translatable, qualifiers["ValueMap"]!.Flavors);
        Assert.Equal("{1, 2}", qualifiers["ValueMap"]!.Value.ToString());
        Assert.Equal(7u, qualifiers["MaxLen"]!.Value.ToObject());
    }

    [Fact]
    public void A_boolean_qualifier_without_a_value_is_true_and_another_has_its_default()
    {
        CimClass type = Mofs.Compile("Qualifier Size : uint8 = 9, Scope(property); class T { [OctetString, Size, Description(null)] uint8 P[]; [OctetString(false)] uint8 Q[]; };").Classes[0];
        Assert.True(type.CimClassProperties["P"]!.HasQualifier("OctetString"));
        Assert.Equal((byte)9, type.CimClassProperties["P"]!.Qualifiers["Size"]!.Value.ToObject());
        Assert.True(type.CimClassProperties["P"]!.Qualifiers["Description"]!.Value.IsNull);
        Assert.False(type.CimClassProperties["Q"]!.HasQualifier("OctetString"));
    }

    [Fact]
    public void Properties_of_every_type_arrays_and_methods_are_declared()
    {
        CimClass type = Mofs.Compile("""
            /* a comment */ class T // another
            {
                boolean A; uint8 B; sint8 C; uint16 D; sint16 E; uint32 F; sint32 G; uint64 H; sint64 I; real32 J; real64 K; char16 L; datetime M; string N;
                string O[]; uint8 P[4] = {1, 2}; DateTime Q[];
                [EmbeddedInstance("T")] string R; [EmbeddedObject] string S[];
                uint32 Go([In] uint16 How, [In(false), Out] T REF Where[], [EmbeddedInstance("T")] string What, string Names[3]);
                boolean Stop();
            };
            """).Classes[0];
        Assert.Equal(
            [.. Enumerable.Range(1, 14).Select(i => (CimType)i).Order(), CimType.UInt8Array, CimType.DateTimeArray, CimType.StringArray, CimType.Instance, CimType.InstanceArray],
            type.CimClassProperties.Select(p => p.CimType).OrderBy(t => t == CimType.Instance ? CimType.StringArray + 1 : t == CimType.InstanceArray ? CimType.StringArray + 2 : t));
        Assert.Equal(4, type.CimClassProperties["P"]!.ArraySize);
        Assert.Equal(("T", string.Empty), (type.CimClassProperties["R"]!.EmbeddedClassName, type.CimClassProperties["S"]!.EmbeddedClassName));
        CimMethodDeclaration method = type.CimClassMethods["Go"]!;
        Assert.Equal([CimType.UInt16, CimType.ReferenceArray, CimType.Instance, CimType.StringArray], method.Parameters.Select(p => p.CimType));
        Assert.Equal("T", method.Parameters["Where"]!.ReferenceClassName);
        Assert.Equal(3, method.Parameters["Names"]!.ArraySize);
        Assert.Equal(CimType.Boolean, type.CimClassMethods["Stop"]!.ReturnType);
    }

    [Fact]
    public void Associations_and_indications_are_classes_with_their_qualifiers()
    {
        MofNamespace ns = Mofs.Compile("class T { [Key] string Id; }; [Association] class L { [Key] T REF A; [Key] T REF B; }; [Indication, Abstract] class I { string Text; };");
        CimClass link = ns.Classes.Single(c => c.ClassName == "L");
        Assert.True(link.IsAssociation);
        Assert.Equal(("T", CimType.Reference), (link.CimClassProperties["A"]!.ReferenceClassName, link.CimClassProperties["A"]!.CimType));
        CimClass indication = ns.Classes.Single(c => c.ClassName == "I");
        Assert.True(indication.IsIndication && indication.IsAbstract);
    }

    [Fact]
    public void Files_and_classes_may_come_in_any_order()
    {
        string[] files = ["class C : B { uint8 Z; };", "class B : A { uint8 Y; };", "class A { [Key] string X; };", "instance of C { X = \"x\"; Y = 2; Z = 3; };"];
        foreach (int[] order in (int[][])[[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
        {
            MofNamespace ns = Mofs.Compile([.. order.Select(i => files[i])]);
            Assert.Equal(["A", "B", "C"], ns.Classes.Select(c => c.ClassName));
            Assert.Equal("root/x:C.X=\"x\"", Assert.Single(ns.Instances).Path!.ToString());
        }
    }

    [Fact]
    public void A_chain_of_superclasses_that_is_absurdly_long_is_told_and_not_fatal()
    {
        var text = new System.Text.StringBuilder();
        for (int i = 100_000; i > 0; i--)
        {
            text.Append("class C").Append(i).Append(" : C").Append(i - 1).Append(" { };\n");
        }

        MofCompilation compilation = Mofs.Try(text.Append("class C0 { };").ToString());
        Assert.True(compilation.Success || compilation.Diagnostics.Any(d => d.Message.Contains("too many ancestors", StringComparison.Ordinal)));
        Assert.InRange(compilation.Diagnostics.Count, 0, MofCompiler.MaxDiagnostics);
    }

    [Fact]
    public void Pragmas_of_a_locale_are_passed_over_and_unknown_ones_are_told()
    {
        MofCompilation compilation = Mofs.Try("#pragma instancelocale(\"en_US\")\n#PRAGMA Locale (\"de\")\n#pragma colour(\"red\")\nclass T { };");
        Assert.True(compilation.Success);
        MofDiagnostic warning = Assert.Single(compilation.Diagnostics);
        Assert.Equal((MofSeverity.Warning, 3, 9), (warning.Severity, warning.Line, warning.Column));
        Assert.Contains("unknown pragma 'colour'", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pragma_puts_what_follows_into_its_namespace()
    {
        MofCompilation compilation = Mofs.Try("class T { [Key] string Id; };\n#pragma namespace(\"root/y\")\nQualifier Key : boolean = false, Scope(property);\nclass T { [Key] string Id; };\ninstance of T { Id = \"y\"; };");
        Assert.True(compilation.Success, string.Join('\n', compilation.Diagnostics));
        Assert.Equal(["root/x", "root/y"], compilation.Namespaces.Select(n => n.Name).Order());
        Assert.Empty(compilation.Namespaces.Single(n => n.Name == "root/x").Instances);
        Assert.Equal("root/y:T.Id=\"y\"", Assert.Single(compilation.Namespaces.Single(n => n.Name == "root/y").Instances).Path!.ToString());
    }
}
