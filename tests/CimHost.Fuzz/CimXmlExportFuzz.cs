using System.Buffers;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Export messages: a listener reads them, or refuses them as XML, as a version, or with a status; nothing else happens.</summary>
public sealed class CimXmlExportFuzz
{
    [Fact]
    public void An_export_message()
    {
        var seed = new ArrayBufferWriter<byte>();
        CimXmlExportWriter.Indication(seed, "7", QuerySamples.Instance());
        var several = new ArrayBufferWriter<byte>();
        several.Write("<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\"><MULTIEXPREQ><SIMPLEEXPREQ><CORRELATOR NAME=\"c\" TYPE=\"string\"><VALUE>x</VALUE></CORRELATOR><EXPMETHODCALL NAME=\"ExportIndication\"><EXPPARAMVALUE NAME=\"NewIndication\"><INSTANCE CLASSNAME=\"A\"></INSTANCE></EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ></MULTIEXPREQ></MESSAGE></CIM>"u8);
        Assert.Single(CimXmlExportRequest.Parse(seed.WrittenSpan).Indications);
        Assert.Single(CimXmlExportRequest.Parse(several.WrittenSpan).Indications);
        Fuzzer.Run([seed.WrittenSpan.ToArray(), several.WrittenSpan.ToArray()], bytes =>
        {
            try
            {
                Assert.InRange(CimXmlExportRequest.Parse(bytes).Indications.Count, 1, CimXmlExportRequest.MaxIndications);
            }
            catch (XmlFormatException e)
            {
                Assert.True(e.Line >= 1 && e.Column >= 1);
            }
            catch (CimXmlVersionException e)
            {
                Assert.NotEmpty(e.CimError);
            }
            catch (CimException e)
            {
                Assert.NotEmpty(e.Message);
            }
        });
    }
}
