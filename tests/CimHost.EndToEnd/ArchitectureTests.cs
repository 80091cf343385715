using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>Which way the doors open: what each assembly refers to, read from the assemblies as built.</summary>
public partial class ArchitectureTests
{
    /// <summary>Assembly, and the assemblies of this project that it may refer to.</summary>
    public static TheoryData<string, string, string[]> Doors => new()
    {
        { "sdk/CimHost.Sdk", "CimHost.Sdk.dll", [] },
        { "sdk/CimHost.Wbem", "CimHost.Wbem.dll", ["CimHost.Sdk"] },
        { "sdk/CimHost.Sdk.Testing", "CimHost.Sdk.Testing.dll", ["CimHost.Sdk", "CimHost.Wbem"] },
        { "broker/CimHost.VmKernel", "CimHost.VmKernel.dll", ["CimHost.Sdk"] },
        { "broker/CimHost.ObjectManager", "CimHost.ObjectManager.dll", ["CimHost.Sdk", "CimHost.Wbem"] },
        { "broker/CimHost.Endpoints", "CimHost.Endpoints.dll", ["CimHost.Sdk", "CimHost.Wbem", "CimHost.ObjectManager"] },
        { "broker/CimHost.Alerts", "CimHost.Alerts.dll", ["CimHost.Sdk", "CimHost.Wbem", "CimHost.ObjectManager"] },
        { "broker/CimHost.Snmp", "CimHost.Snmp.dll", ["CimHost.Sdk", "CimHost.Wbem", "CimHost.ObjectManager", "CimHost.Alerts"] },
        { "broker/CimHost", "cimhost.dll", ["CimHost.Sdk", "CimHost.Wbem", "CimHost.ObjectManager", "CimHost.Alerts", "CimHost.Snmp", "CimHost.Endpoints", "CimHost.VmKernel"] },
        { "providers/CimHost.Providers.Ipmi", "CimHost.Providers.Ipmi.dll", ["CimHost.Sdk"] },
        { "providers/CimHost.Providers.Sensors", "CimHost.Providers.Sensors.dll", ["CimHost.Sdk"] },
        { "providers/CimHost.Providers.Storage", "CimHost.Providers.Storage.dll", ["CimHost.Sdk"] },
        { "providers/CimHost.Providers.Platform", "CimHost.Providers.Platform.dll", ["CimHost.Sdk"] },
        { "providers/CimHost.Providers.Power", "CimHost.Providers.Power.dll", ["CimHost.Sdk"] },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public void An_assembly_refers_only_to_what_the_architecture_allows(string project, string file, string[] allowed)
    {
        IEnumerable<string> own = References(RepositoryRoot.Built(project, file)).Where(n => n.StartsWith("CimHost.", StringComparison.Ordinal));
        Assert.Empty(own.Except(allowed));
    }

    [Fact]
    public void The_SDK_depends_on_nothing_but_the_composition_attributes()
    {
        IEnumerable<string> references = References(RepositoryRoot.Built("sdk/CimHost.Sdk", "CimHost.Sdk.dll"));
        Assert.Equal(["System.Composition.AttributedModel"], references.Where(n => n.StartsWith("System.Composition", StringComparison.Ordinal) || !n.StartsWith("System.", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_package_does_not_bring_the_SDK_along()
    {
        string packages = Path.Combine(Path.GetDirectoryName(RepositoryRoot.HostExecutable)!, "packages");
        Assert.NotEmpty(Directory.EnumerateFiles(packages, "CimHost.Providers.*.dll", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(packages, "CimHost.Sdk.dll", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_source_file_has_one_namespace_for_all_of_it_the_usings_before_and_says_who_may_use_its_types_and_their_members()
    {
        string[] sources = [.. new[] { "sdk", "broker", "providers", "tests" }.SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))];
        Assert.True(sources.Length > 500, $"{sources.Length} files");
        Assert.All(sources, path =>
        {
            string text = File.ReadAllText(path);
            Assert.DoesNotMatch(Misplaced(), text);

            // Members of interfaces are public without saying so.
            if (!Interface().IsMatch(text))
            {
                Assert.DoesNotMatch(MemberWithoutAccess(), text);
            }
        });
    }

    // A namespace with braces, a using directive after the namespace, a type without access modifier.
    [GeneratedRegex(@"^namespace [\w.]+\s*$|^namespace [\w.]+;[\s\S]*^using [\w.]+;|^(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record|struct|interface|enum) ", RegexOptions.Multiline)]
    private static partial Regex Misplaced();

    [GeneratedRegex(@"^(?:\w+ )*interface ", RegexOptions.Multiline)]
    private static partial Regex Interface();

    // A method, field or property of a type of the namespace. A line of parameters ends in more brackets than it begins.
    [GeneratedRegex(
        @"^ {4}(?:(?:static|readonly|const|async|override|virtual|sealed|abstract|unsafe|required|extern|volatile|partial) )*"
        + @"(?!(?:public|private|protected|internal|file|static|readonly|const|async|override|virtual|sealed|abstract|unsafe|required|extern|volatile|partial)\b)"
        + @"(?!(?:return|await|throw|if|foreach|for|while|using|var|yield|else|case|switch|try|catch|finally|lock|where|new|base|goto|is|and|or|not|event|get|set|init)\b)"
        + @"[A-Za-z_][\w.<>\[\]?]* \w+(?:\(.*|;| = [^()]*(?:\([^()]*\)[^()]*)*;| \{.*|)$",
        RegexOptions.Multiline)]
    private static partial Regex MemberWithoutAccess();

    private static List<string> References(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var pe = new PEReader(stream);
        MetadataReader metadata = pe.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name)).Order(StringComparer.Ordinal)];
    }
}
