using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <summary>An export message as a listener receives it (DSP0201 §5.2.6 MESSAGE with SIMPLEEXPREQ or MULTIEXPREQ).</summary>
public sealed class CimXmlExportRequest
{
    /// <summary>Most indications in one message.</summary>
    public const int MaxIndications = 100;

    private readonly List<CimInstance> _indications = [];

    private CimXmlExportRequest(string id) => Id = id;

    /// <summary>Id that the answer repeats.</summary>
    public string Id { get; }

    /// <summary>The indications; one unless the message holds several requests.</summary>
    public IReadOnlyList<CimInstance> Indications => _indications;

    /// <summary>Reads a message.</summary>
    /// <exception cref="XmlFormatException">The text is no XML, or no export message.</exception>
    /// <exception cref="CimXmlVersionException">A version that is not supported.</exception>
    /// <exception cref="CimException">The message is well formed, but holds another method or a value that cannot be read.</exception>
    public static CimXmlExportRequest Parse(ReadOnlySpan<byte> body)
    {
        var reader = new XmlPullReader(body);
        if (!reader.Is("CIM"u8))
        {
            throw reader.Unexpected("<CIM>");
        }

        CimXmlVersionException.Check("CIMVERSION", reader.RequiredAttribute("CIMVERSION"u8), "2.", "unsupported-cim-version");
        CimXmlVersionException.Check("DTDVERSION", reader.RequiredAttribute("DTDVERSION"u8), "2.", "unsupported-dtd-version");
        if (!reader.NextChild() || !reader.Is("MESSAGE"u8))
        {
            throw reader.Unexpected("<MESSAGE>");
        }

        var request = new CimXmlExportRequest(reader.RequiredAttribute("ID"u8));
        CimXmlVersionException.Check("PROTOCOLVERSION", reader.RequiredAttribute("PROTOCOLVERSION"u8), "1.", "unsupported-protocol-version");
        if (!reader.NextChild())
        {
            throw reader.Unexpected("<SIMPLEEXPREQ> or <MULTIEXPREQ>");
        }

        request.ReadRequest(ref reader);
        if (request._indications.Count == 0)
        {
            throw reader.Unexpected("<SIMPLEEXPREQ>");
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
        if (reader.Is("SIMPLEEXPREQ"u8))
        {
            ReadSimple(ref reader);
            return;
        }

        if (!reader.Is("MULTIEXPREQ"u8))
        {
            throw reader.Unexpected("<SIMPLEEXPREQ> or <MULTIEXPREQ>");
        }

        while (reader.NextChild())
        {
            if (!reader.Is("SIMPLEEXPREQ"u8) || _indications.Count == MaxIndications)
            {
                throw reader.Unexpected(_indications.Count == MaxIndications ? $"at most {MaxIndications} indications" : "<SIMPLEEXPREQ>");
            }

            ReadSimple(ref reader);
        }
    }

    private void ReadSimple(ref XmlPullReader reader)
    {
        int before = _indications.Count;
        while (reader.NextChild())
        {
            if (reader.Is("CORRELATOR"u8))
            {
                reader.Skip();
            }
            else if (reader.Is("EXPMETHODCALL"u8) && _indications.Count == before)
            {
                ReadCall(ref reader);
            }
            else
            {
                throw reader.Unexpected("one <EXPMETHODCALL>");
            }
        }

        if (_indications.Count == before)
        {
            throw reader.Unexpected("<EXPMETHODCALL>");
        }
    }

    private void ReadCall(ref XmlPullReader reader)
    {
        string method = reader.RequiredAttribute("NAME"u8);
        if (!string.Equals(method, CimXmlExportWriter.ExportIndication, StringComparison.OrdinalIgnoreCase))
        {
            throw CimException.NotSupported($"The export method is {method}; only {CimXmlExportWriter.ExportIndication} is known.");
        }

        int before = _indications.Count;
        while (reader.NextChild())
        {
            if (!reader.Is("EXPPARAMVALUE"u8) || _indications.Count > before || !string.Equals(reader.RequiredAttribute("NAME"u8), "NewIndication", StringComparison.OrdinalIgnoreCase))
            {
                throw reader.Unexpected("one <EXPPARAMVALUE NAME=\"NewIndication\">");
            }

            if (!reader.NextChild() || !reader.Is("INSTANCE"u8))
            {
                throw reader.Unexpected("<INSTANCE>");
            }

            _indications.Add(CimXmlReader.Instance(ref reader, 0));
            if (reader.NextChild())
            {
                throw reader.Unexpected("one <INSTANCE>");
            }
        }

        if (_indications.Count == before)
        {
            throw CimException.InvalidParameter($"{CimXmlExportWriter.ExportIndication} needs the parameter NewIndication.");
        }
    }
}
