using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Schema;

/// <summary>The rules of DSP0004 that a class must keep to be taken into a schema.</summary>
internal static class ClassRules
{
    /// <summary>Checks a declaration against its resolved superclass and the qualifier declarations of its namespace.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_SUPERCLASS or CIM_ERR_INVALID_PARAMETER; the message names the class, the element and the rule.</exception>
    public static void Check(CimClass declaration, CimClass? superClass, Func<string, CimQualifierDeclaration?> findQualifier)
    {
        CheckKind(declaration, superClass);
        CheckQualifiers(declaration, superClass, findQualifier);
        bool superHasKeys = superClass is not null && superClass.KeyIndexes.Count > 0;
        bool isAssociation = declaration.IsAssociation || superClass?.IsAssociation == true;
        foreach (CimPropertyDeclaration property in declaration.CimClassProperties)
        {
            CheckProperty(declaration, property, superClass?.CimClassProperties[property.Name], superHasKeys, isAssociation);
        }

        foreach (CimMethodDeclaration method in declaration.CimClassMethods)
        {
            CheckMethod(declaration, method, superClass?.CimClassMethods[method.Name]);
        }

        CheckReferences(declaration, superClass, isAssociation);
    }

    private static void CheckKind(CimClass declaration, CimClass? superClass)
    {
        if (superClass is null)
        {
            return;
        }

        if (superClass.HasQualifier("Terminal"))
        {
            throw new CimException(CimStatusCode.InvalidSuperclass, $"Class {declaration.ClassName} cannot derive from {superClass.ClassName}, which is terminal.");
        }

        if (declaration.IsAssociation && !superClass.IsAssociation && superClass.CimClassProperties.Count > 0)
        {
            throw new CimException(CimStatusCode.InvalidSuperclass, $"Association {declaration.ClassName} cannot derive from {superClass.ClassName}, which is no association.");
        }

        if (declaration.IsIndication && !superClass.IsIndication)
        {
            throw new CimException(CimStatusCode.InvalidSuperclass, $"Indication {declaration.ClassName} cannot derive from {superClass.ClassName}, which is no indication.");
        }

        if (declaration.IsAbstract && !superClass.IsAbstract)
        {
            throw new CimException(CimStatusCode.InvalidSuperclass, $"Abstract class {declaration.ClassName} cannot derive from {superClass.ClassName}, which is concrete (DSP0004 §5.6.3.1).");
        }
    }

