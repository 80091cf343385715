using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>A CIM-XML request message (DSP0201 §5.2.6 MESSAGE with SIMPLEREQ or MULTIREQ).</summary>
public sealed class CimXmlRequest
{
    /// <summary>Most calls in one message.</summary>
    public const int MaxCalls = 100;

    private readonly List<CimXmlCall> _calls = [];

    private CimXmlRequest()
    {
    }

    /// <summary>Id that the answer repeats.</summary>
    public string Id { get; private set; } = string.Empty;

    /// <summary>True for MULTIREQ.</summary>
    public bool IsMultiple { get; private set; }

    /// <summary>The calls; exactly one in a simple request.</summary>
    public IReadOnlyList<CimXmlCall> Calls => _calls;

    /// <summary>What is wrong with a value inside the last of <see cref="Calls"/>: the answer is a CIM error. Null when the message could be read whole.</summary>
    public CimException? Failure { get; private set; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="XmlFormatException">The text is no XML, or no CIM-XML request (HTTP 400, CIMError request-not-well-formed or request-not-loosely-valid).</exception>
    /// <exception cref="CimXmlVersionException">A version that is not supported (HTTP 501).</exception>
    public static CimXmlRequest Parse(ReadOnlySpan<byte> body)
    {
        var reader = new XmlPullReader(body);
        if (!reader.Is("CIM"u8))
        {
            throw reader.Unexpected("<CIM>");
        }

        CimXmlVersionException.Check("CIMVERSION", reader.RequiredAttribute("CIMVERSION"u8), "2.", "unsupported-cim-version");
        CimXmlVersionException.Check("DTDVERSION", reader.RequiredAttribute("DTDVERSION"u8), "2.", "unsupported-dtd-version");
        var request = new CimXmlRequest();
        if (!reader.NextChild() || !reader.Is("MESSAGE"u8))
        {
            throw reader.Unexpected("<MESSAGE>");
        }

        request.Id = reader.RequiredAttribute("ID"u8);
        CimXmlVersionException.Check("PROTOCOLVERSION", reader.RequiredAttribute("PROTOCOLVERSION"u8), "1.", "unsupported-protocol-version");
        if (!reader.NextChild())
        {
            throw reader.Unexpected("<SIMPLEREQ> or <MULTIREQ>");
        }

        try
        {
            request.ReadRequest(ref reader);
        }
        catch (CimException e) when (request._calls.Count > 0)
        {
            request.Failure = e;
            return request;
        }

        if (request._calls.Count == 0)
        {
            throw reader.Unexpected("<SIMPLEREQ>");
        }

        if (reader.NextChild() || reader.NextChild())
        {
            throw reader.Unexpected("the end of the message");
        }

        reader.Finish();
        return request;
    }

    private void ReadRequest(ref XmlPullReader reader)
    {
        if (reader.Is("SIMPLEREQ"u8))
        {
            ReadSimple(ref reader);
            return;
        }

        if (!reader.Is("MULTIREQ"u8))
        {
            throw reader.Unexpected("<SIMPLEREQ> or <MULTIREQ>");
        }

        IsMultiple = true;
        while (reader.NextChild())
        {
            if (!reader.Is("SIMPLEREQ"u8) || _calls.Count == MaxCalls)
            {
                throw reader.Unexpected(_calls.Count == MaxCalls ? $"at most {MaxCalls} requests" : "<SIMPLEREQ>");
            }

            ReadSimple(ref reader);
        }
    }

    private void ReadSimple(ref XmlPullReader reader)
    {
        int before = _calls.Count;
        while (reader.NextChild())
        {
            if (reader.Is("CORRELATOR"u8))
            {
                reader.Skip();
            }
            else if (_calls.Count > before)
            {
                throw reader.Unexpected("one call in <SIMPLEREQ>");
            }
            else if (reader.Is("IMETHODCALL"u8))
            {
                ReadIntrinsic(ref reader);
            }
            else if (reader.Is("METHODCALL"u8))
            {
                ReadExtrinsic(ref reader);
            }
            else
            {
                throw reader.Unexpected("<IMETHODCALL> or <METHODCALL>");
            }
        }

        if (_calls.Count == before)
        {
            throw reader.Unexpected("<IMETHODCALL> or <METHODCALL> in <SIMPLEREQ>");
        }
    }

    private void ReadIntrinsic(ref XmlPullReader reader)
    {
        var call = new CimXmlCall(true, reader.RequiredAttribute("NAME"u8));
        _calls.Add(call);
        while (reader.NextChild())
        {
            if (reader.Is("LOCALNAMESPACEPATH"u8))
            {
                call.Namespace = CimXmlReader.LocalNamespacePath(ref reader);
            }
            else if (reader.Is("IPARAMVALUE"u8))
            {
                string name = reader.RequiredAttribute("NAME"u8);
                object? value = null;
                if (reader.NextChild())
                {
                    value = CimXmlReader.ParameterObject(ref reader);
                    if (reader.NextChild())
                    {
                        throw reader.Unexpected("one value in <IPARAMVALUE>");
                    }
                }

                call.Add(name, value);
            }
            else
            {
                throw reader.Unexpected("<LOCALNAMESPACEPATH> or <IPARAMVALUE>");
            }
        }
    }

    private void ReadExtrinsic(ref XmlPullReader reader)
    {
        var call = new CimXmlCall(false, reader.RequiredAttribute("NAME"u8));
        _calls.Add(call);
        while (reader.NextChild())
        {
            if (reader.Is("LOCALCLASSPATH"u8) || reader.Is("LOCALINSTANCEPATH"u8))
            {
                call.Target = CimXmlReader.Path(ref reader);
                call.Namespace = call.Target.Namespace;
            }
            else if (reader.Is("PARAMVALUE"u8))
            {
                call.Add(CimXmlReader.MethodParameter(ref reader));
            }
            else
            {
                throw reader.Unexpected("<LOCALCLASSPATH>, <LOCALINSTANCEPATH> or <PARAMVALUE>");
            }
        }
    }
}
