using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Query;

/// <summary>What the names of a query are checked against.</summary>
/// <param name="CimClass">The class selected from.</param>
/// <param name="FindClass">Another class by name, or null when there is none; null: other classes are not known and not checked.</param>
internal sealed record QueryBinding(CimClass CimClass, Func<string, CimClass?>? FindClass = null)
{
    /// <summary>Another class.</summary>
    /// <returns>Null when other classes are not known.</returns>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: there is none of that name.</exception>
    public CimClass? Require(QueryToken name)
    {
        if (FindClass is null)
        {
            return null;
        }

        return FindClass(name.Text)
            ?? throw new CimException(CimStatusCode.InvalidQuery, $"Character {name.Position} of the query: there is no class {name.Text}.");
    }

    /// <summary>A property of a class; null for those of the system, which no class declares.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_QUERY with the position: the class has none of that name.</exception>
    public static CimPropertyDeclaration? RequireProperty(CimClass cimClass, QueryToken name)
    {
        if (name.Text.StartsWith("__", StringComparison.Ordinal))
        {
            return null;
        }

        return cimClass.CimClassProperties[name.Text]
            ?? throw new CimException(CimStatusCode.InvalidQuery, $"Character {name.Position} of the query: class {cimClass.ClassName} has no property {name.Text}.");
    }
}
