using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <content>Instances, classes and qualifier declarations.</content>
internal static partial class CimXmlReader
{
    /// <summary>VALUE.NAMEDINSTANCE, VALUE.INSTANCEWITHPATH or VALUE.OBJECTWITHPATH with an instance: the instance with its path.</summary>
    public static CimInstance NamedInstance(ref XmlPullReader reader, int embedded)
    {
        CimObjectPath? path = null;
        CimInstance? instance = null;
        while (reader.NextChild())
        {
            if (reader.Is("INSTANCE"u8))
            {
                instance = Instance(ref reader, embedded);
            }
            else
            {
                path = Path(ref reader);
            }
        }

        if (instance is null)
        {
            throw reader.Unexpected("<INSTANCE>");
        }

        instance.Path = path;
        return instance;
    }

    /// <summary>INSTANCE: in a shape made of what it carries, for its class is not known here.</summary>
    public static CimInstance Instance(ref XmlPullReader reader, int embedded)
    {
        string className = reader.RequiredAttribute("CLASSNAME"u8);
        var properties = new List<CimPropertyDeclaration>();
        var values = new List<CimValue>();
        while (reader.NextChild())
        {
            if (reader.Is("QUALIFIER"u8))
            {
                reader.Skip();
                continue;
            }

            (CimPropertyDeclaration property, CimValue value) = Property(ref reader, embedded);
            properties.Add(property);
            values.Add(value);
        }

        var instance = new CimInstance(new CimClass(className, null, Unique(properties, className)));
        for (int i = 0; i < values.Count; i++)
        {
            instance[i] = values[i];
        }

        return instance;
    }

    /// <summary>CLASS.</summary>
    public static CimClass Class(ref XmlPullReader reader, int embedded)
    {
        string name = reader.RequiredAttribute("NAME"u8);
        string? superClass = reader.Attribute("SUPERCLASS"u8);
        var qualifiers = new List<CimQualifier>();
        var properties = new List<CimPropertyDeclaration>();
        var methods = new List<CimMethodDeclaration>();
        while (reader.NextChild())
        {
            if (reader.Is("QUALIFIER"u8))
            {
                qualifiers.Add(Qualifier(ref reader));
            }
            else if (reader.Is("METHOD"u8))
            {
                methods.Add(Method(ref reader));
            }
            else
            {
                (CimPropertyDeclaration property, CimValue value) = Property(ref reader, embedded);
                properties.Add(property with { DefaultValue = value });
            }
        }

        return new CimClass(name, superClass, Unique(properties, name), Unique(methods, name), Unique(qualifiers, name));
    }

    /// <summary>QUALIFIER.DECLARATION.</summary>
    public static CimQualifierDeclaration QualifierDeclaration(ref XmlPullReader reader)
    {
        string name = reader.RequiredAttribute("NAME"u8);
        CimType type = Type(ref reader, "TYPE"u8);
        bool isArray = IsTrue(ref reader, "ISARRAY"u8, false);
        int size = Size(ref reader);
        CimQualifierFlavors flavors = Flavors(ref reader);
        CimQualifierScopes scopes = CimQualifierScopes.None;
        CimValue value = default;
        while (reader.NextChild())
        {
            if (reader.Is("SCOPE"u8))
            {
                scopes = Scopes(ref reader);
                reader.Skip();
            }
            else if (reader.Is("VALUE.ARRAY"u8))
            {
                value = Array(ref reader, type, name, 0);
            }
            else if (reader.Is("VALUE"u8))
            {
                value = Scalar(reader.ReadContent(), type, name, 0);
            }
            else
            {
                throw reader.Unexpected("<SCOPE>, <VALUE> or <VALUE.ARRAY>");
            }
        }

        return new CimQualifierDeclaration(name, isArray || value.IsArray ? type.ArrayType() : type, value, scopes, flavors, size);
    }

