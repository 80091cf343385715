using System.Buffers;
using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <content>
/// Objects that many answers share are encoded once: frozen instances and their paths keep their bytes from the second time on (most are
/// written once only and would waste them), classes in a table of bounded size.
/// </content>
public static partial class CimXmlWriter
{
    private const long MaxClassBytes = 8 * 1024 * 1024;

    private static readonly object s_seen = new();
    private static readonly ConditionalWeakTable<CimClass, byte[]> s_classes = [];
    private static long s_classBytes;

    /// <summary>INSTANCE of an instance that may be written again.</summary>
    public static void SharedInstance(IBufferWriter<byte> writer, CimInstance instance)
    {
        if (instance.IsFrozen && instance.WireForm is byte[] known)
        {
            XmlText.Raw(writer, known);
        }
        else if (instance.IsFrozen && instance.WireForm is not null)
        {
            byte[] bytes = Encode(instance, static (w, i) => Instance(w, i));
            instance.WireForm = bytes;
            XmlText.Raw(writer, bytes);
        }
        else
        {
            instance.WireForm = s_seen;
            Instance(writer, instance);
        }
    }

    /// <summary>INSTANCENAME of a path that may be written again.</summary>
    public static void SharedInstanceName(IBufferWriter<byte> writer, CimObjectPath path)
    {
        if (path.WireForm is byte[] known)
        {
            XmlText.Raw(writer, known);
        }
        else if (path.WireForm is not null)
        {
            byte[] bytes = Encode(path, InstanceName);
            path.WireForm = bytes;
            XmlText.Raw(writer, bytes);
        }
        else
        {
            path.WireForm = s_seen;
            InstanceName(writer, path);
        }
    }

    /// <summary>CLASS, without class origins, of a class that may be written again.</summary>
    public static void SharedClass(IBufferWriter<byte> writer, CimClass cimClass)
    {
        if (!s_classes.TryGetValue(cimClass, out byte[]? bytes))
        {
            bytes = Encode(cimClass, static (w, c) => Class(w, c));
            if (Interlocked.Add(ref s_classBytes, bytes.Length) > MaxClassBytes)
            {
                s_classes.Clear();
                Interlocked.Exchange(ref s_classBytes, bytes.Length);
            }

            s_classes.AddOrUpdate(cimClass, bytes);
        }

        XmlText.Raw(writer, bytes);
    }

    private static byte[] Encode<T>(T value, Action<IBufferWriter<byte>, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }
}
