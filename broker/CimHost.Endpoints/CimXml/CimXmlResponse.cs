using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;

namespace CimHost.Endpoints.CimXml;

/// <summary>
/// The answer to one message: MESSAGE with a SIMPLERSP, or a MULTIRSP of several (DSP0201 §5.2.6). Results are written as they come. An
/// error that comes after some results takes their place, for IMETHODRESPONSE holds either (DSP0201 §5.2.6) and clients do not read both;
/// where a part has left already it follows them. A client that wants both the results and the error pulls.
/// </summary>
internal sealed class CimXmlResponse(ResponseBuffer buffer, string id, bool isMultiple)
{
    private bool _returning;
    private bool _intrinsic;
    private int _start;

    /// <summary>Where results are written.</summary>
    public ResponseBuffer Buffer => buffer;

    /// <summary>Starts the message.</summary>
    public void Start()
    {
        XmlText.Raw(buffer, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\""u8);
        XmlText.Escaped(buffer, id);
        XmlText.Raw(buffer, isMultiple ? "\" PROTOCOLVERSION=\"1.0\"><MULTIRSP>"u8 : "\" PROTOCOLVERSION=\"1.0\">"u8);
    }

    /// <summary>Starts the answer to one call.</summary>
    public void StartCall(CimXmlCall call)
    {
        _returning = false;
        _intrinsic = call.IsIntrinsic;
        XmlText.Raw(buffer, _intrinsic ? "<SIMPLERSP><IMETHODRESPONSE NAME=\""u8 : "<SIMPLERSP><METHODRESPONSE NAME=\""u8);
        XmlText.Escaped(buffer, call.Name);
        XmlText.Raw(buffer, "\">"u8);
        _start = buffer.Mark();
    }

    /// <summary>Makes sure that IRETURNVALUE is open.</summary>
    public void StartReturnValue()
    {
        if (!_returning)
        {
            _returning = true;
            XmlText.Raw(buffer, "<IRETURNVALUE>"u8);
        }
    }

    /// <summary>Closes IRETURNVALUE if it is open.</summary>
    public void EndReturnValue()
    {
        if (_returning)
        {
            _returning = false;
            XmlText.Raw(buffer, "</IRETURNVALUE>"u8);
        }
    }

    /// <summary>Says that the call failed, in place of the results so far if they can be taken back.</summary>
    public void Fail(CimException error)
    {
        if (buffer.TryRewind(_start))
        {
            _returning = false;
        }

        EndReturnValue();
        CimXmlWriter.Error(buffer, error);
    }

    /// <summary>Ends the answer to the call.</summary>
    public void EndCall()
    {
        EndReturnValue();
        XmlText.Raw(buffer, _intrinsic ? "</IMETHODRESPONSE></SIMPLERSP>"u8 : "</METHODRESPONSE></SIMPLERSP>"u8);
    }

    /// <summary>Ends the message.</summary>
    public void End() => XmlText.Raw(buffer, isMultiple ? "</MULTIRSP></MESSAGE></CIM>"u8 : "</MESSAGE></CIM>"u8);
}
