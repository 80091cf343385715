using CimHost.TestBed;
using Xunit;
using static CimHost.TestBed.CimXmlMessage;

namespace CimHost.EndToEnd;

/// <summary>What is asked wrongly gets the status of DSP0200 that says so, with a description that names the thing.</summary>
[Collection(SharedHostCollection.Name)]
public sealed class CimErrorTests(SharedHost shared)
{
    private const int InvalidNamespace = 3;
    private const int InvalidParameter = 4;
    private const int InvalidClass = 5;
    private const int NotFound = 6;
    private const int NotSupported = 7;
    private const int NoSuchProperty = 12;
    private const int QueryLanguageNotSupported = 14;
    private const int InvalidQuery = 15;
    private const int MethodNotFound = 17;
    private const int InvalidEnumerationContext = 21;

    [Fact]
    public Task An_unknown_namespace() => AssertErrorAsync(InvalidNamespace, "root/nowhere", "root/nowhere", "EnumerateInstances", ("ClassName", ClassName("CIM_Fan")));

    [Fact]
    public Task An_unknown_class_of_instances() => AssertErrorAsync(InvalidClass, "CIM_Nothing", "root/cimv2", "EnumerateInstances", ("ClassName", ClassName("CIM_Nothing")));

    [Fact]
    public Task An_unknown_class() => AssertErrorAsync(NotFound, "CIM_Nothing", "root/cimv2", "GetClass", ("ClassName", ClassName("CIM_Nothing")));

    [Fact]
    public Task An_unknown_operation() => AssertErrorAsync(NotSupported, "Teleport", "root/cimv2", "Teleport");

    [Fact]
    public Task A_missing_parameter() => AssertErrorAsync(InvalidParameter, "ClassName", "root/cimv2", "EnumerateInstances");

    [Fact]
    public Task An_unknown_parameter() => AssertErrorAsync(InvalidParameter, "Colour", "root/cimv2", "EnumerateInstances", ("ClassName", ClassName("CIM_Fan")), ("Colour", Value("red")));

    [Fact]
    public Task A_parameter_of_the_wrong_kind() => AssertErrorAsync(InvalidParameter, "DeepInheritance", "root/cimv2", "EnumerateInstances", ("ClassName", ClassName("CIM_Fan")), ("DeepInheritance", Value("perhaps")));

    [Fact]
    public Task An_instance_that_does_not_exist() => AssertErrorAsync(
        NotFound, "CIM_ObjectManager", "interop", "GetInstance",
        ("InstanceName", InstanceName("CIM_ObjectManager", ("SystemCreationClassName", "x"), ("SystemName", "x"), ("CreationClassName", "CIM_ObjectManager"), ("Name", "nothing"))));

    [Fact]
    public Task A_path_with_the_wrong_keys() => AssertErrorAsync(
        InvalidParameter, "Colour", "interop", "GetInstance", ("InstanceName", InstanceName("CIM_ObjectManager", ("Colour", "red"))));

    [Fact]
    public Task An_unknown_query_language() => AssertErrorAsync(
        QueryLanguageNotSupported, "Klingon", "root/cimv2", "ExecQuery", ("QueryLanguage", Value("Klingon")), ("Query", Value("SELECT * FROM CIM_Fan")));

    [Fact]
    public Task A_query_that_is_none() => AssertErrorAsync(
        InvalidQuery, "FROM", "root/cimv2", "ExecQuery", ("QueryLanguage", Value("WQL")), ("Query", Value("SELECT *")));

    [Fact]
    public Task An_enumeration_context_that_was_never_opened() => AssertErrorAsync(
        InvalidEnumerationContext, string.Empty, "root/cimv2", "PullInstances", ("EnumerationContext", Value("made-up")), ("MaxObjectCount", Value("10")));

    [Fact]
    public Task An_unknown_property_of_an_instance() => AssertErrorOnFirstAsync(NoSuchProperty, "Colour", "GetProperty", ("PropertyName", Value("Colour")));

    [Fact]
    public async Task An_unknown_method()
    {
        string call = Message($"""<SIMPLEREQ><METHODCALL NAME="Explode"><LOCALCLASSPATH>{NamespacePath("root/cimv2")}{ClassName("CIM_NumericSensor")}</LOCALCLASSPATH></METHODCALL></SIMPLEREQ>""");
        CimXmlAnswer answer = await shared.Client.PostAsync(call);

        Assert.Equal(MethodNotFound, answer.ErrorCode);
        Assert.Contains("Explode", answer.ErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_wrong_request_among_several_fails_alone()
    {
        CimXmlAnswer answer = await shared.Client.PostAsync(Multiple(
            ("root/cimv2", "GetClass", [("ClassName", ClassName("CIM_Fan"))]),
            ("root/cimv2", "GetClass", [("ClassName", ClassName("CIM_Nothing"))]),
            ("root/nowhere", "GetClass", [("ClassName", ClassName("CIM_Fan"))]),
            ("root/cimv2", "GetClass", [("ClassName", ClassName("CIM_Chassis"))])));

        System.Xml.Linq.XElement[] parts = [.. answer.Document.Descendants("SIMPLERSP")];
        Assert.Equal(4, parts.Length);
        Assert.Equal("CIM_Fan", parts[0].Descendants("CLASS").Single().Attribute("NAME")!.Value);
        Assert.Equal("6", parts[1].Descendants("ERROR").Single().Attribute("CODE")!.Value);
        Assert.Equal("3", parts[2].Descendants("ERROR").Single().Attribute("CODE")!.Value);
        Assert.Equal("CIM_Chassis", parts[3].Descendants("CLASS").Single().Attribute("NAME")!.Value);
    }

    private async Task AssertErrorOnFirstAsync(int code, string named, string method, params (string Name, string Xml)[] parameters)
    {
        string name = (await shared.Client.CallAsync("interop", "EnumerateInstanceNames", ("ClassName", ClassName("CIM_ObjectManager")))).Succeeded().Document.Descendants("INSTANCENAME").First().ToString();
        await AssertErrorAsync(code, named, "interop", method, [("InstanceName", name), .. parameters]);
    }

    private async Task AssertErrorAsync(int code, string named, string ns, string method, params (string Name, string Xml)[] parameters)
    {
        CimXmlAnswer answer = await shared.Client.CallAsync(ns, method, parameters);

        Assert.True(answer.ErrorCode == code, $"expected status {code}: {answer.Body}");
        Assert.Contains(named, answer.ErrorDescription, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", answer.ErrorDescription, StringComparison.Ordinal);
    }
}
