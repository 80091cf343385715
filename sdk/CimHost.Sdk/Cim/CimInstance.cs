using System.Runtime.CompilerServices;

namespace CimHost.Sdk.Cim;

/// <summary>
/// A CIM instance: a class as its shape and one value per property of that class. Not safe to change from two threads; after
/// <see cref="Freeze"/> it cannot be changed and may be shared.
/// </summary>
public sealed class CimInstance
{
    private readonly CimValue[] _values;
    private CimObjectPath? _path;

    /// <summary>Creates an instance with the defaults of its class.</summary>
    public CimInstance(CimClass cimClass, string? namespaceName = null)
    {
        CimClass = cimClass;
        Namespace = namespaceName ?? cimClass.Namespace;
        _values = new CimValue[cimClass.CimClassProperties.Count];
        ReadOnlySpan<CimPropertyDeclaration> properties = cimClass.CimClassProperties.AsSpan();
        for (int i = 0; i < properties.Length; i++)
        {
            _values[i] = properties[i].DefaultValue;
        }
    }

    private CimInstance(CimClass cimClass, string? namespaceName, CimValue[] values)
    {
        CimClass = cimClass;
        Namespace = namespaceName;
        _values = values;
    }

    /// <summary>The class of the instance: the shape of its values.</summary>
    public CimClass CimClass { get; }

    /// <summary>Name of the class.</summary>
    public string ClassName => CimClass.ClassName;

    /// <summary>Namespace; null for embedded instances and instances not stored yet.</summary>
    public string? Namespace { get; }

    /// <summary>True when the instance cannot be changed any more.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Number of properties.</summary>
    public int Count => _values.Length;

    /// <summary>
    /// The instance's path, computed from its key values; may be set where the keys are not among the properties (results of a query or of
    /// a property list). Null when the class has no keys or a key is NULL.
    /// </summary>
    public CimObjectPath? Path
    {
        get => _path ?? (IsFrozen ? _path = ComputePath() : ComputePath());
        set
        {
            ThrowIfFrozen();
            _path = value;
        }
    }

    /// <summary>
    /// Room for one codec to keep its encoding of a frozen instance, so that an instance shared by many answers is encoded once. Lives as
    /// long as the instance.
    /// </summary>
    public object? WireForm { get; set; }

    /// <summary>Value of a property by name in any case.</summary>
    /// <exception cref="CimException">The class has no such property (CIM_ERR_NO_SUCH_PROPERTY), or the type does not fit (CIM_ERR_TYPE_MISMATCH).</exception>
    public CimValue this[string name]
    {
        get => _values[Find(name)];
        set => Set(Find(name), value);
    }

    /// <summary>Value of a property by its position in the class.</summary>
    public CimValue this[int index]
    {
        get => _values[index];
        set => Set(index, value);
    }

    /// <summary>All values in class order.</summary>
    public ReadOnlySpan<CimValue> Values => _values;

    /// <summary>The properties with their values, as users of Microsoft.Management.Infrastructure know them.</summary>
    public IEnumerable<CimProperty> CimInstanceProperties
    {
        get
        {
            for (int i = 0; i < _values.Length; i++)
            {
                yield return new CimProperty(CimClass.CimClassProperties[i], _values[i]);
            }
        }
    }

    /// <summary>Value of a property; false when the class has no such property.</summary>
    public bool TryGetValue(string name, out CimValue value)
    {
        int index = CimClass.IndexOf(name);
        value = index < 0 ? default : _values[index];
        return index >= 0;
    }

    /// <summary>Makes the instance unchangeable and so shareable between threads.</summary>
    public CimInstance Freeze()
    {
        IsFrozen = true;
        return this;
    }

    /// <summary>A changeable copy.</summary>
    public CimInstance Clone() => new(CimClass, Namespace, (CimValue[])_values.Clone()) { _path = _path };

    /// <summary>The same values under a class with a subset of the properties, made by <see cref="CimClass.Project"/>; keeps the path.</summary>
    public CimInstance Project(CimClass shape)
    {
        if (ReferenceEquals(shape, CimClass))
        {
            return this;
        }

        var values = new CimValue[shape.CimClassProperties.Count];
        for (int i = 0; i < values.Length; i++)
        {
            int index = CimClass.IndexOf(shape.CimClassProperties[i].Name);
            values[i] = index < 0 ? shape.CimClassProperties[i].DefaultValue : _values[index];
        }

        return new CimInstance(shape, Namespace, values) { _path = Path };
    }

    /// <summary>The path and, on lines of their own, the properties that are not NULL.</summary>
    public override string ToString() => Path?.ToString() ?? ClassName;

    private int Find(string name)
    {
        int index = CimClass.IndexOf(name);
        return index >= 0 ? index : throw new CimException(CimStatusCode.NoSuchProperty, $"Class {ClassName} has no property {name}.");
    }

    private void Set(int index, CimValue value)
    {
        ThrowIfFrozen();
        CimPropertyDeclaration property = CimClass.CimClassProperties[index];
        CimValue converted = value;
        if (value.Type != property.CimType && !value.TryConvert(property.CimType, out converted))
        {
            ThrowMismatch(property, value);
        }

        _values[index] = converted;
        _path = null;
    }

    private CimObjectPath? ComputePath()
    {
        IReadOnlyList<int> keys = CimClass.KeyIndexes;
        if (keys.Count == 0)
        {
            return null;
        }

        var bindings = new CimKeyBinding[keys.Count];
        for (int i = 0; i < bindings.Length; i++)
        {
            CimValue value = _values[keys[i]];
            if (value.IsNull)
            {
                return null;
            }

            bindings[i] = new CimKeyBinding(CimClass.CimClassProperties[keys[i]].Name, value);
        }

        return new CimObjectPath(ClassName, bindings, Namespace);
    }

    private void ThrowIfFrozen()
    {
        if (IsFrozen)
        {
            throw new InvalidOperationException($"The instance of {ClassName} is frozen; change a clone.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowMismatch(CimPropertyDeclaration property, CimValue value) => throw new CimException(
        CimStatusCode.TypeMismatch,
        $"Property {ClassName}.{property.Name} is {Describe(property.CimType)} and cannot hold the {Describe(value.Type)} {value}.");

    private static string Describe(CimType type) => type.IsArray() ? type.ElementName() + "[]" : type.ElementName();
}
