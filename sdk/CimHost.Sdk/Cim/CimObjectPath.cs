using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CimHost.Sdk.Cim;

/// <summary>
/// Name of a CIM object (DSP0004 §8): host and namespace (both optional), class, and for instances the keys. Immutable. Names compare in
/// any case, keys in any order, integers by value whatever their width.
/// </summary>
public sealed partial class CimObjectPath : IEquatable<CimObjectPath>
{
    private string? _keyString;

    /// <summary>Path of an instance; null keys make it the path of a class.</summary>
    public CimObjectPath(string className, IReadOnlyList<CimKeyBinding>? keys = null, string? namespaceName = null, string? host = null)
    {
        ClassName = className;
        Keys = keys ?? [];
        IsClassPath = keys is null;
        Namespace = namespaceName;
        Host = host;
    }

    /// <summary>Path of an instance with one key.</summary>
    public CimObjectPath(string className, string keyName, CimValue keyValue, string? namespaceName = null)
        : this(className, [new CimKeyBinding(keyName, keyValue)], namespaceName)
    {
    }

    /// <summary>Host name, with port if it was given; null when not said.</summary>
    public string? Host { get; }

    /// <summary>Namespace with slashes ("root/cimv2"); null when not said.</summary>
    public string? Namespace { get; }

    /// <summary>Class name.</summary>
    public string ClassName { get; }

    /// <summary>Keys in the order in which they were given; empty for classes and for instances of classes without keys.</summary>
    public IReadOnlyList<CimKeyBinding> Keys { get; }

    /// <summary>True when the path names a class.</summary>
    public bool IsClassPath { get; }

    /// <summary>Room for one codec to keep its encoding of a path that is written again and again. Lives as long as the path.</summary>
    public object? WireForm { get; set; }

    /// <summary>Value of a key by name in any case; NULL when there is no such key.</summary>
    public CimValue this[string keyName]
    {
        get
        {
            foreach (CimKeyBinding key in Keys)
            {
                if (string.Equals(key.Name, keyName, StringComparison.OrdinalIgnoreCase))
                {
                    return key.Value;
                }
            }

            return default;
        }
    }

    /// <summary>The same path in another namespace.</summary>
    public CimObjectPath WithNamespace(string? namespaceName) => namespaceName == Namespace
        ? this
        : IsClassPath ? new(ClassName, null, namespaceName, Host) : new(ClassName, Keys, namespaceName, Host);

    /// <summary>The same path under another host.</summary>
    public CimObjectPath WithHost(string? host) => IsClassPath ? new(ClassName, null, Namespace, host) : new(ClassName, Keys, Namespace, host);

    /// <summary>
    /// The path as the given class would write it: class name and key names in the class's case, key values in the declared types, keys in
    /// declaration order, references completed with the namespace and freed of the host. One key without a name is the only key of its class
    /// (DSP0201 §5.2.4.5 lets an INSTANCENAME leave it out).
    /// </summary>
    /// <exception cref="CimException">A key is missing, unknown, or its value does not fit the declared type (CIM_ERR_INVALID_PARAMETER).</exception>
    public CimObjectPath Normalize(CimClass cimClass, string namespaceName)
    {
        IReadOnlyList<int> indexes = cimClass.KeyIndexes;
        if (indexes.Count != Keys.Count)
        {
            ThrowKeysMismatch(cimClass);
        }

        var keys = new CimKeyBinding[indexes.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            CimPropertyDeclaration property = cimClass.CimClassProperties[indexes[i]];
            CimValue value = IsUnnamedKey ? Keys[0].Value : this[property.Name];
            if (value.IsNull)
            {
                ThrowKeysMismatch(cimClass);
            }

            keys[i] = new CimKeyBinding(property.Name, NormalizeKey(cimClass, property, value, namespaceName));
        }

        return new CimObjectPath(cimClass.ClassName, keys, namespaceName);
    }

    /// <summary>
    /// The keys in one canonical string: names in lower case and sorted, values in one form. Two paths of one class name the same instance
    /// exactly when these strings are equal.
    /// </summary>
    public string KeyString => _keyString ??= BuildKeyString();

