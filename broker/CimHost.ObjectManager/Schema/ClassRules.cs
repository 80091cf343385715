using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Schema;

/// <summary>The rules of DSP0004 that a class must keep to be taken into a schema.</summary>
internal static class ClassRules
{
    private const int MaxName = 256;

    /// <summary>Checks a declaration against its resolved superclass and the qualifier declarations of its namespace.</summary>
    /// <param name="declaration">The class as declared.</param>
    /// <param name="superClass">Its superclass, resolved; null for a root class.</param>
    /// <param name="findQualifier">Finds a qualifier declaration of the namespace.</param>
    /// <param name="isSubclassOf">Whether a class (first) is another (second) or below it.</param>
    /// <exception cref="CimException">CIM_ERR_INVALID_SUPERCLASS or CIM_ERR_INVALID_PARAMETER; the message names the class, the element and the rule.</exception>
    public static void Check(CimClass declaration, CimClass? superClass, Func<string, CimQualifierDeclaration?> findQualifier, Func<string, string, bool> isSubclassOf)
    {
        CheckNames(declaration, superClass);
        CheckKind(declaration, superClass);
        CheckQualifiers(declaration, superClass, findQualifier);
        bool superHasKeys = superClass is not null && superClass.KeyIndexes.Count > 0;
        bool isAssociation = declaration.IsAssociation || superClass?.IsAssociation == true;
        foreach (CimPropertyDeclaration property in declaration.CimClassProperties)
        {
            CheckProperty(declaration, property, superClass?.CimClassProperties[property.Name], superHasKeys, isSubclassOf);
        }

        foreach (CimMethodDeclaration method in declaration.CimClassMethods)
        {
            CheckMethod(declaration, method, superClass?.CimClassMethods[method.Name]);
        }

        CheckReferences(declaration, superClass, isAssociation);
    }

    private static void CheckNames(CimClass declaration, CimClass? superClass)
    {
        RequireName(declaration.ClassName, "The class");
        foreach (CimPropertyDeclaration property in declaration.CimClassProperties)
        {
            RequireName(property.Name, $"A property of {declaration.ClassName}");
            if (declaration.CimClassMethods.Contains(property.Name) || superClass?.CimClassMethods.Contains(property.Name) == true)
            {
                throw CimException.InvalidParameter($"{declaration.ClassName}.{property.Name} is a property and a method at once.");
            }
        }

        foreach (CimMethodDeclaration method in declaration.CimClassMethods)
        {
            RequireName(method.Name, $"A method of {declaration.ClassName}");
            if (superClass?.CimClassProperties.Contains(method.Name) == true)
            {
                throw CimException.InvalidParameter($"{declaration.ClassName}.{method.Name} is a method and, in the superclass, a property.");
            }
        }
    }

