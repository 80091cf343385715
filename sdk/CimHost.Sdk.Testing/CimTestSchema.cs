using System.Collections.Concurrent;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using CimHost.Wbem.Mof;

namespace CimHost.Sdk.Testing;

/// <summary>The classes of some MOF folders, resolved, for provider tests that run without an object manager.</summary>
public sealed class CimTestSchema
{
    private readonly Dictionary<string, CimClass> _declared;
    private readonly ConcurrentDictionary<string, CimClass> _resolved = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _namespace;

    private CimTestSchema(string namespaceName, IEnumerable<CimClass> classes)
    {
        _namespace = namespaceName;
        _declared = classes.ToDictionary(c => c.ClassName, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Names of all classes.</summary>
    public IEnumerable<string> ClassNames => _declared.Keys;

    /// <summary>Compiles the MOF files of folders (or zips) together into one namespace.</summary>
    /// <exception cref="InvalidOperationException">The MOF does not compile; the message holds the errors.</exception>
    public static CimTestSchema Compile(string namespaceName, params IEnumerable<string> paths)
    {
        MofSource[] sources = [.. paths.SelectMany(MofSource.FromPath)];
        MofCompilation compilation = MofCompiler.Compile(sources, new MofCompilerOptions { Namespace = namespaceName });
        return compilation.Success
            ? new CimTestSchema(namespaceName, compilation.Namespaces.Where(n => string.Equals(n.Name, namespaceName, StringComparison.OrdinalIgnoreCase)).SelectMany(n => n.Classes))
            : throw new InvalidOperationException(string.Join('\n', compilation.Diagnostics));
    }

    /// <summary>A class with everything it inherits.</summary>
    /// <exception cref="KeyNotFoundException">The MOF declares no such class.</exception>
    public CimClass this[string className] => _resolved.GetOrAdd(className, name =>
    {
        CimClass declared = _declared[name];
        return CimClassResolver.Resolve(declared, declared.CimSuperClassName is { } super ? this[super] : null, _namespace);
    });

    /// <summary>A request for the instances of a class.</summary>
    public CimProviderRequest Request(string className, params IReadOnlyList<string>? propertyList) =>
        new(this[className], _namespace, propertyList is { Count: 0 } ? null : propertyList);

    /// <summary>True when the class is the other or derives from it.</summary>
    public bool IsOrDerivesFrom(string className, string ancestor)
    {
        for (string? name = className; name is not null && _declared.TryGetValue(name, out CimClass? cimClass); name = cimClass.CimSuperClassName)
        {
            if (string.Equals(name, ancestor, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
