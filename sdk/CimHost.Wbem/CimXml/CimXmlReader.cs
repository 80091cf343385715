using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>Reads the elements of DSP0201 into the CIM model. Each method starts at a start tag and reads to the end tag of that element.</summary>
internal static partial class CimXmlReader
{
    private const int MaxEmbedded = 4;
    private const int MaxKeys = 64;

    /// <summary>LOCALNAMESPACEPATH.</summary>
    public static string LocalNamespacePath(ref XmlPullReader reader)
    {
        string? first = null;
        StringBuilder? path = null;
        while (reader.NextChild())
        {
            if (!reader.Is("NAMESPACE"u8))
            {
                throw reader.Unexpected("<NAMESPACE>");
            }

            // The common names cost no string.
            string name = reader.RequiredAttribute("NAME"u8);
            if (first is null)
            {
                first = name;
            }
            else
            {
                (path ??= new StringBuilder(first)).Append('/').Append(name);
            }

            reader.Skip();
        }

        return path?.ToString() ?? first ?? throw reader.Unexpected("<NAMESPACE>");
    }

    /// <summary>Whatever an IPARAMVALUE holds: text, list of texts, path, class, instance, qualifier declaration; null for an empty list element.</summary>
    public static object? ParameterObject(ref XmlPullReader reader)
    {
        if (reader.Is("VALUE"u8))
        {
            return reader.ReadContent();
        }

        if (reader.Is("VALUE.ARRAY"u8))
        {
            return TextArray(ref reader).ToArray();
        }

        if (reader.Is("INSTANCE"u8))
        {
            return Instance(ref reader, 0);
        }

        if (reader.Is("VALUE.NAMEDINSTANCE"u8))
        {
            return NamedInstance(ref reader, 0);
        }

        if (reader.Is("CLASS"u8))
        {
            return Class(ref reader, 0);
        }

        if (reader.Is("QUALIFIER.DECLARATION"u8))
        {
            return QualifierDeclaration(ref reader);
        }

        if (reader.Is("VALUE.REFERENCE"u8))
        {
            return Reference(ref reader);
        }

        return Path(ref reader);
    }

    /// <summary>VALUE.REFERENCE: the path inside.</summary>
    public static CimObjectPath Reference(ref XmlPullReader reader)
    {
        if (!reader.NextChild())
        {
            throw reader.Unexpected("a path in <VALUE.REFERENCE>");
        }

        CimObjectPath path = Path(ref reader);
        End(ref reader);
        return path;
    }

    /// <summary>CLASSNAME, INSTANCENAME, CLASSPATH, LOCALCLASSPATH, INSTANCEPATH, LOCALINSTANCEPATH or OBJECTPATH.</summary>
    public static CimObjectPath Path(ref XmlPullReader reader)
    {
        if (reader.Is("INSTANCENAME"u8))
        {
            return InstanceName(ref reader);
        }

        if (reader.Is("CLASSNAME"u8))
        {
            var path = new CimObjectPath(reader.RequiredAttribute("NAME"u8));
            reader.Skip();
            return path;
        }

        if (!(reader.Is("CLASSPATH"u8) || reader.Is("LOCALCLASSPATH"u8) || reader.Is("INSTANCEPATH"u8) || reader.Is("LOCALINSTANCEPATH"u8) || reader.Is("OBJECTPATH"u8)))
        {
            throw reader.Unexpected("an object path");
        }

        string? host = null, namespaceName = null;
        CimObjectPath? name = null;
        while (reader.NextChild())
        {
            if (reader.Is("NAMESPACEPATH"u8))
            {
                while (reader.NextChild())
                {
                    if (reader.Is("HOST"u8))
                    {
                        host = reader.ReadContent();
                    }
                    else
                    {
                        namespaceName = LocalNamespacePath(ref reader);
                    }
                }
            }
            else if (reader.Is("LOCALNAMESPACEPATH"u8))
            {
                namespaceName = LocalNamespacePath(ref reader);
            }
            else
            {
                name = Path(ref reader);
            }
        }

        return name is null
            ? throw reader.Unexpected("<INSTANCENAME> or <CLASSNAME>")
            : host is null && namespaceName is null ? name : new CimObjectPath(name.ClassName, name.IsClassPath ? null : name.Keys, namespaceName ?? name.Namespace, host ?? name.Host);
    }

