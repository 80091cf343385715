namespace CimHost.Sdk.Cim;

/// <summary>
/// A CIM class, immutable. As compiled it holds only what it declares itself; resolved by a schema it also holds everything inherited, with
/// class origins, and then serves as the shape of its instances: the position of a property in <see cref="CimClassProperties"/> is the
/// position of its value in every instance.
/// </summary>
public sealed class CimClass : ICimNamed
{
    private IReadOnlyList<int>? _keys;

    /// <summary>Creates a class.</summary>
    /// <exception cref="ArgumentException">Two properties or two methods have the same name.</exception>
    public CimClass(
        string className,
        string? superClassName = null,
        IEnumerable<CimPropertyDeclaration>? properties = null,
        IEnumerable<CimMethodDeclaration>? methods = null,
        IEnumerable<CimQualifier>? qualifiers = null,
        string? namespaceName = null,
        bool isResolved = false)
    {
        ClassName = className;
        CimSuperClassName = superClassName;
        CimClassProperties = properties is null ? CimNamedList<CimPropertyDeclaration>.Empty : new(properties);
        CimClassMethods = methods is null ? CimNamedList<CimMethodDeclaration>.Empty : new(methods);
        CimClassQualifiers = qualifiers is null ? CimNamedList<CimQualifier>.Empty : new(qualifiers);
        Namespace = namespaceName;
        IsResolved = isResolved;
    }

    /// <summary>Name in the case of its declaration.</summary>
    public string ClassName { get; }

    string ICimNamed.Name => ClassName;

    /// <summary>Name of the superclass; null for a root class.</summary>
    public string? CimSuperClassName { get; }

    /// <summary>Namespace the class lives in; null when it is not in one (client-made, not stored yet).</summary>
    public string? Namespace { get; }

    /// <summary>Properties, inherited first when resolved.</summary>
    public CimNamedList<CimPropertyDeclaration> CimClassProperties { get; }

    /// <summary>Methods, inherited first when resolved.</summary>
    public CimNamedList<CimMethodDeclaration> CimClassMethods { get; }

    /// <summary>Qualifiers of the class itself.</summary>
    public CimNamedList<CimQualifier> CimClassQualifiers { get; }

    /// <summary>True when inherited elements are included.</summary>
    public bool IsResolved { get; }

    /// <summary>True for an association.</summary>
    public bool IsAssociation => HasQualifier("Association");

    /// <summary>True for an indication.</summary>
    public bool IsIndication => HasQualifier("Indication");

    /// <summary>True for an abstract class: it has no instances of its own.</summary>
    public bool IsAbstract => HasQualifier("Abstract");

    /// <summary>Positions of the key properties.</summary>
    public IReadOnlyList<int> KeyIndexes => _keys ??= Enumerable.Range(0, CimClassProperties.Count).Where(i => CimClassProperties[i].IsKey).ToArray();

    /// <summary>Position of a property by name in any case, or -1.</summary>
    public int IndexOf(string propertyName) => CimClassProperties.IndexOf(propertyName);

    /// <summary>Value of a boolean qualifier of the class; false when it is absent.</summary>
    public bool HasQualifier(string name) => CimClassQualifiers[name]?.Value.AsBoolean() ?? false;

    /// <summary>
    /// The class with only the named properties (in class order; names that the class lacks are ignored, as DSP0200 §5.4.2.1 asks).
    /// Null gives the class itself.
    /// </summary>
    public CimClass Project(IReadOnlyCollection<string>? propertyNames) => propertyNames is null
        ? this
        : WithProperties(CimClassProperties.Where(p => propertyNames.Contains(p.Name, StringComparer.OrdinalIgnoreCase)));

    /// <summary>The class with other properties.</summary>
    public CimClass WithProperties(IEnumerable<CimPropertyDeclaration> properties) =>
        new(ClassName, CimSuperClassName, properties, CimClassMethods, CimClassQualifiers, Namespace, IsResolved);

    /// <summary>The class as one of another namespace.</summary>
    public CimClass WithNamespace(string? namespaceName) =>
        new(ClassName, CimSuperClassName, CimClassProperties, CimClassMethods, CimClassQualifiers, namespaceName, IsResolved);

    /// <summary>Name and superclass in MOF's notation.</summary>
    public override string ToString() => CimSuperClassName is null ? ClassName : $"{ClassName} : {CimSuperClassName}";
}
