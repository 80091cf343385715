using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using Xunit;

namespace CimHost.Wbem.Tests.Client;

public sealed class CimXmlResponseParserTests
{
    private const string Fan = "<INSTANCE CLASSNAME=\"CIM_Fan\"><PROPERTY NAME=\"Speed\" TYPE=\"uint16\"><VALUE>1200</VALUE></PROPERTY><PROPERTY NAME=\"Caption\" TYPE=\"string\"/></INSTANCE>";

    private static string Intrinsic(string content) => ScriptedAnswer.Message($"<IMETHODRESPONSE NAME=\"X\">{content}</IMETHODRESPONSE>");

    private static (List<object> Objects, CimXmlResponseParser Parser) Read(string xml, int piece = int.MaxValue)
    {
        byte[] input = Encoding.UTF8.GetBytes(xml);
        var parser = new CimXmlResponseParser();
        var objects = new List<object>();
        Read(parser, input, piece, objects);
        return (objects, parser);
    }

    private static void Read(CimXmlResponseParser parser, byte[] input, int piece, List<object> objects)
    {
        int start = 0, end = (int)Math.Min(input.Length, (long)piece);
        while (true)
        {
            object? item = parser.Read(input.AsSpan(start, end - start), end == input.Length, out int consumed);
            start += consumed;
            if (item is not null)
            {
                objects.Add(item);
            }
            else if (end == input.Length)
            {
                return;
            }
            else
            {
                end = (int)Math.Min(input.Length, (long)end + piece);
            }
        }
    }

    [Theory]
    [InlineData("<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME=\"CIM_Fan\"><KEYBINDING NAME=\"Id\"><KEYVALUE VALUETYPE=\"numeric\">3</KEYVALUE></KEYBINDING></INSTANCENAME>" + Fan + "</VALUE.NAMEDINSTANCE>", "CIM_Fan.Id=3")]
    [InlineData("<VALUE.INSTANCEWITHPATH><INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/><NAMESPACE NAME=\"cimv2\"/></LOCALNAMESPACEPATH></NAMESPACEPATH><INSTANCENAME CLASSNAME=\"CIM_Fan\"/></INSTANCEPATH>" + Fan + "</VALUE.INSTANCEWITHPATH>", "//h/root/cimv2:CIM_Fan")]
    [InlineData("<VALUE.OBJECTWITHPATH><INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/></LOCALNAMESPACEPATH></NAMESPACEPATH><INSTANCENAME CLASSNAME=\"CIM_Fan\"/></INSTANCEPATH>" + Fan + "</VALUE.OBJECTWITHPATH>", "//h/root:CIM_Fan")]
    [InlineData("<VALUE.OBJECTWITHLOCALPATH><LOCALINSTANCEPATH><LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/></LOCALNAMESPACEPATH><INSTANCENAME CLASSNAME=\"CIM_Fan\"/></LOCALINSTANCEPATH>" + Fan + "</VALUE.OBJECTWITHLOCALPATH>", "root:CIM_Fan")]
    [InlineData("<VALUE.OBJECT>" + Fan + "</VALUE.OBJECT>", null)]
    [InlineData(Fan, null)]
    public void An_instance_comes_with_the_path_that_the_answer_gives(string element, string? path)
    {
        CimInstance instance = Assert.IsType<CimInstance>(Assert.Single(Read(Intrinsic($"<IRETURNVALUE>{element}</IRETURNVALUE>")).Objects));
        Assert.Equal((ushort)1200, instance["speed"]);
        Assert.True(instance["Caption"].IsNull);
        Assert.Equal(CimType.String, instance.CimClass.CimClassProperties["Caption"]!.CimType);
        Assert.Equal(path, instance.Path?.ToString());
    }