    private static (CimPropertyDeclaration Declaration, CimValue Value) Property(ref XmlPullReader reader, int embedded)
    {
        bool isArray = reader.Is("PROPERTY.ARRAY"u8), isReference = reader.Is("PROPERTY.REFERENCE"u8);
        if (!isArray && !isReference && !reader.Is("PROPERTY"u8))
        {
            throw reader.Unexpected("<PROPERTY>, <PROPERTY.ARRAY> or <PROPERTY.REFERENCE>");
        }

        string name = reader.RequiredAttribute("NAME"u8);
        bool isEmbedded = IsEmbedded(ref reader);
        CimType type = isReference ? CimType.Reference : isEmbedded ? CimType.Instance : Type(ref reader, "TYPE"u8);
        var declaration = new CimPropertyDeclaration
        {
            Name = name,
            CimType = isArray ? type.ArrayType() : type,
            ReferenceClassName = isReference ? reader.Attribute("REFERENCECLASS"u8) ?? string.Empty : null,
            EmbeddedClassName = isEmbedded ? string.Empty : null,
            ArraySize = Size(ref reader),
            ClassOrigin = reader.Attribute("CLASSORIGIN"u8) ?? string.Empty,
            IsPropagated = IsTrue(ref reader, "PROPAGATED"u8, false),
        };
        var qualifiers = new List<CimQualifier>();
        CimValue value = default;
        bool hasValue = false;
        while (reader.NextChild())
        {
            if (reader.Is("QUALIFIER"u8))
            {
                qualifiers.Add(Qualifier(ref reader));
                continue;
            }

            if (hasValue)
            {
                throw reader.Unexpected($"one value of {name}");
            }

            hasValue = true;
            if (reader.Is("VALUE"u8) && !isArray && !isReference)
            {
                value = Scalar(reader.ReadContent(), type, name, embedded);
            }
            else if (reader.Is("VALUE.ARRAY"u8) && isArray)
            {
                value = Array(ref reader, type, name, embedded);
            }
            else if (reader.Is("VALUE.REFERENCE"u8) && isReference)
            {
                value = Reference(ref reader);
            }
            else
            {
                throw reader.Unexpected($"the value of {name}");
            }
        }

        if (qualifiers.Count > 0)
        {
            string? className = qualifiers.Find(q => string.Equals(q.Name, "EmbeddedInstance", StringComparison.OrdinalIgnoreCase))?.Value.AsString();
            declaration = declaration with { Qualifiers = new(Unique(qualifiers, name)), EmbeddedClassName = className ?? declaration.EmbeddedClassName };
        }

        return (declaration, value);
    }

    private static CimMethodDeclaration Method(ref XmlPullReader reader)
    {
        string name = reader.RequiredAttribute("NAME"u8);
        CimType type = Type(ref reader, "TYPE"u8);
        string origin = reader.Attribute("CLASSORIGIN"u8) ?? string.Empty;
        bool propagated = IsTrue(ref reader, "PROPAGATED"u8, false);
        var qualifiers = new List<CimQualifier>();
        var parameters = new List<CimParameterDeclaration>();
        while (reader.NextChild())
        {
            if (reader.Is("QUALIFIER"u8))
            {
                qualifiers.Add(Qualifier(ref reader));
            }
            else
            {
                parameters.Add(Parameter(ref reader));
            }
        }

        return new CimMethodDeclaration
        {
            Name = name,
            ReturnType = type,
            Parameters = new(Unique(parameters, name)),
            Qualifiers = new(Unique(qualifiers, name)),
            ClassOrigin = origin,
            IsPropagated = propagated,
        };
    }

