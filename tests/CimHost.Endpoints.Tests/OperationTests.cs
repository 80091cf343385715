using System.Xml.Linq;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Xunit;
using static CimHost.Endpoints.Tests.EndpointHost;

namespace CimHost.Endpoints.Tests;

/// <summary>Each operation answers with the elements that DSP0200 §5.4.2 gives it.</summary>
public sealed class OperationTests : IAsyncLifetime
{
    private EndpointHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static readonly string s_a = Name("T_Thing", "Id", "a");
    private static readonly string s_group = Name("T_Group", "Name", "g");

    [Fact]
    public async Task The_answer_repeats_the_id_and_names_the_operation()
    {
        Answer answer = await _host.CallAsync("getINSTANCE", ("InstanceName", s_a));
        Assert.Equal("77", answer.Document.Root!.Element("MESSAGE")!.Attribute("ID")!.Value);
        Assert.Equal(("IMETHODRESPONSE", "getINSTANCE"), (answer.Response.Name.LocalName, answer.Response.Attribute("NAME")!.Value));
        Assert.Equal(answer.Characters, answer.ContentLength);
    }

    [Fact]
    public async Task GetInstance_answers_with_one_INSTANCE_and_all_its_properties()
    {
        XElement instance = Assert.Single((await _host.CallAsync("GetInstance", ("InstanceName", s_a))).Results);
        Assert.Equal(("INSTANCE", "T_Thing"), (instance.Name.LocalName, instance.Attribute("CLASSNAME")!.Value));
        Assert.Equal(["Codes", "Id", "Number", "Text", "When"], instance.Elements().Select(p => p.Attribute("NAME")!.Value).Order());
        Assert.Equal("<first> & \"best\"", Property(instance, "Text").Value);
        Assert.Equal("PROPERTY.ARRAY", Property(instance, "Codes").Name.LocalName);
        Assert.Empty(Property(instance, "When").Elements());
        Assert.Null(Property(instance, "Number").Attribute("CLASSORIGIN"));
    }

    [Fact]
    public async Task Class_origins_and_property_lists_are_honoured()
    {
        XElement instance = Assert.Single((await _host.CallAsync("GetInstance", ("InstanceName", s_a), ("IncludeClassOrigin", Value("TRUE")), ("PropertyList", List("number", "None")), ("LocalOnly", Value("TRUE")))).Results);
        Assert.Equal(("Number", "T_Base"), (Assert.Single(instance.Elements()).Attribute("NAME")!.Value, Assert.Single(instance.Elements()).Attribute("CLASSORIGIN")!.Value));
        Assert.Empty(Assert.Single((await _host.CallAsync("GetInstance", ("InstanceName", s_a), ("PropertyList", List()))).Results).Elements());
    }

    [Fact]
    public async Task A_key_without_a_name_finds_the_instance()
    {
        XElement instance = Assert.Single((await _host.CallAsync("GetInstance", ("InstanceName", "<INSTANCENAME CLASSNAME=\"T_Thing\"><KEYVALUE>a</KEYVALUE></INSTANCENAME>"))).Results);
        Assert.Equal("1", Property(instance, "Number").Value);
    }

    [Fact]
    public async Task EnumerateInstances_answers_with_named_instances_and_DeepInheritance_decides_on_their_properties()
    {
        IReadOnlyList<XElement> deep = (await _host.CallAsync("EnumerateInstances", ("ClassName", Class("T_Base")))).Results;
        Assert.Equal(3, deep.Count);
        Assert.All(deep, e => Assert.Equal(("VALUE.NAMEDINSTANCE", "INSTANCENAME INSTANCE"), (e.Name.LocalName, string.Join(' ', e.Elements().Select(c => c.Name.LocalName)))));
        Assert.Contains(deep, e => e.Element("INSTANCE")!.Elements().Count() == 5);
        IReadOnlyList<XElement> flat = (await _host.CallAsync("EnumerateInstances", ("ClassName", Class("T_Base")), ("DeepInheritance", Value("false")))).Results;
        Assert.Equal(3, flat.Count);
        Assert.All(flat, e => Assert.Equal(2, e.Element("INSTANCE")!.Elements().Count()));
        Assert.Contains(flat, e => e.Element("INSTANCE")!.Attribute("CLASSNAME")!.Value == "T_Thing");
    }

    [Fact]
    public async Task Names_of_instances_and_classes_stand_alone()
    {
        Assert.Equal(["INSTANCENAME", "INSTANCENAME", "INSTANCENAME"], Kinds(await _host.CallAsync("EnumerateInstanceNames", ("ClassName", Class("T_Base")))));
        Answer names = await _host.CallAsync("EnumerateClassNames", ("ClassName", Class("T_Base")));
        Assert.Equal(["CLASSNAME", "CLASSNAME"], Kinds(names));
        Assert.Equal(["T_Provided", "T_Thing"], names.Results.Select(e => e.Attribute("NAME")!.Value).Order());
        Assert.Equal(4, (await _host.CallAsync("EnumerateClassNames", ("ClassName", Class(string.Empty)))).Results.Count);
        Assert.Equal(6, (await _host.CallAsync("EnumerateClassNames", ("DeepInheritance", Value("TRUE")))).Results.Count);
    }

