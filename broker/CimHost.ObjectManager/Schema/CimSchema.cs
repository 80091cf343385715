using System.Collections.Concurrent;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Schema;

/// <summary>
/// The namespaces with their classes and qualifier declarations. Reading takes no lock. <c>interop</c> and <c>root/interop</c> are two
/// names of one namespace, as clients probe for both.
/// </summary>
public sealed class CimSchema
{
    /// <summary>The namespace of the object manager's own description.</summary>
    public const string Interop = "root/interop";

    private readonly ConcurrentDictionary<string, NamespaceSchema> _namespaces = new(StringComparer.OrdinalIgnoreCase);

    internal CimSchema()
    {
    }

    /// <summary>Names of the namespaces in order.</summary>
    public IReadOnlyList<string> Namespaces => [.. _namespaces.Values.Select(n => n.Name).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The name under which a namespace is kept: without slashes around it, aliases replaced. Whether it exists is not asked.</summary>
    public static string NormalizeNamespace(string namespaceName)
    {
        // The common case costs nothing.
        string name = namespaceName.Length > 0 && namespaceName[0] != '/' && namespaceName[^1] != '/' ? namespaceName : namespaceName.Trim('/');
        return string.Equals(name, "interop", StringComparison.OrdinalIgnoreCase) ? Interop : name;
    }

    /// <summary>The name of an existing namespace.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_NAMESPACE.</exception>
    public string ResolveNamespace(string namespaceName) => Namespace(namespaceName).Name;

    /// <summary>True when the namespace exists.</summary>
    public bool Exists(string namespaceName) => _namespaces.ContainsKey(NormalizeNamespace(namespaceName));

    /// <summary>A class with everything inherited.</summary>
    /// <exception cref="CimException">CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS.</exception>
    public CimClass GetClass(string namespaceName, string className)
    {
        NamespaceSchema schema = Namespace(namespaceName);
        return schema.Find(className) ?? throw CimException.InvalidClass(schema.Name, className);
    }

    /// <summary>A class with everything inherited; null when the class or its namespace does not exist.</summary>
    public CimClass? FindClass(string namespaceName, string className) =>
        _namespaces.TryGetValue(NormalizeNamespace(namespaceName), out NamespaceSchema? schema) ? schema.Find(className) : null;

    /// <summary>A qualifier declaration, or null.</summary>
    public CimQualifierDeclaration? FindQualifier(string namespaceName, string name) => Namespace(namespaceName).Qualifier(name);

    /// <summary>The qualifier declarations of a namespace in name order.</summary>
    public IReadOnlyList<CimQualifierDeclaration> Qualifiers(string namespaceName) => [.. Namespace(namespaceName).Qualifiers];

    /// <summary>Names of the subclasses of a class (null: of the root), direct ones or all, depth first.</summary>
    public IReadOnlyList<string> SubclassNames(string namespaceName, string? className, bool deep) => Namespace(namespaceName).Subclasses(className, deep);

    /// <summary>Names of the association classes of a namespace.</summary>
    public IReadOnlyList<string> AssociationClassNames(string namespaceName) =>
        [.. Namespace(namespaceName).AssociationNames.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>True when the class is the ancestor or derives from it.</summary>
    public bool IsSubclassOf(string namespaceName, string className, string ancestor) =>
        _namespaces.TryGetValue(NormalizeNamespace(namespaceName), out NamespaceSchema? schema) && schema.IsSubclassOf(className, ancestor);

    internal NamespaceSchema Namespace(string namespaceName) => _namespaces.TryGetValue(NormalizeNamespace(namespaceName), out NamespaceSchema? found)
        ? found
        : throw CimException.InvalidNamespace(namespaceName);

    internal void Add(NamespaceSchema schema) => _namespaces[schema.Name] = schema;

    internal void Remove(string namespaceName) => _namespaces.TryRemove(namespaceName, out _);
}