    // DSP0004 §A.1: letters, digits, underscore and any character from U+0080 on; no digit first.
    private static void RequireName(string name, string what)
    {
        bool isName = name.Length is > 0 and <= MaxName && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c >= 0x80);
        if (!isName)
        {
            string shown = name.Length > MaxName ? name[..MaxName] + "…" : name;
            throw CimException.InvalidParameter($"{what} is named '{shown}'; a name has 1 to {MaxName} letters, digits and underscores and no digit first.");
        }
    }

    private static void CheckKind(CimClass declaration, CimClass? superClass)
    {
        if (declaration.IsAbstract && declaration.HasQualifier("Terminal"))
        {
            throw CimException.InvalidParameter($"Class {declaration.ClassName} is abstract and terminal at once; it could have neither instances nor subclasses.");
        }

        if (declaration.IsAssociation && declaration.IsIndication)
        {
            throw CimException.InvalidParameter($"Class {declaration.ClassName} is an association and an indication at once.");
        }

        if (superClass is null)
        {
            return;
        }

        // An abstract class below a concrete one is allowed: CIM 2.49 itself has some (CIM_PolicyInSystem below CIM_HostedDependency).
        string? problem =
            superClass.HasQualifier("Terminal") ? $"Class {declaration.ClassName} cannot derive from {superClass.ClassName}, which is terminal."
            : declaration.IsAssociation && !superClass.IsAssociation ? $"Association {declaration.ClassName} cannot derive from {superClass.ClassName}, which is no association."
            : declaration.IsIndication && !superClass.IsIndication ? $"Indication {declaration.ClassName} cannot derive from {superClass.ClassName}, which is no indication."
            : null;
        if (problem is not null)
        {
            throw new CimException(CimStatusCode.InvalidSuperclass, problem);
        }
    }

    private static void CheckProperty(CimClass declaration, CimPropertyDeclaration property, CimPropertyDeclaration? inherited, bool superHasKeys, Func<string, string, bool> isSubclassOf)
    {
        string name = $"{declaration.ClassName}.{property.Name}";
        if (property.CimType == CimType.ReferenceArray)
        {
            throw CimException.InvalidParameter($"Property {name} is an array of references, which only a parameter of a method may be.");
        }

        if (!property.DefaultValue.IsNull && property.DefaultValue.Type != property.CimType)
        {
            throw CimException.InvalidParameter($"The default of property {name} is {Type(property.DefaultValue.Type)}; the property is {Type(property.CimType)}.");
        }

        // A key may come with an override (CIM_SoftwareFeature.Name) as long as no ancestor has keys.
        if (property.HasQualifier("Key") && superHasKeys && inherited?.IsKey != true)
        {
            throw CimException.InvalidParameter($"Property {name} cannot be a key: the superclass has keys already (DSP0004 §5.6.3.26).");
        }

        CheckOverride(name, property.Name, property.Qualifiers["Override"], inherited is not null);
        if (inherited is null)
        {
            return;
        }

        if (property.CimType != inherited.CimType)
        {
            throw CimException.InvalidParameter($"Property {name} has another type than the inherited one ({Type(property.CimType)} instead of {Type(inherited.CimType)}).");
        }

        CheckTarget(name, "refers to", property.ReferenceClassName, inherited.ReferenceClassName, isSubclassOf);
        CheckTarget(name, "holds instances of", property.EmbeddedClassName, inherited.EmbeddedClassName, isSubclassOf);
    }

    private static void CheckOverride(string name, string elementName, CimQualifier? overrides, bool hasInherited)
    {
        if (overrides?.Value.AsString() is not { Length: > 0 } overridden)
        {
            return;
        }

        if (!string.Equals(overridden.Split('.')[^1], elementName, StringComparison.OrdinalIgnoreCase))
        {
            throw CimException.InvalidParameter($"{name} overrides {overridden}, which has another name.");
        }

        if (!hasInherited)
        {
            throw CimException.InvalidParameter($"{name} overrides {overridden}, which no superclass has.");
        }
    }

    // An override may name a subclass of the inherited target (DSP0004 §5.6.3.34); the empty name is an embedded object of any class.
    private static void CheckTarget(string name, string verb, string? target, string? inherited, Func<string, string, bool> isSubclassOf)
    {
        if (target is not null && !string.IsNullOrEmpty(inherited) && !isSubclassOf(target, inherited))
        {
            throw CimException.InvalidParameter($"Property {name} {verb} {target}, which is no subclass of the inherited {inherited}.");
        }
    }

    private static void CheckMethod(CimClass declaration, CimMethodDeclaration method, CimMethodDeclaration? inherited)
    {
        string name = $"{declaration.ClassName}.{method.Name}";
        if (method.ReturnType.IsArray())
        {
            throw CimException.InvalidParameter($"Method {name} returns an array, which DSP0004 does not allow.");
        }

        CheckOverride(name, method.Name, method.Qualifiers["Override"], inherited is not null);
        if (inherited is null)
        {
            return;
        }

        if (inherited.ReturnType != method.ReturnType)
        {
            throw CimException.InvalidParameter($"Method {name} has another return type than the inherited one ({Type(method.ReturnType)} instead of {Type(inherited.ReturnType)}).");
        }

        foreach (CimParameterDeclaration parameter in method.Parameters)
        {
            if (inherited.Parameters[parameter.Name] is { } old && old.CimType != parameter.CimType)
            {
                throw CimException.InvalidParameter($"Parameter {parameter.Name} of {name} has another type than the inherited one ({Type(parameter.CimType)} instead of {Type(old.CimType)}).");
            }
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
                CimNamedList<CimQualifier>? inherited = superClass?.CimClassMethods[method.Name]?.Parameters[parameter.Name]?.Qualifiers;
                Check($"{name}({parameter.Name})", parameter.Qualifiers, inherited, CimQualifierScopes.Parameter | CimQualifierScopes.Reference, find);
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