    [Fact]
    public async Task A_class_is_told_with_what_was_asked_for()
    {
        XElement local = Assert.Single((await _host.CallAsync("GetClass", ("ClassName", Class("T_Thing")))).Results);
        Assert.Equal(("CLASS", "T_Base"), (local.Name.LocalName, local.Attribute("SUPERCLASS")!.Value));
        Assert.Equal(["Text", "Codes", "When"], local.Elements().Where(e => e.Name != "QUALIFIER").Select(e => e.Attribute("NAME")!.Value));
        Assert.NotNull(Property(local, "When").Element("QUALIFIER"));
        XElement whole = Assert.Single((await _host.CallAsync("GetClass", ("ClassName", Class("T_Thing")), ("LocalOnly", Value("FALSE")), ("IncludeQualifiers", Value("FALSE")), ("IncludeClassOrigin", Value("TRUE")))).Results);
        Assert.Empty(whole.Descendants("QUALIFIER"));
        Assert.Equal(("T_Base", "true"), (Property(whole, "Id").Attribute("CLASSORIGIN")!.Value, Property(whole, "Id").Attribute("PROPAGATED")!.Value));
        Assert.Equal(["CLASS", "CLASS"], Kinds(await _host.CallAsync("EnumerateClasses", ("ClassName", Class("T_Base")))));
    }

    [Fact]
    public async Task Associations_are_told_with_full_paths()
    {
        foreach ((string operation, string kind, string inner) in new[]
        {
            ("Associators", "VALUE.OBJECTWITHPATH", "INSTANCEPATH INSTANCE"),
            ("References", "VALUE.OBJECTWITHPATH", "INSTANCEPATH INSTANCE"),
            ("AssociatorNames", "OBJECTPATH", "INSTANCEPATH"),
            ("ReferenceNames", "OBJECTPATH", "INSTANCEPATH"),
        })
        {
            IReadOnlyList<XElement> results = (await _host.CallAsync(operation, ("ObjectName", s_group))).Results;
            Assert.Equal(2, results.Count);
            Assert.All(results, e => Assert.Equal((kind, inner), (e.Name.LocalName, string.Join(' ', e.Elements().Select(c => c.Name.LocalName)))));
            Assert.All(results, e => Assert.Equal(_host.Address.Authority, e.Descendants("HOST").First().Value));
        }
    }

    [Fact]
    public async Task Associations_of_classes_are_told_as_classes()
    {
        foreach ((string operation, string kind, string inner, string name) in new[]
        {
            ("Associators", "VALUE.OBJECTWITHPATH", "CLASSPATH CLASS", "T_Thing"),
            ("References", "VALUE.OBJECTWITHPATH", "CLASSPATH CLASS", "T_Member"),
            ("AssociatorNames", "OBJECTPATH", "CLASSPATH", "T_Thing"),
            ("ReferenceNames", "OBJECTPATH", "CLASSPATH", "T_Member"),
        })
        {
            XElement result = Assert.Single((await _host.CallAsync(operation, ("ObjectName", Class("T_Group")))).Results);
            Assert.Equal((kind, inner), (result.Name.LocalName, string.Join(' ', result.Elements().Select(c => c.Name.LocalName))));
            Assert.Equal(name, result.Descendants("CLASSNAME").First().Attribute("NAME")!.Value);
        }
    }