    /// <summary>INSTANCENAME with KEYBINDINGs, or one KEYVALUE or VALUE.REFERENCE without a name.</summary>
    public static CimObjectPath InstanceName(ref XmlPullReader reader)
    {
        string className = reader.RequiredAttribute("CLASSNAME"u8);
        var keys = new List<CimKeyBinding>(4);
        while (reader.NextChild())
        {
            if (keys.Count == MaxKeys)
            {
                throw reader.Unexpected($"at most {MaxKeys} keys");
            }

            if (reader.Is("KEYBINDING"u8))
            {
                string name = reader.RequiredAttribute("NAME"u8);
                if (!reader.NextChild())
                {
                    throw reader.Unexpected("<KEYVALUE> or <VALUE.REFERENCE>");
                }

                keys.Add(new CimKeyBinding(name, KeyValue(ref reader)));
                End(ref reader);
            }
            else
            {
                keys.Add(new CimKeyBinding(string.Empty, KeyValue(ref reader)));
            }
        }

        return new CimObjectPath(className, keys);
    }

    private static CimValue KeyValue(ref XmlPullReader reader)
    {
        if (reader.Is("VALUE.REFERENCE"u8))
        {
            return Reference(ref reader);
        }

        if (!reader.Is("KEYVALUE"u8))
        {
            throw reader.Unexpected("<KEYVALUE> or <VALUE.REFERENCE>");
        }

        ReadOnlySpan<byte> valueType = reader.RawAttribute("VALUETYPE"u8);
        string? typeName = reader.Attribute("TYPE"u8);
        bool isBoolean = valueType.SequenceEqual("boolean"u8), isNumeric = valueType.SequenceEqual("numeric"u8);
        string text = reader.ReadContent();
        if (typeName is not null && CimTypeExtensions.TryParse(typeName, out CimType type) && CimValue.TryParse(type, text, out CimValue typed))
        {
            return typed;
        }

        if (isBoolean)
        {
            return CimValue.TryParse(CimType.Boolean, text, out CimValue value) ? value : throw CimException.InvalidParameter($"The key value '{text}' is no boolean.");
        }

        if (isNumeric)
        {
            return CimValue.TryParse(CimType.UInt64, text, out CimValue value) || CimValue.TryParse(CimType.SInt64, text, out value) || CimValue.TryParse(CimType.Real64, text, out value)
                ? value
                : throw CimException.InvalidParameter($"The key value '{text}' is no number.");
        }

        return text;
    }

    /// <summary>PARAMVALUE of a method call or answer.</summary>
    public static CimMethodParameter MethodParameter(ref XmlPullReader reader)
    {
        string name = reader.RequiredAttribute("NAME"u8);
        bool hasType = CimTypeExtensions.TryParse(reader.Attribute("PARAMTYPE"u8) ?? string.Empty, out CimType type);
        bool isEmbedded = IsEmbedded(ref reader);
        type = isEmbedded ? CimType.Instance : hasType ? type : CimType.Unknown;
        if (!reader.NextChild())
        {
            return new CimMethodParameter(name, type, default);
        }

        CimValue value = ParameterValue(ref reader, type, name);
        End(ref reader);
        return new CimMethodParameter(name, value.IsNull ? type : value.Type, value);
    }

