using System.Buffers;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>Writes export messages (DSP0200 §5.5, DSP0201 §5.4): an indication on its way to a listener, and the listener's answer.</summary>
public static class CimXmlExportWriter
{
    /// <summary>Name of the export method, as the header CIMExportMethod carries it.</summary>
    public const string ExportIndication = "ExportIndication";

    /// <summary>ExportIndication with one indication.</summary>
    public static void Indication(IBufferWriter<byte> writer, string messageId, CimInstance indication)
    {
        var instance = new ArrayBufferWriter<byte>(1024);
        CimXmlWriter.Instance(instance, indication);
        Indication(writer, messageId, instance.WrittenSpan);
    }

    /// <summary>ExportIndication with one indication that was encoded before, by <see cref="CimXmlWriter.Instance"/>.</summary>
    public static void Indication(IBufferWriter<byte> writer, string messageId, ReadOnlySpan<byte> encodedInstance)
    {
        Begin(writer, messageId);
        XmlText.Raw(writer, "<SIMPLEEXPREQ><EXPMETHODCALL NAME=\"ExportIndication\"><EXPPARAMVALUE NAME=\"NewIndication\">"u8);
        XmlText.Raw(writer, encodedInstance);
        XmlText.Raw(writer, "</EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>"u8);
    }

    /// <summary>The answer to ExportIndication: that it arrived, or the error.</summary>
    public static void Response(IBufferWriter<byte> writer, string messageId, CimException? error = null)
    {
        Begin(writer, messageId);
        XmlText.Raw(writer, "<SIMPLEEXPRSP><EXPMETHODRESPONSE NAME=\"ExportIndication\">"u8);
        if (error is null)
        {
            XmlText.Raw(writer, "<IRETURNVALUE></IRETURNVALUE>"u8);
        }
        else
        {
            CimXmlWriter.Error(writer, error);
        }

        XmlText.Raw(writer, "</EXPMETHODRESPONSE></SIMPLEEXPRSP></MESSAGE></CIM>"u8);
    }

    private static void Begin(IBufferWriter<byte> writer, string messageId)
    {
        XmlText.Raw(writer, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.4\"><MESSAGE ID=\""u8);
        XmlText.Escaped(writer, messageId);
        XmlText.Raw(writer, "\" PROTOCOLVERSION=\"1.4\">"u8);
    }
}