    [Fact]
    public async Task An_instance_is_created_changed_read_and_deleted()
    {
        XElement name = Assert.Single((await _host.CallAsync("CreateInstance", ("NewInstance", "<INSTANCE CLASSNAME=\"T_Thing\"><PROPERTY NAME=\"Id\" TYPE=\"string\"><VALUE>new</VALUE></PROPERTY></INSTANCE>"))).Results);
        Assert.Equal("INSTANCENAME", name.Name.LocalName);
        string path = Name("T_Thing", "Id", "new");

        Answer modified = await _host.CallAsync("ModifyInstance", ("ModifiedInstance", $"<VALUE.NAMEDINSTANCE>{path}<INSTANCE CLASSNAME=\"T_Thing\"><PROPERTY NAME=\"Number\" TYPE=\"uint16\"><VALUE>9</VALUE></PROPERTY></INSTANCE></VALUE.NAMEDINSTANCE>"), ("PropertyList", List("Number")));
        Assert.Empty(modified.Response.Elements());
        Assert.Equal("VALUE 9", Shown(Assert.Single((await _host.CallAsync("GetProperty", ("InstanceName", path), ("PropertyName", Value("Number")))).Results)));
        Assert.Empty((await _host.CallAsync("SetProperty", ("InstanceName", path), ("PropertyName", Value("Number")), ("NewValue", Value("10")))).Response.Elements());
        Assert.Equal("VALUE 10", Shown(Assert.Single((await _host.CallAsync("GetProperty", ("InstanceName", path), ("PropertyName", Value("NUMBER")))).Results)));
        Assert.Empty((await _host.CallAsync("GetProperty", ("InstanceName", path), ("PropertyName", Value("Text")))).Results);
        Assert.Equal("VALUE.ARRAY 12", Shown(Assert.Single((await _host.CallAsync("GetProperty", ("InstanceName", s_a), ("PropertyName", Value("Codes")))).Results)));

        Assert.Empty((await _host.CallAsync("DeleteInstance", ("InstanceName", path))).Response.Elements());
        Assert.Equal(CimStatusCode.NotFound, (await _host.CallAsync("GetInstance", ("InstanceName", path))).Error.Status);
        static string Shown(XElement e) => $"{e.Name.LocalName} {e.Value}";
    }

    [Fact]
    public async Task A_class_and_a_qualifier_are_created_changed_read_and_deleted()
    {
        const string Declaration = "<QUALIFIER.DECLARATION NAME=\"Extra\" TYPE=\"string\" ISARRAY=\"false\"><SCOPE CLASS=\"true\" PROPERTY=\"true\"/><VALUE>x</VALUE></QUALIFIER.DECLARATION>";
        Assert.Empty((await _host.CallAsync("SetQualifier", ("QualifierDeclaration", Declaration))).Response.Elements());
        XElement qualifier = Assert.Single((await _host.CallAsync("GetQualifier", ("QualifierName", Value("extra")))).Results);
        Assert.Equal(("QUALIFIER.DECLARATION", "Extra"), (qualifier.Name.LocalName, qualifier.Attribute("NAME")!.Value));
        Assert.All((await _host.CallAsync("EnumerateQualifiers")).Results, e => Assert.Equal("QUALIFIER.DECLARATION", e.Name.LocalName));

        string Class(string type) => $"<CLASS NAME=\"T_New\" SUPERCLASS=\"T_Thing\"><QUALIFIER NAME=\"Extra\" TYPE=\"string\"><VALUE>y</VALUE></QUALIFIER><PROPERTY NAME=\"More\" TYPE=\"{type}\"/></CLASS>";
        Assert.Empty((await _host.CallAsync("CreateClass", ("NewClass", Class("uint8")))).Response.Elements());
        Assert.Empty((await _host.CallAsync("ModifyClass", ("ModifiedClass", Class("uint16")))).Response.Elements());
        Assert.Equal("uint16", Property(Assert.Single((await _host.CallAsync("GetClass", ("ClassName", EndpointHost.Class("T_New")))).Results), "More").Attribute("TYPE")!.Value);
        Assert.Empty((await _host.CallAsync("DeleteClass", ("ClassName", EndpointHost.Class("T_New")))).Response.Elements());
        Assert.Empty((await _host.CallAsync("DeleteQualifier", ("QualifierName", Value("Extra")))).Response.Elements());
        Assert.Equal(CimStatusCode.NotFound, (await _host.CallAsync("GetQualifier", ("QualifierName", Value("Extra")))).Error.Status);
    }

    [Fact]
    public async Task A_query_answers_with_objects_and_their_paths()
    {
        XElement result = Assert.Single((await _host.CallAsync("ExecQuery", ("QueryLanguage", Value("WQL")), ("Query", Value("SELECT Number FROM T_Thing WHERE Text IS NOT NULL")))).Results);
        Assert.Equal(("VALUE.OBJECTWITHPATH", "INSTANCEPATH INSTANCE"), (result.Name.LocalName, string.Join(' ', result.Elements().Select(c => c.Name.LocalName))));
        Assert.Equal("Number", Assert.Single(result.Element("INSTANCE")!.Elements()).Attribute("NAME")!.Value);
    }

