using System.Buffers;
using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>Writes CIM objects as the XML elements of DSP0201, into any buffer and without objects of its own. Values and instances here; paths and classes beside it.</summary>
public static partial class CimXmlWriter
{
    /// <summary>VALUE, VALUE.ARRAY, VALUE.REFERENCE or VALUE.REFARRAY; nothing for NULL (DSP0201 §5.2.3).</summary>
    public static void Value(IBufferWriter<byte> writer, CimValue value)
    {
        if (value.IsNull)
        {
            return;
        }

        switch (value.Type)
        {
            case CimType.Reference:
                Reference(writer, value.AsReference()!);
                break;
            case CimType.ReferenceArray:
                Array(writer, value, "VALUE.REFARRAY"u8);
                break;
            case > CimType.Instance:
                Array(writer, value, "VALUE.ARRAY"u8);
                break;
            default:
                XmlText.Raw(writer, "<VALUE>"u8);
                Scalar(writer, value);
                XmlText.Raw(writer, "</VALUE>"u8);
                break;
        }
    }

    /// <summary>
    /// INSTANCE with its properties, NULL ones as elements without a value (DSP0201 §5.2.5): with an end tag, since there are clients that
    /// take &lt;PROPERTY/&gt; for a start tag.
    /// </summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="includeClassOrigin">True: every property says in which class it was declared.</param>
    public static void Instance(IBufferWriter<byte> writer, CimInstance instance, bool includeClassOrigin = false)
    {
        Start(writer, "<INSTANCE CLASSNAME=\""u8, instance.ClassName);
        XmlText.Raw(writer, "\">"u8);
        ReadOnlySpan<CimPropertyDeclaration> properties = instance.CimClass.CimClassProperties.AsSpan();
        ReadOnlySpan<CimValue> values = instance.Values;
        for (int i = 0; i < properties.Length; i++)
        {
            ReadOnlySpan<byte> element = PropertyStart(writer, properties[i], values[i], includeClassOrigin, isClass: false);
            XmlText.Raw(writer, ">"u8);
            Value(writer, values[i]);
            End(writer, element);
        }

        XmlText.Raw(writer, "</INSTANCE>"u8);
    }

    /// <summary>PARAMVALUE of a method call or answer (DSP0201 §5.2.6).</summary>
    public static void MethodParameter(IBufferWriter<byte> writer, CimMethodParameter parameter)
    {
        CimType type = parameter.CimType == CimType.Unknown ? parameter.Value.Type : parameter.CimType;
        Start(writer, "<PARAMVALUE NAME=\""u8, parameter.Name);
        XmlText.Raw(writer, "\""u8);
        ParameterType(writer, type, parameter.Value);
        if (parameter.Value.IsNull)
        {
            XmlText.Raw(writer, "/>"u8);
            return;
        }

        XmlText.Raw(writer, ">"u8);
        Value(writer, parameter.Value);
        XmlText.Raw(writer, "</PARAMVALUE>"u8);
    }

    /// <summary>PARAMVALUE that holds a class (QueryResultClass of OpenQueryInstances).</summary>
    public static void ClassParameter(IBufferWriter<byte> writer, string name, CimClass cimClass)
    {
        Start(writer, "<PARAMVALUE NAME=\""u8, name);
        XmlText.Raw(writer, "\">"u8);
        Class(writer, cimClass);
        XmlText.Raw(writer, "</PARAMVALUE>"u8);
    }

    /// <summary>RETURNVALUE of a method (DSP0201 §5.2.6); nothing for NULL, which a method without a result returns.</summary>
    public static void ReturnValue(IBufferWriter<byte> writer, CimType type, CimValue value)
    {
        if (value.IsNull)
        {
            return;
        }

        XmlText.Raw(writer, "<RETURNVALUE"u8);
        ParameterType(writer, type == CimType.Unknown ? value.Type : type, value);
        XmlText.Raw(writer, ">"u8);
        Value(writer, value);
        XmlText.Raw(writer, "</RETURNVALUE>"u8);
    }

