using System.Buffers;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <content>Object paths (DSP0201 §5.2.4).</content>
public static partial class CimXmlWriter
{
    /// <summary>CLASSNAME.</summary>
    public static void ClassName(IBufferWriter<byte> writer, string className)
    {
        Start(writer, "<CLASSNAME NAME=\""u8, className);
        XmlText.Raw(writer, "\"/>"u8);
    }

    /// <summary>INSTANCENAME: class and keys, without namespace and host.</summary>
    public static void InstanceName(IBufferWriter<byte> writer, CimObjectPath path)
    {
        Start(writer, "<INSTANCENAME CLASSNAME=\""u8, path.ClassName);
        XmlText.Raw(writer, "\">"u8);
        for (int i = 0; i < path.Keys.Count; i++)
        {
            CimKeyBinding key = path.Keys[i];
            Start(writer, "<KEYBINDING NAME=\""u8, key.Name);
            XmlText.Raw(writer, "\">"u8);
            if (key.Value.AsReference() is { } reference)
            {
                Reference(writer, reference);
            }
            else
            {
                KeyValue(writer, key.Value);
            }

            XmlText.Raw(writer, "</KEYBINDING>"u8);
        }

        XmlText.Raw(writer, "</INSTANCENAME>"u8);
    }

    /// <summary>INSTANCEPATH or CLASSPATH: with namespace and host.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="path">The path.</param>
    /// <param name="host">Host where the path names none.</param>
    /// <param name="namespaceName">Namespace where the path names none.</param>
    public static void FullPath(IBufferWriter<byte> writer, CimObjectPath path, string host, string namespaceName)
    {
        XmlText.Raw(writer, path.IsClassPath ? "<CLASSPATH>"u8 : "<INSTANCEPATH>"u8);
        Start(writer, "<NAMESPACEPATH><HOST>"u8, path.Host ?? host);
        XmlText.Raw(writer, "</HOST>"u8);
        LocalNamespacePath(writer, path.Namespace ?? namespaceName);
        XmlText.Raw(writer, "</NAMESPACEPATH>"u8);
        Name(writer, path);
        XmlText.Raw(writer, path.IsClassPath ? "</CLASSPATH>"u8 : "</INSTANCEPATH>"u8);
    }

    /// <summary>LOCALINSTANCEPATH or LOCALCLASSPATH: with namespace, without host.</summary>
    public static void LocalPath(IBufferWriter<byte> writer, CimObjectPath path, string namespaceName)
    {
        XmlText.Raw(writer, path.IsClassPath ? "<LOCALCLASSPATH>"u8 : "<LOCALINSTANCEPATH>"u8);
        LocalNamespacePath(writer, path.Namespace ?? namespaceName);
        Name(writer, path);
        XmlText.Raw(writer, path.IsClassPath ? "</LOCALCLASSPATH>"u8 : "</LOCALINSTANCEPATH>"u8);
    }

    /// <summary>LOCALNAMESPACEPATH: one NAMESPACE for each part of the name.</summary>
    public static void LocalNamespacePath(IBufferWriter<byte> writer, string namespaceName)
    {
        XmlText.Raw(writer, "<LOCALNAMESPACEPATH>"u8);
        ReadOnlySpan<char> name = namespaceName;
        foreach (System.Range part in name.Split('/'))
        {
            if (!name[part].IsEmpty)
            {
                XmlText.Raw(writer, "<NAMESPACE NAME=\""u8);
                XmlText.Escaped(writer, name[part]);
                XmlText.Raw(writer, "\"/>"u8);
            }
        }

        XmlText.Raw(writer, "</LOCALNAMESPACEPATH>"u8);
    }

    /// <summary>VALUE.REFERENCE with as much of the path as is known.</summary>
    public static void Reference(IBufferWriter<byte> writer, CimObjectPath path)
    {
        XmlText.Raw(writer, "<VALUE.REFERENCE>"u8);
        if (path.Namespace is null)
        {
            Name(writer, path);
        }
        else if (path.Host is null)
        {
            LocalPath(writer, path, path.Namespace);
        }
        else
        {
            FullPath(writer, path, path.Host, path.Namespace);
        }

        XmlText.Raw(writer, "</VALUE.REFERENCE>"u8);
    }

    /// <summary>OBJECTPATH: a full path as associations answer it.</summary>
    public static void ObjectPath(IBufferWriter<byte> writer, CimObjectPath path, string host, string namespaceName)
    {
        XmlText.Raw(writer, "<OBJECTPATH>"u8);
        FullPath(writer, path, host, namespaceName);
        XmlText.Raw(writer, "</OBJECTPATH>"u8);
    }

    private static void Name(IBufferWriter<byte> writer, CimObjectPath path)
    {
        if (path.IsClassPath)
        {
            ClassName(writer, path.ClassName);
        }
        else
        {
            InstanceName(writer, path);
        }
    }

    private static void KeyValue(IBufferWriter<byte> writer, CimValue value)
    {
        CimType type = value.Type;
        if (type == CimType.String)
        {
            XmlText.Raw(writer, "<KEYVALUE VALUETYPE=\"string\">"u8);
        }
        else
        {
            XmlText.Raw(writer, type == CimType.Boolean ? "<KEYVALUE VALUETYPE=\"boolean\""u8 : type.IsNumeric() ? "<KEYVALUE VALUETYPE=\"numeric\""u8 : "<KEYVALUE VALUETYPE=\"string\""u8);
            Start(writer, " TYPE=\""u8, type.ElementName());
            XmlText.Raw(writer, "\">"u8);
        }

        Scalar(writer, value);
        XmlText.Raw(writer, "</KEYVALUE>"u8);
    }
}
