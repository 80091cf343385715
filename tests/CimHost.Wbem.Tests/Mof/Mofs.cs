using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>Compiles MOF for tests, with the usual qualifiers declared.</summary>
internal static class Mofs
{
    public const string Qualifiers = """
        Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
        Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
        Qualifier Indication : boolean = false, Scope(class, indication), Flavor(DisableOverride, ToSubclass);
        Qualifier Abstract : boolean = false, Scope(class, association, indication), Flavor(EnableOverride, Restricted);
        Qualifier Override : string = null, Scope(property, reference, method), Flavor(EnableOverride, Restricted);
        Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
        Qualifier ValueMap : string[], Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        Qualifier Values : string[], Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass, Translatable);
        Qualifier MaxLen : uint32 = null, Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier OctetString : boolean = false, Scope(property, method, parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        Qualifier EmbeddedObject : boolean = false, Scope(property, method, parameter), Flavor(DisableOverride, ToSubclass);
        """;

    private static readonly MofSource s_qualifiers = new("qualifiers.mof", Qualifiers);

    public static MofCompilation Try(params string[] files) => MofCompiler.Compile(
        [s_qualifiers, .. files.Select((text, i) => new MofSource($"{(char)('a' + i)}.mof", text))], new MofCompilerOptions { Namespace = "root/x" });

    public static MofNamespace Compile(params string[] files)
    {
        MofCompilation compilation = Try(files);
        Assert.True(compilation.Success, string.Join('\n', compilation.Diagnostics));
        return compilation.Namespaces.Single(n => n.Name == "root/x");
    }

    /// <summary>The one error of a compilation that must fail and hand out nothing.</summary>
    public static MofDiagnostic Error(params string[] files)
    {
        MofCompilation compilation = Try(files);
        Assert.Empty(compilation.Namespaces);
        return Assert.Single(compilation.Diagnostics);
    }

    /// <summary>The value that a property of the given type has when this is its default.</summary>
    public static CimValue Value(string type, string literal)
    {
        bool array = type.EndsWith("[]", StringComparison.Ordinal);
        return Compile($"class T {{ {type.Replace("[]", string.Empty, StringComparison.Ordinal)} P{(array ? "[]" : string.Empty)} = {literal}; }};").Classes[0].CimClassProperties[0].DefaultValue;
    }

    public static CimInstance Instance(MofNamespace ns, string className) => Assert.Single(ns.Instances, i => i.ClassName == className);
}