    [Theory]
    [InlineData("<CLASSNAME NAME=\"CIM_Fan\"/>", typeof(CimObjectPath), "CIM_Fan")]
    [InlineData("<OBJECTPATH><CLASSPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/></LOCALNAMESPACEPATH></NAMESPACEPATH><CLASSNAME NAME=\"A\"/></CLASSPATH></OBJECTPATH>", typeof(CimObjectPath), "//h/root:A")]
    [InlineData("<CLASS NAME=\"A\" SUPERCLASS=\"B\"/>", typeof(CimClass), "A : B")]
    [InlineData("<VALUE>text</VALUE>", typeof(CimValue), "text")]
    [InlineData("<VALUE.ARRAY><VALUE>a</VALUE><VALUE.NULL/></VALUE.ARRAY>", typeof(CimValue), "{a, NULL}")]
    public void Other_results_come_as_what_they_are(string element, Type type, string text)
    {
        object result = Assert.Single(Read(Intrinsic($"<IRETURNVALUE>{element}</IRETURNVALUE>")).Objects);
        Assert.IsType(type, result);
        Assert.Equal(text, result.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void It_does_not_matter_how_the_bytes_are_cut(int piece)
    {
        string xml = "\uFEFF" + Intrinsic($"<!-- > --><IRETURNVALUE>\n{Fan}{Fan.Replace("1200", "<![CDATA[</INSTANCE>]]>").Replace("uint16", "string")}</IRETURNVALUE><PARAMVALUE NAME=\"EndOfSequence\" PARAMTYPE=\"boolean\"><VALUE>TRUE</VALUE></PARAMVALUE>");
        (List<object> objects, CimXmlResponseParser parser) = Read(xml, piece);
        Assert.Equal(2, objects.Count);
        Assert.Equal("</INSTANCE>", ((CimInstance)objects[1])["Speed"]);
        Assert.Equal(true, parser.OutParameters["EndOfSequence"]!.Value);
        Assert.Equal(("1", "X"), (parser.MessageId, parser.MethodName));
    }

    [Fact]
    public void A_method_gives_its_return_value_and_parameters()
    {
        CimXmlResponseParser parser = Read(ScriptedAnswer.Message(
            "<METHODRESPONSE NAME=\"Reset\"><RETURNVALUE PARAMTYPE=\"uint32\"><VALUE>4096</VALUE></RETURNVALUE><PARAMVALUE NAME=\"Job\" PARAMTYPE=\"reference\"><VALUE.REFERENCE><INSTANCENAME CLASSNAME=\"CIM_Job\"/></VALUE.REFERENCE></PARAMVALUE></METHODRESPONSE>")).Parser;
        Assert.Equal(4096u, parser.ReturnValue);
        Assert.Equal("CIM_Job", parser.OutParameters["job"]!.Value.AsReference()!.ClassName);
    }

    [Theory]
    [InlineData("<ERROR CODE=\"5\" DESCRIPTION=\"CIM_ERR_INVALID_CLASS: There is no class X.\"/>", CimStatusCode.InvalidClass, "There is no class X.")]
    [InlineData("<ERROR CODE=\"6\"/>", CimStatusCode.NotFound, "The server gave no description.")]
    [InlineData("<ERROR CODE=\"1\" DESCRIPTION=\"a &lt;b&gt;\"><INSTANCE CLASSNAME=\"CIM_Error\"/></ERROR>", CimStatusCode.Failed, "a <b>")]
    [InlineData("<ERROR CODE=\"4711\" DESCRIPTION=\"odd\"/>", CimStatusCode.Failed, "The server answered with status 4711: odd")]
    public void An_error_is_the_status_and_the_text_of_the_server(string error, CimStatusCode status, string message)
    {
        CimException e = Assert.Throws<CimException>(() => Read(Intrinsic(error)));
        Assert.Equal((status, message), (e.Status, e.Message));
    }

    [Fact]
    public void Results_before_an_error_are_handed_out_first()
    {
        var parser = new CimXmlResponseParser();
        var objects = new List<object>();
        CimException e = Assert.Throws<CimException>(() => Read(parser, Encoding.UTF8.GetBytes(Intrinsic($"<IRETURNVALUE>{Fan}{Fan}</IRETURNVALUE><ERROR CODE=\"1\" DESCRIPTION=\"late\"/>")), 50, objects));
        Assert.Equal("late", e.Message);
        Assert.Equal(2, objects.Count);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("<html><body>Sign in</body></html>", "<html> is not expected before the message")]
    [InlineData("sorry", "'sorry'")]
    [InlineData("<!DOCTYPE CIM [<!ENTITY a \"b\">]><CIM/>", "declaration is not allowed")]
    [InlineData("<CIM CIMVERSION=\"2.0\"><MESSAGE ID=\"1\"><SIMPLERSP><IMETHODRESPONSE NAME=\"X\"><IRETURNVALUE><INSTANCE CLASSNAME=\"A\">", "ends inside <IRETURNVALUE>")]
    [InlineData("<CIM><MESSAGE ID=\"1\"><SIMPLERSP><IMETHODRESPONSE NAME=\"X\"></IMETHODRESPONSE></SIMPLERSP></MESSAGE>", "ends inside <CIM>")]
    [InlineData("<CIM><MESSAGE ID=\"1\"></CIM>", "</CIM> is not expected inside <MESSAGE>")]
    [InlineData("<CIM></CIM>", "holds no response")]
    [InlineData("<CIM></CIM><CIM></CIM>", "<CIM> is not expected behind the message")]
    [InlineData("<CIM><MESSAGE ID=\"1\"><SIMPLEREQ/></MESSAGE></CIM>", "<SIMPLEREQ> is not expected")]
    public void What_is_no_response_is_told_with_its_place(string xml, string message)
    {
        CimXmlResponseException e = Assert.Throws<CimXmlResponseException>(() => Read(xml));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"uint8\"><VALUE>300</VALUE></PROPERTY></INSTANCE>", "'300' is no uint8")]
    [InlineData("<INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"blob\"/></INSTANCE>", "'blob'")]
    [InlineData("<INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"N\" TYPE=\"string\"/><PROPERTY NAME=\"n\" TYPE=\"string\"/></INSTANCE>", "two elements named n")]
    [InlineData("<INSTANCE><PROPERTY/></INSTANCE>", "CLASSNAME")]
    [InlineData("<INSTANCE CLASSNAME=\"&nbsp;\"/>", "entity")]
    [InlineData("<INSTANCE CLASSNAME=\"A\"></CLASS></INSTANCE>", "</CLASS>")]
    public void A_wrong_object_is_the_fault_of_the_answer_and_no_CIM_status(string element, string message)
    {
        CimXmlResponseException e = Assert.Throws<CimXmlResponseException>(() => Read(Intrinsic($"<IRETURNVALUE>{element}</IRETURNVALUE>")));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_an_answer_is_found()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Intrinsic($"<IRETURNVALUE>{Fan}</IRETURNVALUE><PARAMVALUE NAME=\"EndOfSequence\" PARAMTYPE=\"boolean\"><VALUE>TRUE</VALUE></PARAMVALUE>"));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<CimXmlResponseException>(() => Read(new CimXmlResponseParser(), whole[..length], int.MaxValue, []));
        }
    }

    [Fact]
    public void Output_parameters_are_bounded()
    {
        string parameters = string.Concat(Enumerable.Range(0, CimXmlResponseParser.MaxParameters + 1).Select(i => $"<PARAMVALUE NAME=\"P{i}\"/>"));
        CimXmlResponseException e = Assert.Throws<CimXmlResponseException>(() => Read(Intrinsic(parameters)));
        Assert.Contains("at most 256 parameters", e.Message, StringComparison.Ordinal);
    }
}
