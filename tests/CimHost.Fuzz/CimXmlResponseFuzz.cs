using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>The response reader takes any bytes, however they are cut: a result, an error of CIM, or a sentence that says what is wrong.</summary>
public sealed class CimXmlResponseFuzz
{
    private static readonly byte[][] s_seeds =
    [
        .. new[]
        {
            """<?xml version="1.0" encoding="utf-8"?><CIM CIMVERSION="2.0" DTDVERSION="2.4"><MESSAGE ID="1" PROTOCOLVERSION="1.4"><SIMPLERSP><IMETHODRESPONSE NAME="EnumerateInstances"><IRETURNVALUE><VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="CIM_Fan"><KEYBINDING NAME="DeviceID"><KEYVALUE VALUETYPE="string">1</KEYVALUE></KEYBINDING></INSTANCENAME><INSTANCE CLASSNAME="CIM_Fan"><PROPERTY NAME="DeviceID" TYPE="string"><VALUE>1</VALUE></PROPERTY><PROPERTY.ARRAY NAME="OperationalStatus" TYPE="uint16"><VALUE.ARRAY><VALUE>2</VALUE></VALUE.ARRAY></PROPERTY.ARRAY><PROPERTY NAME="E" TYPE="string" EmbeddedObject="instance"><VALUE>&lt;INSTANCE CLASSNAME="X"/&gt;</VALUE></PROPERTY></INSTANCE></VALUE.NAMEDINSTANCE></IRETURNVALUE><ERROR CODE="1" DESCRIPTION="late"/></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>""",
            """<CIM CIMVERSION="2.0" DTDVERSION="2.4"><MESSAGE ID="7" PROTOCOLVERSION="1.0"><SIMPLERSP><IMETHODRESPONSE NAME="OpenEnumerateInstancePaths"><IRETURNVALUE><INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH></NAMESPACEPATH><INSTANCENAME CLASSNAME="A"/></INSTANCEPATH></IRETURNVALUE><PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean"><VALUE>TRUE</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext" PARAMTYPE="string"><VALUE>c1</VALUE></PARAMVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>""",
            """<CIM CIMVERSION="2.0" DTDVERSION="2.4"><MESSAGE ID="2" PROTOCOLVERSION="1.0"><SIMPLERSP><METHODRESPONSE NAME="Reset"><RETURNVALUE PARAMTYPE="uint32"><VALUE>0</VALUE></RETURNVALUE><PARAMVALUE NAME="Job" PARAMTYPE="reference"><VALUE.REFERENCE><CLASSNAME NAME="X"/></VALUE.REFERENCE></PARAMVALUE></METHODRESPONSE></SIMPLERSP></MESSAGE></CIM>""",
            """<CIM CIMVERSION="2.0" DTDVERSION="2.4"><MESSAGE ID="3" PROTOCOLVERSION="1.0"><SIMPLERSP><IMETHODRESPONSE NAME="GetClass"><IRETURNVALUE><!-- c --><CLASS NAME="A" SUPERCLASS="B"><QUALIFIER NAME="Version" TYPE="string"><VALUE><![CDATA[1.0]]></VALUE></QUALIFIER><METHOD NAME="M" TYPE="uint8"/></CLASS></IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Any_bytes_give_results_or_a_promised_error() => Fuzzer.Run(s_seeds, static input =>
    {
        string whole = Outcome(input, input.Length);
        string cut = Outcome(input, Math.Max(1, input.Length / 3));
        if (whole != cut)
        {
            throw new InvalidOperationException($"In one piece: {whole}; in pieces: {cut}");
        }
    });

    // Number of objects and how it ended; the same however the bytes arrive.
    private static string Outcome(byte[] input, int pieceLength)
    {
        var parser = new CimXmlResponseParser();
        int objects = 0, start = 0, end = 0;
        try
        {
            while (true)
            {
                bool isFinal = end == input.Length;
                object? item = parser.Read(input.AsSpan(start, end - start), isFinal, out int consumed);
                start += consumed;
                if (item is not null)
                {
                    objects++;
                }
                else if (isFinal)
                {
                    return $"{objects} objects";
                }
                else
                {
                    end = Math.Min(input.Length, end + pieceLength);
                }
            }
        }
        catch (CimException e)
        {
            return $"{objects} objects, {e.Status}";
        }
        catch (CimXmlResponseException)
        {
            return $"{objects} objects, no response";
        }
    }
}
