using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;
using Xunit;

namespace CimHost.Wbem.Tests.CimXml;

public sealed class CimXmlRequestTests
{
    private const string Ns = "<LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/><NAMESPACE NAME=\"cimv2\"></NAMESPACE></LOCALNAMESPACEPATH>";

    [Fact]
    public void An_operation_has_its_id_name_namespace_and_parameters()
    {
        CimXmlRequest request = Parse(Simple($"""
            <IMETHODCALL NAME="EnumerateInstances">{Ns}
              <IPARAMVALUE NAME="ClassName"><CLASSNAME NAME="CIM_Fan"/></IPARAMVALUE>
              <!-- a comment --> <?pi?>
              <IPARAMVALUE NAME="DEEPINHERITANCE"><VALUE>true</VALUE></IPARAMVALUE>
              <IPARAMVALUE NAME="LocalOnly"><VALUE> FALSE </VALUE></IPARAMVALUE>
              <IPARAMVALUE NAME="PropertyList"><VALUE.ARRAY><VALUE>A</VALUE><VALUE><![CDATA[B]]></VALUE></VALUE.ARRAY></IPARAMVALUE>
              <IPARAMVALUE NAME="IncludeClassOrigin"/>
              <IPARAMVALUE NAME="MaxObjectCount"><VALUE>1000</VALUE></IPARAMVALUE>
            </IMETHODCALL>
            """));
        CimXmlCall call = Assert.Single(request.Calls);
        Assert.Equal(("42", false, true, "EnumerateInstances", "root/cimv2"), (request.Id, request.IsMultiple, call.IsIntrinsic, call.Name, call.Namespace));
        Assert.Null(request.Failure);
        Assert.Equal("CIM_Fan", call.RequiredClassName("classname"));
        Assert.True(call.Boolean("DeepInheritance", false));
        Assert.False(call.Boolean("LocalOnly", true));
        Assert.True(call.Boolean("IncludeClassOrigin", true));
        Assert.Equal(["A", "B"], call.TextList("PropertyList")!);
        Assert.Equal(1000u, call.Number("MaxObjectCount"));
        call.Allow("ClassName", "DeepInheritance", "LocalOnly", "PropertyList", "IncludeClassOrigin", "MaxObjectCount");
        Assert.Contains("no parameter MaxObjectCount; it takes ClassName", Assert.Throws<CimException>(() => call.Allow("ClassName", "DeepInheritance", "LocalOnly", "PropertyList", "IncludeClassOrigin")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"string\">7</KEYVALUE></KEYBINDING>", "Id", CimType.String, "7")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE>7</KEYVALUE></KEYBINDING>", "Id", CimType.String, "7")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"numeric\">7</KEYVALUE></KEYBINDING>", "Id", CimType.UInt64, "7")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"numeric\"> -7 </KEYVALUE></KEYBINDING>", "Id", CimType.SInt64, "-7")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"numeric\" TYPE=\"uint8\">0x7</KEYVALUE></KEYBINDING>", "Id", CimType.UInt8, "7")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"numeric\">1.5e3</KEYVALUE></KEYBINDING>", "Id", CimType.Real64, "1500")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"boolean\">True</KEYVALUE></KEYBINDING>", "Id", CimType.Boolean, "TRUE")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"string\" TYPE=\"datetime\">20261125063000.123456+060</KEYVALUE></KEYBINDING>", "Id", CimType.DateTime, "20261125063000.123456+060")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"string\" TYPE=\"char16\">x</KEYVALUE></KEYBINDING>", "Id", CimType.Char16, "x")]
    [InlineData("<KEYBINDING NAME=\"Id\"><KEYVALUE/></KEYBINDING>", "Id", CimType.String, "")]
    [InlineData("<KEYVALUE VALUETYPE=\"numeric\">7</KEYVALUE>", "", CimType.UInt64, "7")]
    [InlineData("<VALUE.REFERENCE><INSTANCENAME CLASSNAME=\"B\"/></VALUE.REFERENCE>", "", CimType.Reference, "B")]
    public void A_key_is_read_in_every_form_that_clients_send(string xml, string name, CimType type, string value)
    {
        CimObjectPath path = Parameter($"<INSTANCENAME CLASSNAME=\"A\">{xml}</INSTANCENAME>").InstanceName("P");
        CimKeyBinding key = Assert.Single(path.Keys);
        Assert.Equal((name, type, value), (key.Name, key.Value.Type, key.Value.ToString()));
    }

    [Theory]
    [InlineData("<KEYVALUE VALUETYPE=\"numeric\">seven</KEYVALUE>", "'seven' is no number")]
    [InlineData("<KEYVALUE VALUETYPE=\"boolean\">7</KEYVALUE>", "'7' is no boolean")]
    public void A_key_that_is_not_of_its_type_is_an_error_of_its_call(string xml, string words)
    {
        CimXmlRequest request = Parse(Simple($"<IMETHODCALL NAME=\"GetInstance\">{Ns}<IPARAMVALUE NAME=\"InstanceName\"><INSTANCENAME CLASSNAME=\"A\"><KEYBINDING NAME=\"Id\">{xml}</KEYBINDING></INSTANCENAME></IPARAMVALUE></IMETHODCALL>"));
        Assert.Equal(CimStatusCode.InvalidParameter, request.Failure!.Status);
        Assert.Contains(words, request.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<VALUE>maybe</VALUE>", "Parameter P of Op is 'maybe'; expected TRUE or FALSE")]
    [InlineData("<CLASSNAME NAME=\"A\"/>", "Parameter P of Op is 'A'; expected TRUE or FALSE")]
    public void A_boolean_that_is_none_is_told(string xml, string words) => Told(words, c => c.Boolean("P", false), xml);

    [Theory]
    [InlineData("<VALUE>-1</VALUE>")]
    [InlineData("<VALUE>4294967296</VALUE>")]
    [InlineData("<VALUE>1.5</VALUE>")]
    [InlineData("<VALUE></VALUE>")]
    public void A_number_that_is_none_is_told(string xml) => Told("expected a number from 0 to 4294967295", c => c.Number("P"), xml);

    [Fact]
    public void A_parameter_of_another_kind_or_none_is_told()
    {
        Told("expected an instance name", c => c.InstanceName("P"), "<CLASSNAME NAME=\"A\"/>");
        Told("expected an instance", c => c.Instance("P"), "<VALUE>x</VALUE>");
        Told("expected a class", c => c.Class("P"), "<INSTANCE CLASSNAME=\"A\"/>");
        Told("expected a qualifier declaration", c => c.Qualifier("P"), "<VALUE>x</VALUE>");
        Told("expected a list of names", c => c.TextList("P"), "<VALUE.ARRAY><VALUE.NULL/></VALUE.ARRAY>");
        Told("expected a text", c => c.Text("P"), "<VALUE.ARRAY/>");
        Told("Op needs the parameter Q", c => c.InstanceName("Q"), "<VALUE>x</VALUE>");
        Told("Op needs the parameter Q", c => c.RequiredText("Q"), "<VALUE>x</VALUE>");
        Told("Op needs the parameter Q", c => c.Class("Q"), "<VALUE>x</VALUE>");
        Told("Op needs the parameter P", c => c.RequiredClassName("P"), "<CLASSNAME NAME=\"\"/>");
    }

    [Fact]
    public void A_class_an_instance_with_path_and_a_qualifier_are_taken()
    {
        Assert.Equal("A", Parameter("<CLASS NAME=\"A\" SUPERCLASS=\"B\"/>").Class("P").ClassName);
        CimInstance instance = Parameter("<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME=\"A\"><KEYBINDING NAME=\"Id\"><KEYVALUE>x</KEYVALUE></KEYBINDING></INSTANCENAME><INSTANCE CLASSNAME=\"A\"><QUALIFIER NAME=\"Q\" TYPE=\"boolean\"/><PROPERTY NAME=\"N\" TYPE=\"uint8\"><VALUE> 7 </VALUE></PROPERTY></INSTANCE></VALUE.NAMEDINSTANCE>").Instance("P");
        Assert.Equal(("A.Id=\"x\"", "7"), (instance.Path!.ToString(), instance["N"].ToString()));
        Assert.Equal(CimType.UInt16Array, Parameter("<QUALIFIER.DECLARATION NAME=\"Q\" TYPE=\"uint16\" ISARRAY=\"true\"><SCOPE CLASS=\"TRUE\"/></QUALIFIER.DECLARATION>").Qualifier("P").CimType);
    }

    [Fact]
    public void A_method_call_has_its_target_and_typed_parameters()
    {
        CimXmlCall call = Parse(Simple($"""
            <METHODCALL NAME="Go"><LOCALINSTANCEPATH>{Ns}<INSTANCENAME CLASSNAME="A"><KEYBINDING NAME="Id"><KEYVALUE>x</KEYVALUE></KEYBINDING></INSTANCENAME></LOCALINSTANCEPATH>
            <PARAMVALUE NAME="a" PARAMTYPE="uint16"><VALUE>7</VALUE></PARAMVALUE>
            <PARAMVALUE NAME="b"><VALUE>7</VALUE></PARAMVALUE>
            <PARAMVALUE NAME="c" PARAMTYPE="reference"><VALUE.REFERENCE><CLASSNAME NAME="C"/></VALUE.REFERENCE></PARAMVALUE>
            <PARAMVALUE NAME="d" PARAMTYPE="string" EmbeddedObject="instance"><VALUE>&lt;INSTANCE CLASSNAME="E"/&gt;</VALUE></PARAMVALUE>
            <PARAMVALUE NAME="e" PARAMTYPE="datetime"/>
            <PARAMVALUE NAME="f" PARAMTYPE="boolean"><VALUE.ARRAY><VALUE>TRUE</VALUE><VALUE.NULL/></VALUE.ARRAY></PARAMVALUE>
            </METHODCALL>
            """)).Calls[0];
        Assert.Equal((false, "Go", "root/cimv2", "root/cimv2:A.Id=\"x\""), (call.IsIntrinsic, call.Name, call.Namespace, call.Target!.ToString()));
        Assert.Equal([CimType.UInt16, CimType.String, CimType.Reference, CimType.Instance, CimType.DateTime, CimType.BooleanArray], call.MethodParameters.Select(p => p.CimType));
        Assert.Equal(["7", "7", "C", "E", "NULL", "{TRUE, NULL}"], call.MethodParameters.Select(p => p.Value.ToString()));
    }

    [Fact]
    public void A_class_may_be_the_target_of_a_method()
    {
        CimXmlCall call = Parse(Simple($"<METHODCALL NAME=\"Go\"><LOCALCLASSPATH>{Ns}<CLASSNAME NAME=\"A\"/></LOCALCLASSPATH></METHODCALL>")).Calls[0];
        Assert.True(call.Target!.IsClassPath);
        Assert.Equal("root/cimv2:A", call.Target.ToString());
    }

    [Theory]
    [InlineData("<IMETHODCALL NAME=\"Op\"><IPARAMVALUE NAME=\"P\"/><IPARAMVALUE NAME=\"p\"/></IMETHODCALL>", "Parameter p is given twice")]
    [InlineData("<METHODCALL NAME=\"Op\"><PARAMVALUE NAME=\"P\"/><PARAMVALUE NAME=\"p\"/></METHODCALL>", "Parameter p is given twice")]
    [InlineData("<METHODCALL NAME=\"Op\"><PARAMVALUE NAME=\"P\" PARAMTYPE=\"uint8\"><VALUE>256</VALUE></PARAMVALUE></METHODCALL>", "'256' is no uint8, as P should be")]
    [InlineData("<IMETHODCALL NAME=\"Op\"><IPARAMVALUE NAME=\"P\"><INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"uint8\"/><PROPERTY NAME=\"n\" TYPE=\"uint8\"/></INSTANCE></IPARAMVALUE></IMETHODCALL>", "two elements named n")]
    [InlineData("<IMETHODCALL NAME=\"Op\"><IPARAMVALUE NAME=\"P\"><INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"datetime\"><VALUE>now</VALUE></PROPERTY></INSTANCE></IPARAMVALUE></IMETHODCALL>", "'now' is no datetime, as N should be")]
    public void A_wrong_value_is_an_error_of_its_call_and_not_of_the_message(string xml, string words)
    {
        CimXmlRequest request = Parse(Simple(xml));
        Assert.Equal("Op", Assert.Single(request.Calls).Name);
        Assert.Equal(CimStatusCode.InvalidParameter, request.Failure!.Status);
        Assert.Contains(words, request.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_operations_come_in_one_message()
    {
        string one = $"<SIMPLEREQ><CORRELATOR NAME=\"c\" TYPE=\"string\"><VALUE>x</VALUE></CORRELATOR><IMETHODCALL NAME=\"One\">{Ns}</IMETHODCALL></SIMPLEREQ>";
        CimXmlRequest request = Parse(Message($"<MULTIREQ>{one}<SIMPLEREQ><METHODCALL NAME=\"Two\"/></SIMPLEREQ></MULTIREQ>"));
        Assert.True(request.IsMultiple);
        Assert.Equal(["One", "Two"], request.Calls.Select(c => c.Name));
        Assert.Equal(CimXmlRequest.MaxCalls, Parse(Message($"<MULTIREQ>{string.Concat(Enumerable.Repeat(one, CimXmlRequest.MaxCalls))}</MULTIREQ>")).Calls.Count);
        Assert.Contains("at most 100 requests", Refused(Message($"<MULTIREQ>{string.Concat(Enumerable.Repeat(one, CimXmlRequest.MaxCalls + 1))}</MULTIREQ>")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CIMVERSION=\"3.0\" DTDVERSION=\"2.0\"", "1.0", "unsupported-cim-version")]
    [InlineData("CIMVERSION=\"2.0\" DTDVERSION=\"1.1\"", "1.0", "unsupported-dtd-version")]
    [InlineData("CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"", "2.0", "unsupported-protocol-version")]
    public void Another_version_is_refused_as_such(string versions, string protocol, string cimError) =>
        Assert.Equal(cimError, Assert.Throws<CimXmlVersionException>(() => Parse($"<CIM {versions}><MESSAGE ID=\"1\" PROTOCOLVERSION=\"{protocol}\"><SIMPLEREQ/></MESSAGE></CIM>")).CimError);

    [Theory]
    [InlineData("<CIM CIMVERSION=\"2.4\" DTDVERSION=\"2.4\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.4\"><SIMPLEREQ><IMETHODCALL NAME=\"Op\"/></SIMPLEREQ></MESSAGE></CIM>")]
    public void Minor_versions_do_not_matter(string xml) => Assert.Single(Parse(xml).Calls);

    [Theory]
    [InlineData("<SIMPLEREQ/>", "<IMETHODCALL> or <METHODCALL>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"/><IMETHODCALL NAME=\"B\"/></SIMPLEREQ>", "one call in <SIMPLEREQ>")]
    [InlineData("<MULTIREQ/>", "<SIMPLEREQ>")]
    [InlineData("<MULTIREQ><SIMPLEREQ/></MULTIREQ>", "<IMETHODCALL> or <METHODCALL>")]
    [InlineData("<SIMPLERSP/>", "<SIMPLEREQ> or <MULTIREQ>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL/></SIMPLEREQ>", "lacks the attribute NAME")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><VALUE/></IMETHODCALL></SIMPLEREQ>", "<LOCALNAMESPACEPATH> or <IPARAMVALUE>, found <VALUE>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><LOCALNAMESPACEPATH/></IMETHODCALL></SIMPLEREQ>", "<NAMESPACE>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><IPARAMVALUE/></IMETHODCALL></SIMPLEREQ>", "lacks the attribute NAME")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><IPARAMVALUE NAME=\"P\"><VALUE/><VALUE/></IPARAMVALUE></IMETHODCALL></SIMPLEREQ>", "one value in <IPARAMVALUE>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><IPARAMVALUE NAME=\"P\"><NONSENSE/></IPARAMVALUE></IMETHODCALL></SIMPLEREQ>", "an object path, found <NONSENSE>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><IPARAMVALUE NAME=\"P\"><INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"colour\"/></INSTANCE></IPARAMVALUE></IMETHODCALL></SIMPLEREQ>", "instead of 'colour'")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"><IPARAMVALUE NAME=\"P\"><INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"uint8\"><VALUE>1</VALUE><VALUE>2</VALUE></PROPERTY></INSTANCE></IPARAMVALUE></IMETHODCALL></SIMPLEREQ>", "one value of N")]
    [InlineData("<SIMPLEREQ><METHODCALL NAME=\"A\"><INSTANCENAME CLASSNAME=\"A\"/></METHODCALL></SIMPLEREQ>", "<LOCALCLASSPATH>, <LOCALINSTANCEPATH> or <PARAMVALUE>")]
    [InlineData("<SIMPLEREQ><IMETHODCALL NAME=\"A\"/></SIMPLEREQ><SIMPLEREQ/>", "the end of the message")]
    public void Other_elements_are_well_formed_and_refused(string xml, string words)
    {
        XmlFormatException error = Refused(Message(xml));
        Assert.True(error.IsWellFormed);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_of_an_error_is_told()
    {
        XmlFormatException error = Refused("<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\">\n<MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\">\n  <NONSENSE/></MESSAGE></CIM>");
        Assert.Equal((3, 4), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<CIM/>")]
    [InlineData("<html/>")]
    [InlineData("<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"/>")]
    [InlineData("<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\"/></CIM>")]
    [InlineData("<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE PROTOCOLVERSION=\"1.0\"><SIMPLEREQ/></MESSAGE></CIM>")]
    [InlineData("<!DOCTYPE CIM SYSTEM \"x.dtd\"><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"/>")]
    public void What_is_no_request_is_refused(string xml) => Refused(xml);

    [Fact]
    public void Keys_are_bounded()
    {
        string keys = string.Concat(Enumerable.Range(0, 65).Select(i => $"<KEYBINDING NAME=\"K{i}\"><KEYVALUE>x</KEYVALUE></KEYBINDING>"));
        Assert.Contains("at most 64 keys", Refused(Message($"<SIMPLEREQ><IMETHODCALL NAME=\"A\"><IPARAMVALUE NAME=\"P\"><INSTANCENAME CLASSNAME=\"A\">{keys}</INSTANCENAME></IPARAMVALUE></IMETHODCALL></SIMPLEREQ>")).Message, StringComparison.Ordinal);
    }

    private static void Told(string words, Func<CimXmlCall, object?> get, string xml)
    {
        CimException error = Assert.Throws<CimException>(() => { get(Parameter(xml)); });
        Assert.Equal(CimStatusCode.InvalidParameter, error.Status);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static CimXmlCall Parameter(string xml)
    {
        CimXmlRequest request = Parse(Simple($"<IMETHODCALL NAME=\"Op\">{Ns}<IPARAMVALUE NAME=\"P\">{xml}</IPARAMVALUE></IMETHODCALL>"));
        Assert.Null(request.Failure);
        return request.Calls[0];
    }

    private static string Simple(string call) => Message($"<SIMPLEREQ>{call}</SIMPLEREQ>");

    private static string Message(string content) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\" ?>\r\n<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"42\" PROTOCOLVERSION=\"1.0\">{content}</MESSAGE></CIM>\r\n";

    private static CimXmlRequest Parse(string xml) => CimXmlRequest.Parse(Encoding.UTF8.GetBytes(xml));

    private static XmlFormatException Refused(string xml) => Assert.Throws<XmlFormatException>(() => { Parse(xml); });
}