    private static CimParameterDeclaration Parameter(ref XmlPullReader reader)
    {
        bool isReference = reader.Is("PARAMETER.REFERENCE"u8) || reader.Is("PARAMETER.REFARRAY"u8);
        bool isArray = reader.Is("PARAMETER.ARRAY"u8) || reader.Is("PARAMETER.REFARRAY"u8);
        if (!isReference && !isArray && !reader.Is("PARAMETER"u8))
        {
            throw reader.Unexpected("<PARAMETER>");
        }

        string name = reader.RequiredAttribute("NAME"u8);
        CimType type = isReference ? CimType.Reference : Type(ref reader, "TYPE"u8);
        string? referenceClass = isReference ? reader.Attribute("REFERENCECLASS"u8) ?? string.Empty : null;
        int size = Size(ref reader);
        var qualifiers = new List<CimQualifier>();
        while (reader.NextChild())
        {
            qualifiers.Add(Qualifier(ref reader));
        }

        string? embedded = qualifiers.Find(q => string.Equals(q.Name, "EmbeddedInstance", StringComparison.OrdinalIgnoreCase))?.Value.AsString()
            ?? (qualifiers.Exists(q => string.Equals(q.Name, "EmbeddedObject", StringComparison.OrdinalIgnoreCase) && q.Value.AsBoolean()) ? string.Empty : null);
        type = embedded is null ? type : CimType.Instance;
        return new CimParameterDeclaration
        {
            Name = name,
            CimType = isArray ? type.ArrayType() : type,
            ReferenceClassName = referenceClass,
            EmbeddedClassName = embedded,
            ArraySize = size,
            Qualifiers = new(Unique(qualifiers, name)),
        };
    }

    private static CimQualifier Qualifier(ref XmlPullReader reader)
    {
        if (!reader.Is("QUALIFIER"u8))
        {
            throw reader.Unexpected("<QUALIFIER>");
        }

        string name = reader.RequiredAttribute("NAME"u8);
        CimType type = Type(ref reader, "TYPE"u8);
        CimQualifierFlavors flavors = Flavors(ref reader);
        bool propagated = IsTrue(ref reader, "PROPAGATED"u8, false);
        CimValue value = default;
        while (reader.NextChild())
        {
            value = reader.Is("VALUE.ARRAY"u8) ? Array(ref reader, type, name, 0)
                : reader.Is("VALUE"u8) ? Scalar(reader.ReadContent(), type, name, 0)
                : throw reader.Unexpected("<VALUE> or <VALUE.ARRAY>");
        }

        return new CimQualifier(name, value.IsArray ? type.ArrayType() : type, value, flavors, propagated);
    }

    private static CimQualifierFlavors Flavors(ref XmlPullReader reader) =>
        (IsTrue(ref reader, "OVERRIDABLE"u8, true) ? CimQualifierFlavors.Overridable : 0)
        | (IsTrue(ref reader, "TOSUBCLASS"u8, true) ? CimQualifierFlavors.ToSubclass : 0)
        | (IsTrue(ref reader, "TRANSLATABLE"u8, false) ? CimQualifierFlavors.Translatable : 0);

    private static CimQualifierScopes Scopes(ref XmlPullReader reader)
    {
        CimQualifierScopes scopes = CimQualifierScopes.None;
        foreach (CimQualifierScopes scope in Enum.GetValues<CimQualifierScopes>())
        {
            if (scope is not (CimQualifierScopes.None or CimQualifierScopes.Any) && bool.TryParse(reader.Attribute(System.Text.Encoding.ASCII.GetBytes(scope.ToString().ToUpperInvariant())), out bool set) && set)
            {
                scopes |= scope;
            }
        }

        return scopes;
    }

    private static CimType Type(ref XmlPullReader reader, ReadOnlySpan<byte> attribute)
    {
        string name = reader.RequiredAttribute(attribute);
        return CimTypeExtensions.TryParse(name, out CimType type) ? type : throw reader.Unexpected($"a CIM type instead of '{name}' in");
    }

    private static int Size(ref XmlPullReader reader) => int.TryParse(reader.Attribute("ARRAYSIZE"u8), out int size) && size > 0 ? size : 0;

    private static bool IsTrue(ref XmlPullReader reader, ReadOnlySpan<byte> attribute, bool absent) =>
        bool.TryParse(reader.Attribute(attribute), out bool value) ? value : absent;

    private static List<T> Unique<T>(List<T> items, string owner)
        where T : class, ICimNamed
    {
        var names = new HashSet<string>(items.Count, StringComparer.OrdinalIgnoreCase);
        foreach (T item in items)
        {
            if (!names.Add(item.Name))
            {
                throw CimException.InvalidParameter($"{owner} has two elements named {item.Name}.");
            }
        }

        return items;
    }
}