    /// <summary>ERROR with the number and the text of a status (DSP0201 §5.2.6).</summary>
    public static void Error(IBufferWriter<byte> writer, CimException error)
    {
        Start(writer, "<ERROR CODE=\""u8, ((int)error.Status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Start(writer, "\" DESCRIPTION=\""u8, $"{error.StatusName}: {error.Message}");
        XmlText.Raw(writer, "\"/>"u8);
    }

    private static void ParameterType(IBufferWriter<byte> writer, CimType type, CimValue value)
    {
        if (type == CimType.Unknown)
        {
            return;
        }

        bool embedded = type.ElementType() == CimType.Instance;
        XmlText.Raw(writer, " PARAMTYPE=\""u8);
        TypeName(writer, type);
        XmlText.Raw(writer, "\""u8);
        if (embedded)
        {
            XmlText.Raw(writer, value.AsClass() is null ? " EmbeddedObject=\"instance\""u8 : " EmbeddedObject=\"object\""u8);
        }
    }

    private static void Array(IBufferWriter<byte> writer, CimValue value, ReadOnlySpan<byte> element)
    {
        XmlText.Raw(writer, "<"u8);
        XmlText.Raw(writer, element);
        XmlText.Raw(writer, ">"u8);
        for (int i = 0; i < value.Count; i++)
        {
            CimValue item = value[i];
            if (item.IsNull)
            {
                XmlText.Raw(writer, "<VALUE.NULL/>"u8);
            }
            else
            {
                Value(writer, item);
            }
        }

        End(writer, element);
    }

    private static void Scalar(IBufferWriter<byte> writer, CimValue value)
    {
        switch (value.Type)
        {
            case CimType.String:
                XmlText.Escaped(writer, value.AsString());
                break;
            case CimType.Char16:
                XmlText.Escaped(writer, value.ToString());
                break;
            case CimType.Instance:
                Embedded(writer, value);
                break;
            default:
                Span<byte> span = writer.GetSpan(CimValue.MaxScalarLength);
                value.TryFormat(span, out int written);
                writer.Advance(written);
                break;
        }
    }

    // An embedded object is text: its XML, escaped once more (DSP0201 §5.2.3).
    private static void Embedded(IBufferWriter<byte> writer, CimValue value)
    {
        var inner = new ArrayBufferWriter<byte>();
        if (value.AsInstance() is { } instance)
        {
            Instance(inner, instance);
        }
        else
        {
            Class(inner, value.AsClass()!);
        }

        XmlText.Escaped(writer, Encoding.UTF8.GetString(inner.WrittenSpan));
    }

    // Writes the start tag of a property up to its attributes and returns the element's name.
    private static ReadOnlySpan<byte> PropertyStart(IBufferWriter<byte> writer, CimPropertyDeclaration property, CimValue value, bool includeClassOrigin, bool isClass)
    {
        CimType type = property.CimType;
        ReadOnlySpan<byte> element = type == CimType.Reference ? "PROPERTY.REFERENCE"u8 : type.IsArray() ? "PROPERTY.ARRAY"u8 : "PROPERTY"u8;
        XmlText.Raw(writer, "<"u8);
        XmlText.Raw(writer, element);
        Start(writer, " NAME=\""u8, property.Name);
        if (type == CimType.Reference)
        {
            if (property.ReferenceClassName is { Length: > 0 } referenceClass)
            {
                Start(writer, "\" REFERENCECLASS=\""u8, referenceClass);
            }
        }
        else
        {
            XmlText.Raw(writer, "\" TYPE=\""u8);
            TypeName(writer, type);
        }

        if (property.ArraySize > 0)
        {
            Start(writer, "\" ARRAYSIZE=\""u8, property.ArraySize.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (includeClassOrigin && property.ClassOrigin.Length > 0)
        {
            Start(writer, "\" CLASSORIGIN=\""u8, property.ClassOrigin);
        }

        if (isClass && property.IsPropagated)
        {
            XmlText.Raw(writer, "\" PROPAGATED=\"true"u8);
        }

        if (type.ElementType() == CimType.Instance)
        {
            bool isObject = property.EmbeddedClassName is { Length: 0 } && (value.IsNull || value.AsClass() is not null || isClass);
            XmlText.Raw(writer, isObject ? "\" EmbeddedObject=\"object"u8 : "\" EmbeddedObject=\"instance"u8);
        }

        XmlText.Raw(writer, "\""u8);
        return element;
    }

    private static void TypeName(IBufferWriter<byte> writer, CimType type) =>
        XmlText.Escaped(writer, type.ElementType() == CimType.Instance ? "string" : type.ElementName());

    private static void Start(IBufferWriter<byte> writer, ReadOnlySpan<byte> markup, string text)
    {
        XmlText.Raw(writer, markup);
        XmlText.Escaped(writer, text);
    }

    private static void End(IBufferWriter<byte> writer, ReadOnlySpan<byte> element)
    {
        XmlText.Raw(writer, "</"u8);
        XmlText.Raw(writer, element);
        XmlText.Raw(writer, ">"u8);
    }
}