    /// <inheritdoc/>
    public bool Equals(CimObjectPath? other) => other is not null
        && string.Equals(ClassName, other.ClassName, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Namespace, other.Namespace, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase)
        && IsClassPath == other.IsClassPath
        && KeyString == other.KeyString;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as CimObjectPath);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(ClassName), KeyString);

    /// <summary>WBEM URI without a scheme (DSP0207): <c>//host/root/cimv2:CIM_Fan.DeviceID="1"</c>; parts that are not known are left out.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Host is not null)
        {
            text.Append("//").Append(Host).Append('/');
        }

        if (Namespace is not null)
        {
            text.Append(Namespace).Append(':');
        }

        text.Append(ClassName);
        for (int i = 0; i < Keys.Count; i++)
        {
            text.Append(i == 0 ? '.' : ',').Append(Keys[i].Name).Append('=');
            AppendKeyValue(text, Keys[i].Value);
        }

        return text.ToString();
    }

    private bool IsUnnamedKey => Keys.Count == 1 && Keys[0].Name.Length == 0;

    // In a path that came as text a reference is a string: only the class tells what it is.
    private static CimValue NormalizeKey(CimClass cimClass, CimPropertyDeclaration property, CimValue value, string namespaceName)
    {
        CimObjectPath? reference = value.AsReference();
        bool isReference = property.CimType == CimType.Reference && (reference is not null || (value.AsString() is { } text && TryParse(text, out reference)));
        if (isReference && reference is not null)
        {
            return reference.Host is null && reference.Namespace is not null ? reference : reference.WithHost(null).WithNamespace(reference.Namespace ?? namespaceName);
        }

        return value.TryConvert(property.CimType, out CimValue converted)
            ? converted
            : throw CimException.InvalidParameter($"Key {cimClass.ClassName}.{property.Name} is {property.CimType.ElementName()} and cannot be {value}.");
    }

    private void ThrowKeysMismatch(CimClass cimClass)
    {
        string expected = string.Join(", ", cimClass.KeyIndexes.Select(i => cimClass.CimClassProperties[i].Name));
        string given = string.Join(", ", Keys.Select(k => k.Name));
        throw CimException.InvalidParameter($"An instance of {cimClass.ClassName} is named by the keys ({expected}); given were ({given}).");
    }

    private string BuildKeyString()
    {
        if (Keys.Count == 0)
        {
            return string.Empty;
        }

        var text = new StringBuilder();
        if (Keys.Count == 1)
        {
            AppendCanonical(text, Keys[0]);
            return text.ToString();
        }

        CimKeyBinding[] sorted = [.. Keys];
        Array.Sort(sorted, static (a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase));
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            AppendCanonical(text, sorted[i]);
        }

        return text.ToString();
    }

    private static void AppendCanonical(StringBuilder text, CimKeyBinding key)
    {
        foreach (char c in key.Name)
        {
            text.Append(char.ToLowerInvariant(c));
        }

        text.Append('=');
        if (key.Value.AsReference() is { } reference)
        {
            text.Append('"').Append(reference.Namespace?.ToLowerInvariant()).Append(':').Append(reference.ClassName.ToLowerInvariant()).Append('.');
            AppendEscaped(text, reference.KeyString);
            text.Append('"');
            return;
        }

        AppendKeyValue(text, key.Value);
    }

    private static void AppendKeyValue(StringBuilder text, CimValue value)
    {
        switch (value.Type)
        {
            case CimType.String or CimType.DateTime or CimType.Reference:
                text.Append('"');
                AppendEscaped(text, value.ToString());
                text.Append('"');
                break;
            case CimType.Char16:
                text.Append('\'').Append(value.ToString() is "'" or "\\" ? "\\" : string.Empty).Append(value.ToString()).Append('\'');
                break;
            default:
                text.Append(value.ToString());
                break;
        }
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\');
            }

            text.Append(c);
        }
    }
}
