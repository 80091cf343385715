using System.Reflection;
using System.Runtime.Loader;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Providers;

/// <summary>
/// The assemblies of one provider package, apart from those of every other. What the package and the host must agree on (the SDK and the
/// composition attributes) always comes from the host.
/// </summary>
internal sealed class PackageLoadContext : AssemblyLoadContext
{
    private static readonly string[] s_shared =
    [
        typeof(ICimProvider).Assembly.GetName().Name!,
        typeof(System.Composition.ExportAttribute).Assembly.GetName().Name!,
    ];

    private readonly AssemblyDependencyResolver _resolver;

    public PackageLoadContext(string packageName, string assemblyPath)
        : base("provider package " + packageName, isCollectible: true) => _resolver = new AssemblyDependencyResolver(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (s_shared.Contains(assemblyName.Name, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        string? path = _resolver.ResolveAssemblyToPath(assemblyName);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
