using System.Text;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>The MOF compiler: whatever it is given it returns, with a place for every finding, and compiles nothing where there is an error.</summary>
public class MofFuzz
{
    private const string Qualifiers = """
        Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
        Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
        Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
        Qualifier ValueMap : string[], Scope(property, method, parameter);
        Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter);
        """;

    private static readonly byte[][] s_seeds = [.. new[]
    {
        Qualifiers + "\n/* one */ // two\n#pragma namespace(\"root/x\")\n#pragma include(\"other.mof\")\n#pragma locale(\"en_US\")\n",
        Qualifiers + "[Description(\"a\" \"b\\n\\x41\")] class A { [Key] string Id; uint8 B = 0x1F; sint64 C = -5; real32 D = 1.5e-3; char16 E = 'x'; boolean F = true; datetime G = \"20260101000000.000000+000\"; uint16 H[] = {1, 2, 3}; uint16 I[4]; };",
        Qualifiers + "class A { [Key] string Id; }; class B : A { uint32 M([Description(\"p\")] uint16 P, string Q[]); }; [Association] class L { [Key] A REF X; [Key] A REF Y; };",
        Qualifiers + "class A { [Key] string Id; uint32 N; string T[]; }; instance of A as $One { Id = \"1\"; N = 0101b; T = {\"x\", null}; }; instance of A { Id = \"2\"; N = 017; };",
        Qualifiers + "class E { uint8 V; }; class A { [Key] string Id; [EmbeddedInstance(\"E\")] string X; }; instance of E as $E { V = 1; }; instance of A { Id = \"1\"; X = $E; };",
    }.Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void The_MOF_compiler() => Fuzzer.Run(s_seeds, bytes =>
    {
        MofCompilation compilation = MofCompiler.Compile([new MofSource("fuzz.mof", bytes)], new MofCompilerOptions { Namespace = "root/cimv2" });
        Assert.True(compilation.Diagnostics.Count <= MofCompiler.MaxDiagnostics);
        Assert.All(compilation.Diagnostics, d => Assert.True(d.Line >= 1 && d.Column >= 1 && d.ToString().Length > 0));
        if (!compilation.Success)
        {
            Assert.Empty(compilation.Namespaces);
        }
    });
}