    [Fact]
    public async Task A_method_takes_and_returns_parameters_of_every_type()
    {
        var provider = new NumberedProvider(1) { Method = (_, _, given) => new CimMethodResult(7u, given) };
        _host.AddProvider(provider, "T_Provided");
        (string Name, string Xml)[] parameters =
        [
            ("B", "PARAMTYPE=\"boolean\"><VALUE>TRUE</VALUE>"),
            ("U", "PARAMTYPE=\"uint64\"><VALUE>18446744073709551615</VALUE>"),
            ("R", "PARAMTYPE=\"real64\"><VALUE>-1.5</VALUE>"),
            ("C", "PARAMTYPE=\"char16\"><VALUE>&lt;</VALUE>"),
            ("D", "PARAMTYPE=\"datetime\"><VALUE>20261125063000.123456+060</VALUE>"),
            ("S", "PARAMTYPE=\"string\"><VALUE>a &amp; b</VALUE>"),
            ("A", "PARAMTYPE=\"uint16\"><VALUE.ARRAY><VALUE>1</VALUE><VALUE>2</VALUE></VALUE.ARRAY>"),
            ("Ref", $"PARAMTYPE=\"reference\"><VALUE.REFERENCE>{s_a}</VALUE.REFERENCE>"),
            ("Refs", $"PARAMTYPE=\"reference\"><VALUE.REFARRAY><VALUE.REFERENCE>{s_a}</VALUE.REFERENCE></VALUE.REFARRAY>"),
            ("E", "PARAMTYPE=\"string\" EmbeddedObject=\"instance\"><VALUE>&lt;INSTANCE CLASSNAME=\"T_Setting\"&gt;&lt;PROPERTY NAME=\"Level\" TYPE=\"uint8\"&gt;&lt;VALUE&gt;3&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;</VALUE>"),
        ];
        string call = string.Concat(parameters.Select(p => $"<PARAMVALUE NAME=\"{p.Name}\" {p.Xml}</PARAMVALUE>"));
        Answer answer = await _host.PostAsync(Message($"<SIMPLEREQ><METHODCALL NAME=\"Echo\"><LOCALINSTANCEPATH>{NamespacePath}{Name("T_Provided", "Id", "000000")}</LOCALINSTANCEPATH>{call}</METHODCALL></SIMPLEREQ>"));

        Assert.Equal("METHODRESPONSE", answer.Response.Name.LocalName);
        Assert.Null(answer.Response.Element("ERROR"));
        XElement returned = answer.Response.Elements().First();
        Assert.Equal(("RETURNVALUE", "uint32", "7"), (returned.Name.LocalName, returned.Attribute("PARAMTYPE")!.Value, returned.Value));
        foreach ((string name, string xml) in parameters)
        {
            XElement sent = XElement.Parse($"<PARAMVALUE NAME=\"{name}\" {xml}</PARAMVALUE>");
            XElement echoed = answer.Response.Elements("PARAMVALUE").Single(p => p.Attribute("NAME")!.Value == name);
            Assert.Equal(sent.Attribute("PARAMTYPE")!.Value, echoed.Attribute("PARAMTYPE")!.Value);
            Assert.Equal(sent.Value, echoed.Value);
            Assert.Equal(sent.Elements().First().Name, echoed.Elements().First().Name);
        }
    }

    [Fact]
    public async Task A_static_method_is_called_on_a_class()
    {
        _host.AddProvider(new NumberedProvider(0) { Method = (target, method, _) => new CimMethodResult(target.IsClassPath && method.Name == "Ping") }, "T_Provided");
        Answer answer = await _host.PostAsync(Message($"<SIMPLEREQ><METHODCALL NAME=\"Ping\"><LOCALCLASSPATH>{NamespacePath}{Class("T_Provided")}</LOCALCLASSPATH></METHODCALL></SIMPLEREQ>"));
        Assert.Equal("TRUE", answer.Response.Element("RETURNVALUE")!.Value);
    }

    [Fact]
    public async Task Several_operations_are_answered_each_in_its_place()
    {
        Answer answer = await _host.PostAsync(Message($"<MULTIREQ><SIMPLEREQ>{Call("GetInstance", ("InstanceName", s_a))}</SIMPLEREQ><SIMPLEREQ>{Call("GetClass", ("ClassName", Class("T_Nothing")))}</SIMPLEREQ><SIMPLEREQ>{Call("EnumerateInstanceNames", ("ClassName", Class("T_Thing")))}</SIMPLEREQ></MULTIREQ>"));
        XElement[] responses = [.. answer.Document.Root!.Element("MESSAGE")!.Element("MULTIRSP")!.Elements("SIMPLERSP").Select(s => s.Elements().Single())];
        Assert.Equal(["GetInstance", "GetClass", "EnumerateInstanceNames"], responses.Select(r => r.Attribute("NAME")!.Value));
        Assert.Equal(CimStatusCode.NotFound, Answer.ErrorOf(responses[1]).Status);
        Assert.Equal([1, 0, 2], responses.Select(r => r.Element("IRETURNVALUE")?.Elements().Count() ?? 0));
    }

    private static IEnumerable<string> Kinds(Answer answer) => answer.Results.Select(e => e.Name.LocalName);

    private static XElement Property(XElement owner, string name) => owner.Elements().Single(e => e.Attribute("NAME")?.Value == name && e.Name != "QUALIFIER");
}
