namespace CimHost.Sdk.Cim;

/// <summary>
/// Makes a resolved class of a declaration and its resolved superclass (DSP0004 §5.6.3, §7.5): inherited elements first and in the
/// superclass's order, qualifiers propagated by their flavours, class origins set.
/// </summary>
public static class CimClassResolver
{
    /// <summary>Resolves a declaration.</summary>
    /// <param name="declaration">The class as declared.</param>
    /// <param name="superClass">Its superclass, resolved; null for a root class.</param>
    /// <param name="namespaceName">Namespace of the class.</param>
    public static CimClass Resolve(CimClass declaration, CimClass? superClass, string? namespaceName)
    {
        List<CimPropertyDeclaration> properties = Merge(
            declaration.CimClassProperties,
            superClass?.CimClassProperties,
            Inherit,
            (local, inherited) => local with { Qualifiers = Qualifiers(local.Qualifiers, inherited?.Qualifiers), ClassOrigin = declaration.ClassName, IsPropagated = false });
        List<CimMethodDeclaration> methods = Merge(
            declaration.CimClassMethods,
            superClass?.CimClassMethods,
            Inherit,
            (local, inherited) => local with
            {
                Qualifiers = Qualifiers(local.Qualifiers, inherited?.Qualifiers),
                Parameters = Parameters(local, inherited),
                ClassOrigin = declaration.ClassName,
                IsPropagated = false,
            });
        return new CimClass(
            declaration.ClassName,
            superClass?.ClassName,
            properties,
            methods,
            Qualifiers(declaration.CimClassQualifiers, superClass?.CimClassQualifiers),
            namespaceName,
            isResolved: true);
    }

    private static List<T> Merge<T>(CimNamedList<T> local, CimNamedList<T>? inherited, Func<T, T> inherit, Func<T, T?, T> own)
        where T : class, ICimNamed
    {
        var merged = new List<T>(local.Count + (inherited?.Count ?? 0));
        foreach (T element in inherited ?? CimNamedList<T>.Empty)
        {
            merged.Add(local[element.Name] is { } overriding ? own(overriding, element) : inherit(element));
        }

        foreach (T element in local)
        {
            if (inherited is null || !inherited.Contains(element.Name))
            {
                merged.Add(own(element, null));
            }
        }

        return merged;
    }

    // An element that was propagated once is the same object in every further subclass; a deep schema shares most of its elements.
    private static CimPropertyDeclaration Inherit(CimPropertyDeclaration property) => property.IsPropagated
        ? property
        : property with { IsPropagated = true, Qualifiers = Qualifiers(CimNamedList<CimQualifier>.Empty, property.Qualifiers) };

    private static CimMethodDeclaration Inherit(CimMethodDeclaration method) => method.IsPropagated
        ? method
        : method with { IsPropagated = true, Qualifiers = Qualifiers(CimNamedList<CimQualifier>.Empty, method.Qualifiers) };

    private static CimNamedList<CimParameterDeclaration> Parameters(CimMethodDeclaration local, CimMethodDeclaration? inherited) => inherited is null
        ? local.Parameters
        : new(local.Parameters.Select(p => p with { Qualifiers = Qualifiers(p.Qualifiers, inherited.Parameters[p.Name]?.Qualifiers) }));

    private static CimNamedList<CimQualifier> Qualifiers(CimNamedList<CimQualifier> local, CimNamedList<CimQualifier>? inherited)
    {
        if (inherited is null || inherited.Count == 0)
        {
            return local;
        }

        var merged = new List<CimQualifier>(local.Count + inherited.Count);
        foreach (CimQualifier qualifier in inherited)
        {
            if (qualifier.Flavors.HasFlag(CimQualifierFlavors.ToSubclass) && !local.Contains(qualifier.Name))
            {
                merged.Add(qualifier.IsPropagated ? qualifier : qualifier with { IsPropagated = true });
            }
        }

        merged.AddRange(local);
        return merged.Count == 0 ? CimNamedList<CimQualifier>.Empty : new CimNamedList<CimQualifier>(merged);
    }
}
