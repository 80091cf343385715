using System.Buffers;
using System.Globalization;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>A parameter of an intrinsic operation.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">
/// A bool, uint, string or list of strings; a <see cref="CimValue"/>; a <see cref="CimObjectPath"/> (CLASSNAME or INSTANCENAME); a
/// <see cref="CimInstance"/>, <see cref="CimClass"/> or <see cref="CimQualifierDeclaration"/>. Null: the parameter is not sent.
/// </param>
public readonly record struct CimXmlParameter(string Name, object? Value);

/// <summary>Writes request messages with one call (DSP0201 §5.4.1–§5.4.6).</summary>
public static class CimXmlRequestWriter
{
    /// <summary>An intrinsic operation.</summary>
    public static void Intrinsic(IBufferWriter<byte> writer, string messageId, string namespaceName, string operation, params ReadOnlySpan<CimXmlParameter> parameters)
    {
        Begin(writer, messageId);
        Tag(writer, "<IMETHODCALL NAME=\""u8, operation);
        CimXmlWriter.LocalNamespacePath(writer, namespaceName);
        foreach (CimXmlParameter parameter in parameters)
        {
            if (parameter.Value is not null)
            {
                Tag(writer, "<IPARAMVALUE NAME=\""u8, parameter.Name);
                Value(writer, parameter);
                XmlText.Raw(writer, "</IPARAMVALUE>"u8);
            }
        }

        XmlText.Raw(writer, "</IMETHODCALL>"u8);
        End(writer);
    }

    /// <summary>A method of an instance or of a class.</summary>
    public static void Method(IBufferWriter<byte> writer, string messageId, string namespaceName, CimObjectPath target, string method, IEnumerable<CimMethodParameter> parameters)
    {
        Begin(writer, messageId);
        Tag(writer, "<METHODCALL NAME=\""u8, method);
        CimXmlWriter.LocalPath(writer, target, namespaceName);
        foreach (CimMethodParameter parameter in parameters)
        {
            CimXmlWriter.MethodParameter(writer, parameter);
        }

        XmlText.Raw(writer, "</METHODCALL>"u8);
        End(writer);
    }

    private static void Begin(IBufferWriter<byte> writer, string messageId)
    {
        XmlText.Raw(writer, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.4\">"u8);
        XmlText.Raw(writer, "<MESSAGE ID=\""u8);
        XmlText.Escaped(writer, messageId);
        XmlText.Raw(writer, "\" PROTOCOLVERSION=\"1.4\"><SIMPLEREQ>"u8);
    }

    private static void End(IBufferWriter<byte> writer) => XmlText.Raw(writer, "</SIMPLEREQ></MESSAGE></CIM>"u8);

    private static void Value(IBufferWriter<byte> writer, CimXmlParameter parameter)
    {
        switch (parameter.Value)
        {
            case bool flag:
                CimXmlWriter.Value(writer, flag);
                break;
            case uint number:
                CimXmlWriter.Value(writer, number.ToString(CultureInfo.InvariantCulture));
                break;
            case string text:
                CimXmlWriter.Value(writer, text);
                break;
            case IReadOnlyList<string> list:
                CimXmlWriter.Value(writer, list.ToArray());
                break;
            case CimValue value:
                CimXmlWriter.Value(writer, value);
                break;
            case CimObjectPath { IsClassPath: true } path:
                CimXmlWriter.ClassName(writer, path.ClassName);
                break;
            case CimObjectPath path:
                CimXmlWriter.InstanceName(writer, path);
                break;
            case CimInstance instance:
                Instance(writer, parameter.Name, instance);
                break;
            case CimClass cimClass:
                CimXmlWriter.Class(writer, cimClass);
                break;
            case CimQualifierDeclaration declaration:
                CimXmlWriter.QualifierDeclaration(writer, declaration);
                break;
            default:
                throw new ArgumentException($"Parameter {parameter.Name} cannot be a {parameter.Value!.GetType().Name}.", nameof(parameter));
        }
    }

    // ModifyInstance takes the instance with its name, CreateInstance without (DSP0200 §5.4.2.6, §5.4.2.8).
    private static void Instance(IBufferWriter<byte> writer, string name, CimInstance instance)
    {
        if (name != "ModifiedInstance")
        {
            CimXmlWriter.Instance(writer, instance);
            return;
        }

        CimObjectPath path = instance.Path ?? throw CimException.InvalidParameter($"The instance of {instance.ClassName} has no path that says which one to modify.");
        XmlText.Raw(writer, "<VALUE.NAMEDINSTANCE>"u8);
        CimXmlWriter.InstanceName(writer, path);
        CimXmlWriter.Instance(writer, instance);
        XmlText.Raw(writer, "</VALUE.NAMEDINSTANCE>"u8);
    }

    private static void Tag(IBufferWriter<byte> writer, ReadOnlySpan<byte> markup, string name)
    {
        XmlText.Raw(writer, markup);
        XmlText.Escaped(writer, name);
        XmlText.Raw(writer, "\">"u8);
    }
}