    private static CimValue ParameterValue(ref XmlPullReader reader, CimType type, string name)
    {
        if (reader.Is("VALUE"u8))
        {
            return Scalar(reader.ReadContent(), type, name, 0);
        }

        if (reader.Is("VALUE.ARRAY"u8))
        {
            return Array(ref reader, type, name, 0);
        }

        if (reader.Is("VALUE.REFERENCE"u8))
        {
            return Reference(ref reader);
        }

        if (reader.Is("VALUE.REFARRAY"u8))
        {
            return ReferenceArray(ref reader);
        }

        // Some clients send an embedded instance as an element of its own instead of as text.
        return reader.Is("INSTANCE"u8) ? Instance(ref reader, 0)
            : reader.Is("CLASS"u8) ? Class(ref reader, 0)
            : reader.Is("VALUE.NAMEDINSTANCE"u8) ? NamedInstance(ref reader, 0)
            : Path(ref reader);
    }

    private static List<string?> TextArray(ref XmlPullReader reader)
    {
        List<string?> items = [];
        while (reader.NextChild())
        {
            if (reader.Is("VALUE"u8))
            {
                items.Add(reader.ReadContent());
            }
            else if (reader.Is("VALUE.NULL"u8))
            {
                reader.Skip();
                items.Add(null);
            }
            else
            {
                throw reader.Unexpected("<VALUE> or <VALUE.NULL>");
            }
        }

        return items;
    }

    private static CimValue Array(ref XmlPullReader reader, CimType elementType, string name, int embedded)
    {
        List<string?> texts = TextArray(ref reader);
        if (elementType is CimType.Unknown or CimType.String)
        {
            return texts.ToArray();
        }

        var elements = new CimValue[texts.Count];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = texts[i] is { } text ? Scalar(text, elementType, name, embedded) : default;
        }

        return CimValue.FromElements(elementType, elements);
    }

    private static CimValue ReferenceArray(ref XmlPullReader reader)
    {
        List<CimObjectPath?> paths = [];
        while (reader.NextChild())
        {
            if (reader.Is("VALUE.NULL"u8))
            {
                reader.Skip();
                paths.Add(null);
            }
            else if (reader.Is("VALUE.REFERENCE"u8))
            {
                paths.Add(Reference(ref reader));
            }
            else
            {
                throw reader.Unexpected("<VALUE.REFERENCE>");
            }
        }

        return paths.ToArray();
    }

    private static CimValue Scalar(string text, CimType type, string name, int embedded)
    {
        if (type is CimType.Unknown or CimType.String)
        {
            return text;
        }

        if (type == CimType.Instance)
        {
            return Embedded(text, embedded);
        }

        return CimValue.TryParse(type, text, out CimValue value)
            ? value
            : throw new CimException(CimStatusCode.InvalidParameter, $"'{text}' is no {type.ElementName()}, as {name} should be.");
    }

    private static CimValue Embedded(string text, int embedded)
    {
        if (embedded == MaxEmbedded)
        {
            throw CimException.InvalidParameter($"Embedded objects are nested deeper than {MaxEmbedded}.");
        }

        try
        {
            var reader = new XmlPullReader(Encoding.UTF8.GetBytes(text));
            CimValue value = reader.Is("CLASS"u8) ? Class(ref reader, embedded + 1)
                : reader.Is("INSTANCE"u8) ? Instance(ref reader, embedded + 1)
                : throw reader.Unexpected("<INSTANCE> or <CLASS>");
            reader.Finish();
            return value;
        }
        catch (XmlFormatException e)
        {
            throw new CimException(CimStatusCode.InvalidParameter, $"An embedded object cannot be read: {e.Message}", e);
        }
    }

    private static bool IsEmbedded(ref XmlPullReader reader) =>
        !reader.RawAttribute("EmbeddedObject"u8).IsEmpty || !reader.RawAttribute("EMBEDDEDOBJECT"u8).IsEmpty;

    private static void End(ref XmlPullReader reader)
    {
        if (reader.NextChild())
        {
            throw reader.Unexpected("the end of the element");
        }
    }
}
