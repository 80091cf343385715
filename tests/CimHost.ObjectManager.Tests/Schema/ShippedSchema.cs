using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;

namespace CimHost.ObjectManager.Tests.Schema;

/// <summary>The MOF that lies beside the executable, compiled once for all tests.</summary>
internal static class ShippedSchema
{
    /// <summary>Folder to which the build copies it.</summary>
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "schema");

    private static readonly Lazy<MofCompilation> Compiled = new(() => MofCompiler.Compile(
        MofSource.FromPath(Folder),
        new MofCompilerOptions { Namespace = "root/cimv2", AlsoInto = ["root/interop"] }));

    /// <summary>The compilation, with its diagnostics.</summary>
    public static MofCompilation Compilation => Compiled.Value;

    /// <summary>The classes of the CIM Schema in it, as declared, by name.</summary>
    public static IReadOnlyDictionary<string, CimClass> CimClasses => Namespace("root/cimv2").Classes
        .Where(c => c.ClassName.StartsWith("CIM_", StringComparison.Ordinal))
        .ToDictionary(c => c.ClassName, StringComparer.Ordinal);

    /// <summary>What was compiled into a namespace.</summary>
    public static MofNamespace Namespace(string name) => Compilation.Namespaces.Single(n => n.Name == name);
}