    private static void CheckProperty(CimClass declaration, CimPropertyDeclaration property, CimPropertyDeclaration? inherited, bool superHasKeys, bool isAssociation)
    {
        string name = $"{declaration.ClassName}.{property.Name}";
        if (property.CimType.ElementType() == CimType.Reference && !isAssociation && property.CimType.IsArray())
        {
            throw CimException.InvalidParameter($"Property {name} is an array of references, which only a method may have.");
        }

        if (inherited is null)
        {
            if (property.IsKey && superHasKeys)
            {
                throw CimException.InvalidParameter($"Property {name} cannot be a key: the superclass has keys already (DSP0004 §5.6.3.26).");
            }

            return;
        }

        if (property.CimType != inherited.CimType)
        {
            throw CimException.InvalidParameter($"Property {name} has another type than the inherited one ({Type(property.CimType)} instead of {Type(inherited.CimType)}).");
        }

        if (property.HasQualifier("Key") && !inherited.IsKey)
        {
            throw CimException.InvalidParameter($"Property {name} cannot become a key: the inherited one is none (DSP0004 §5.6.3.26).");
        }

        if (property.Qualifiers["Override"] is { } overrides && overrides.Value.AsString() is { } overridden
            && !string.Equals(overridden.Split('.')[^1], property.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw CimException.InvalidParameter($"Property {name} overrides {overridden}, which has another name.");
        }
    }

    private static void CheckMethod(CimClass declaration, CimMethodDeclaration method, CimMethodDeclaration? inherited)
    {
        string name = $"{declaration.ClassName}.{method.Name}";
        if (method.ReturnType.IsArray())
        {
            throw CimException.InvalidParameter($"Method {name} returns an array, which DSP0004 does not allow.");
        }

        if (inherited is not null && inherited.ReturnType != method.ReturnType)
        {
            throw CimException.InvalidParameter($"Method {name} has another return type than the inherited one ({Type(method.ReturnType)} instead of {Type(inherited.ReturnType)}).");
        }
    }

    private static void CheckReferences(CimClass declaration, CimClass? superClass, bool isAssociation)
    {
        int references = declaration.CimClassProperties.Count(p => p.CimType == CimType.Reference && superClass?.CimClassProperties.Contains(p.Name) != true)
            + (superClass?.CimClassProperties.Count(p => p.CimType == CimType.Reference) ?? 0);
        if (isAssociation && references < 2)
        {
            throw CimException.InvalidParameter($"Association {declaration.ClassName} has {references} references; an association has at least two (DSP0004 §7.8).");
        }

        if (!isAssociation && references > 0)
        {
            throw CimException.InvalidParameter($"Class {declaration.ClassName} has references and is no association (DSP0004 §7.8).");
        }
    }

    private static void CheckQualifiers(CimClass declaration, CimClass? superClass, Func<string, CimQualifierDeclaration?> find)
    {
        CimQualifierScopes classScope = CimQualifierScopes.Class
            | (declaration.IsAssociation || superClass?.IsAssociation == true ? CimQualifierScopes.Association : 0)
            | (declaration.IsIndication || superClass?.IsIndication == true ? CimQualifierScopes.Indication : 0);
        Check(declaration.ClassName, declaration.CimClassQualifiers, superClass?.CimClassQualifiers, classScope, find);
        foreach (CimPropertyDeclaration property in declaration.CimClassProperties)
        {
            CimQualifierScopes scope = property.CimType == CimType.Reference ? CimQualifierScopes.Reference : CimQualifierScopes.Property;
            Check($"{declaration.ClassName}.{property.Name}", property.Qualifiers, superClass?.CimClassProperties[property.Name]?.Qualifiers, scope, find);
        }

        foreach (CimMethodDeclaration method in declaration.CimClassMethods)
        {
            string name = $"{declaration.ClassName}.{method.Name}";
            Check(name, method.Qualifiers, superClass?.CimClassMethods[method.Name]?.Qualifiers, CimQualifierScopes.Method, find);
            foreach (CimParameterDeclaration parameter in method.Parameters)
            {
                Check($"{name}({parameter.Name})", parameter.Qualifiers, null, CimQualifierScopes.Parameter | CimQualifierScopes.Reference, find);
            }
        }
    }

    private static void Check(string owner, CimNamedList<CimQualifier> qualifiers, CimNamedList<CimQualifier>? inherited, CimQualifierScopes scope, Func<string, CimQualifierDeclaration?> find)
    {
        foreach (CimQualifier qualifier in qualifiers)
        {
            if (find(qualifier.Name) is not { } declared)
            {
                throw CimException.InvalidParameter($"Qualifier {qualifier.Name} on {owner} is not declared in this namespace.");
            }

            if ((declared.Scopes & scope) == 0)
            {
                throw CimException.InvalidParameter($"Qualifier {qualifier.Name} may not stand on {owner}: its scope is {declared.Scopes}.");
            }

            if (!qualifier.Value.IsNull && qualifier.Value.Type != declared.CimType)
            {
                throw CimException.InvalidParameter($"Qualifier {qualifier.Name} on {owner} is {Type(qualifier.Value.Type)}; it is declared as {Type(declared.CimType)}.");
            }

            if (inherited?[qualifier.Name] is { } old && old.Flavors.HasFlag(CimQualifierFlavors.ToSubclass) && !old.Flavors.HasFlag(CimQualifierFlavors.Overridable) && old.Value != qualifier.Value)
            {
                throw CimException.InvalidParameter($"Qualifier {qualifier.Name} on {owner} cannot have another value than in the superclass (DisableOverride).");
            }
        }
    }

    private static string Type(CimType type) => type.IsArray() ? type.ElementName() + "[]" : type.ElementName();
}
