using System.Text;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>CIM-XML requests: a message is read, is refused as XML or as a version, or has a call whose value is wrong; nothing else happens.</summary>
public class CimXmlRequestFuzz
{
    private const string Namespace = "<LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/><NAMESPACE NAME=\"cimv2\"/></LOCALNAMESPACEPATH>";
    private const string Name = "<INSTANCENAME CLASSNAME=\"A\"><KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"string\" TYPE=\"string\">x</KEYVALUE></KEYBINDING><KEYBINDING NAME=\"R\"><VALUE.REFERENCE><INSTANCENAME CLASSNAME=\"B\"><KEYVALUE VALUETYPE=\"numeric\">7</KEYVALUE></INSTANCENAME></VALUE.REFERENCE></KEYBINDING></INSTANCENAME>";

    private static readonly byte[][] s_seeds =
    [
        Message("<SIMPLEREQ>" + Call("GetInstance", "InstanceName", Name) + "</SIMPLEREQ>"),
        Message("<SIMPLEREQ>" + Call("EnumerateInstances", "ClassName", "<CLASSNAME NAME=\"A\"/>") + "</SIMPLEREQ>"),
        Message("<SIMPLEREQ>" + Call("CreateInstance", "NewInstance", "<INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"uint8\"><VALUE>1</VALUE></PROPERTY><PROPERTY.ARRAY NAME=\"T\" TYPE=\"datetime\"><VALUE.ARRAY><VALUE>20260101000000.000000+000</VALUE><VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY><PROPERTY.REFERENCE NAME=\"P\"><VALUE.REFERENCE>" + Name + "</VALUE.REFERENCE></PROPERTY.REFERENCE><PROPERTY NAME=\"E\" TYPE=\"string\" EmbeddedObject=\"instance\"><VALUE>&lt;INSTANCE CLASSNAME=\"X\"&gt;&lt;/INSTANCE&gt;</VALUE></PROPERTY></INSTANCE>") + "</SIMPLEREQ>"),
        Message("<SIMPLEREQ>" + Call("CreateClass", "NewClass", "<CLASS NAME=\"A\" SUPERCLASS=\"B\"><QUALIFIER NAME=\"Version\" TYPE=\"string\" OVERRIDABLE=\"false\"><VALUE>1.0</VALUE></QUALIFIER><PROPERTY NAME=\"N\" TYPE=\"real32\"><VALUE>1.5</VALUE></PROPERTY><METHOD NAME=\"M\" TYPE=\"uint32\"><PARAMETER.REFARRAY NAME=\"P\" REFERENCECLASS=\"A\"/></METHOD></CLASS>") + "</SIMPLEREQ>"),
        Message("<SIMPLEREQ>" + Call("SetQualifier", "QualifierDeclaration", "<QUALIFIER.DECLARATION NAME=\"Q\" TYPE=\"boolean\" ISARRAY=\"false\"><SCOPE CLASS=\"true\"/><VALUE>TRUE</VALUE></QUALIFIER.DECLARATION>") + "</SIMPLEREQ>"),
        Message("<MULTIREQ><SIMPLEREQ>" + Call("GetClass", "PropertyList", "<VALUE.ARRAY><VALUE>a</VALUE></VALUE.ARRAY>") + "</SIMPLEREQ><SIMPLEREQ><METHODCALL NAME=\"M\"><LOCALINSTANCEPATH>" + Namespace + Name + "</LOCALINSTANCEPATH><PARAMVALUE NAME=\"p\" PARAMTYPE=\"uint16\"><VALUE><![CDATA[7]]></VALUE></PARAMVALUE></METHODCALL></SIMPLEREQ></MULTIREQ>"),
    ];

    [Fact]
    public void A_request() => Fuzzer.Run(s_seeds, bytes =>
    {
        try
        {
            CimXmlRequest request = CimXmlRequest.Parse(bytes);
            Assert.InRange(request.Calls.Count, 1, CimXmlRequest.MaxCalls);
        }
        catch (XmlFormatException e)
        {
            Assert.True(e.Line >= 1 && e.Column >= 1);
        }
        catch (CimXmlVersionException e)
        {
            Assert.NotEmpty(e.CimError);
        }
    });

    // Reads everything of a document, whatever the elements are.
    [Fact]
    public void XML() => Fuzzer.Run(s_seeds, bytes =>
    {
        try
        {
            var reader = new XmlPullReader(bytes);
            reader.Skip();
            reader.Finish();
        }
        catch (XmlFormatException e)
        {
            Assert.True(e.Line >= 1 && e.Column >= 1);
        }
    });

    private static byte[] Message(string content) => Encoding.UTF8.GetBytes(
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\">{content}</MESSAGE></CIM>");

    private static string Call(string name, string parameter, string value) =>
        $"<IMETHODCALL NAME=\"{name}\">{Namespace}<IPARAMVALUE NAME=\"{parameter}\">{value}</IPARAMVALUE></IMETHODCALL>";
}
