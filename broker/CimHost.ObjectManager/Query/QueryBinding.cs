using CimHost.ObjectManager.Query.Parsing;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>What the names of a query are checked against.</summary>
/// <param name="Classes">The classes selected from, in the order of FROM.</param>
/// <param name="FindClass">Another class by name, or null when there is none; null: other classes are not known and not checked.</param>
internal sealed record QueryBinding(IReadOnlyList<CimClass> Classes, Func<string, CimClass?>? FindClass = null)
{
    /// <summary>For a query over one class.</summary>
    public QueryBinding(CimClass cimClass, Func<string, CimClass?>? findClass = null)
        : this([cimClass], findClass)
    {
    }

    /// <summary>Another class.</summary>
    /// <returns>Null when other classes are not known.</returns>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: there is none of that name.</exception>
    public CimClass? Require(QueryToken name)
    {
        if (FindClass is null)
        {
            return null;
        }

        return FindClass(name.Text) ?? throw name.Invalid($"there is no class {name.Text}.");
    }

    /// <summary>A property of a class; null for those of the system, which no class declares.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: the class has none of that name.</exception>
    public static CimPropertyDeclaration? RequireProperty(CimClass cimClass, QueryToken name)
    {
        if (name.Text.StartsWith("__", StringComparison.Ordinal))
        {
            return null;
        }

        return cimClass.CimClassProperties[name.Text] ?? throw name.Invalid($"class {cimClass.ClassName} has no property {name.Text}.");
    }
}
