using System.Text.RegularExpressions;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.ObjectManager.Tests.Schema;

/// <summary>The shipped CIM classes say in other words what those of the DMTF CIM Schema 2.49 say, and nothing else.</summary>
public sealed partial class ShippedSchemaComparisonTests
{
    // Text for people and for other models; all other qualifiers must agree.
    private static readonly HashSet<string> Prose = new(StringComparer.OrdinalIgnoreCase)
    {
        "Description", "DisplayName", "DisplayDescription", "MappingStrings", "ModelCorrespondence", "UMLPackagePath",
        "ClassConstraint", "PropertyConstraint", "MethodConstraint",
    };

    private static readonly Lazy<MofNamespace> Dmtf = new(() =>
    {
        MofCompilation compilation = MofCompiler.Compile(MofSource.FromPath(ShippedSchemaDmtfFactAttribute.ArchivePath!), new MofCompilerOptions());
        Assert.Empty(compilation.Diagnostics);
        return compilation.Namespaces.Single();
    });

    private readonly List<string> _differences = [];

    [ShippedSchemaDmtfFact]
    public void Every_shipped_CIM_class_equals_that_of_the_DMTF_except_in_prose()
    {
        Dictionary<string, CimClass> originals = Dmtf.Value.Classes.ToDictionary(c => c.ClassName, StringComparer.Ordinal);
        Assert.NotEmpty(ShippedSchema.CimClasses);
        foreach (CimClass shipped in ShippedSchema.CimClasses.Values)
        {
            if (!originals.TryGetValue(shipped.ClassName, out CimClass? original))
            {
                _differences.Add($"{shipped.ClassName} is not in the DMTF's schema");
                continue;
            }

            Compare(shipped.ClassName, "superclass", shipped.CimSuperClassName, original.CimSuperClassName);
            Qualifiers(shipped.ClassName, shipped.CimClassQualifiers, original.CimClassQualifiers);
            Properties(shipped, original);
            Methods(shipped, original);
        }

        AssertNothing(_differences);
    }

    [ShippedSchemaDmtfFact]
    public void Every_qualifier_declaration_equals_that_of_the_DMTF()
    {
        IReadOnlyList<CimQualifierDeclaration> shipped = ShippedSchema.Namespace("root/cimv2").Qualifiers;
        Names("qualifiers", shipped.Select(q => q.Name).Order(StringComparer.Ordinal), Dmtf.Value.Qualifiers.Select(q => q.Name).Order(StringComparer.Ordinal));
        foreach (CimQualifierDeclaration original in Dmtf.Value.Qualifiers)
        {
            CimQualifierDeclaration? ours = shipped.SingleOrDefault(q => q.Name == original.Name);
            Compare(original.Name, "type", ours?.CimType, original.CimType);
            Compare(original.Name, "default", ours?.DefaultValue, original.DefaultValue);
            Compare(original.Name, "scopes", ours?.Scopes, original.Scopes);
            Compare(original.Name, "flavors", ours?.Flavors, original.Flavors);
        }

        AssertNothing(_differences);
    }

    [ShippedSchemaDmtfFact]
    public void No_shipped_description_is_the_text_of_the_DMTF()
    {
        HashSet<string> originals = [.. Dmtf.Value.Classes.SelectMany(Descriptions).Select(Plain)];
        Assert.NotEmpty(originals);
        List<string> copied = [.. ShippedSchema.Namespace("root/cimv2").Classes.SelectMany(Descriptions).Where(d => originals.Contains(Plain(d)))];
        AssertNothing(copied);
    }

    private void Properties(CimClass shipped, CimClass original)
    {
        Names(shipped.ClassName + " properties", shipped.CimClassProperties.Select(p => p.Name), original.CimClassProperties.Select(p => p.Name));
        foreach (CimPropertyDeclaration property in original.CimClassProperties)
        {
            if (shipped.CimClassProperties[property.Name] is { } ours)
            {
                string name = $"{shipped.ClassName}.{property.Name}";
                Elements(name, ours, property);
                Compare(name, "key", ours.IsKey, property.IsKey);
                Compare(name, "default", ours.DefaultValue, property.DefaultValue);
            }
        }
    }

    private void Methods(CimClass shipped, CimClass original)
    {
        Names(shipped.ClassName + " methods", shipped.CimClassMethods.Select(m => m.Name), original.CimClassMethods.Select(m => m.Name));
        foreach (CimMethodDeclaration method in original.CimClassMethods)
        {
            if (shipped.CimClassMethods[method.Name] is not { } ours)
            {
                continue;
            }

            string name = $"{shipped.ClassName}.{method.Name}()";
            Compare(name, "return type", ours.ReturnType, method.ReturnType);
            Qualifiers(name, ours.Qualifiers, method.Qualifiers);
            Names(name + " parameters", ours.Parameters.Select(p => p.Name), method.Parameters.Select(p => p.Name));
            foreach (CimParameterDeclaration parameter in method.Parameters.Where(p => ours.Parameters.Contains(p.Name)))
            {
                Elements($"{name} {parameter.Name}", ours.Parameters[parameter.Name]!, parameter);
            }
        }
    }

    private void Elements(string name, CimTypedElement shipped, CimTypedElement original)
    {
        Compare(name, "type", shipped.CimType, original.CimType);
        Compare(name, "array size", shipped.ArraySize, original.ArraySize);
        Compare(name, "reference class", shipped.ReferenceClassName, original.ReferenceClassName);
        Compare(name, "embedded class", shipped.EmbeddedClassName, original.EmbeddedClassName);
        Qualifiers(name, shipped.Qualifiers, original.Qualifiers);
    }

    private void Qualifiers(string name, CimNamedList<CimQualifier> shipped, CimNamedList<CimQualifier> original)
    {
        static IEnumerable<string> Kept(CimNamedList<CimQualifier> list) => list.Select(q => q.Name).Where(n => !Prose.Contains(n)).Order(StringComparer.Ordinal);
        Names(name + " qualifiers", Kept(shipped), Kept(original));
        foreach (CimQualifier qualifier in original.Where(q => !Prose.Contains(q.Name) && shipped.Contains(q.Name)))
        {
            Compare(name, qualifier.Name, shipped[qualifier.Name]!.Value, qualifier.Value);
            Compare(name, qualifier.Name + " flavors", shipped[qualifier.Name]!.Flavors, qualifier.Flavors);
        }
    }

    private void Names(string of, IEnumerable<string> shipped, IEnumerable<string> original) =>
        Compare(of, "names", string.Join(' ', shipped), string.Join(' ', original));

    private void Compare<T>(string name, string what, T shipped, T original)
    {
        if (!EqualityComparer<T>.Default.Equals(shipped, original))
        {
            _differences.Add($"{name}: {what} is '{shipped}', the DMTF's '{original}'");
        }
    }

    // What is wrong is shown whole, up to a number that a person reads.
    private static void AssertNothing(List<string> found) => Assert.True(found.Count == 0, string.Join('\n', found.Take(40).Prepend($"{found.Count} found:")));

    private static IEnumerable<string> Descriptions(CimClass cimClass) => cimClass.CimClassProperties.Select(p => p.Qualifiers)
        .Concat(cimClass.CimClassMethods.Select(m => m.Qualifiers))
        .Concat(cimClass.CimClassMethods.SelectMany(m => m.Parameters).Select(p => p.Qualifiers))
        .Append(cimClass.CimClassQualifiers)
        .Select(q => q["Description"]?.Value.AsString())
        .OfType<string>();

    private static string Plain(string text) => NotLetters().Replace(text, " ").Trim().ToUpperInvariant();

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex NotLetters();
}
