using System.Buffers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using Xunit;

namespace CimHost.Wbem.Tests.Client;

/// <summary>What the writer writes, the server's reader understands.</summary>
public sealed class CimXmlRequestWriterTests
{
    private static CimXmlCall Intrinsic(string operation, params CimXmlParameter[] parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        CimXmlRequestWriter.Intrinsic(buffer, "42", "root/cimv2", operation, parameters);
        CimXmlRequest request = CimXmlRequest.Parse(buffer.WrittenSpan);
        Assert.Equal("42", request.Id);
        Assert.Null(request.Failure);
        CimXmlCall call = Assert.Single(request.Calls);
        Assert.Equal((true, operation, "root/cimv2"), (call.IsIntrinsic, call.Name, call.Namespace));
        return call;
    }

    [Fact]
    public void Simple_parameters_arrive_and_absent_ones_are_left_out()
    {
        CimXmlCall call = Intrinsic(
            "OpenEnumerateInstances", new("ClassName", new CimObjectPath("CIM_Fan")), new("DeepInheritance", true), new("PropertyList", (string[])["A", "<B>"]), new("MaxObjectCount", 1000u), new("FilterQuery", null));
        Assert.Equal("CIM_Fan", call.ClassName("ClassName"));
        Assert.True(call.Boolean("DeepInheritance", false));
        Assert.Equal(["A", "<B>"], call.TextList("PropertyList")!);
        Assert.Equal(1000u, call.Number("MaxObjectCount"));
        Assert.Null(call.Text("FilterQuery"));
        call.Allow("ClassName", "DeepInheritance", "PropertyList", "MaxObjectCount");
    }

    [Fact]
    public void An_empty_property_list_is_not_the_same_as_none()
    {
        Assert.Equal([], Intrinsic("GetInstance", new CimXmlParameter("PropertyList", Array.Empty<string>())).TextList("PropertyList")!);
    }

    [Fact]
    public void Instance_names_keep_the_types_and_the_text_of_their_keys()
    {
        var path = new CimObjectPath("A", [new("S", "a\"<&>ü\n"), new("N", (uint)7), new("B", true), new("R", new CimObjectPath("X", "Id", "1", "root/other"))]);
        CimObjectPath read = Intrinsic("GetInstance", new CimXmlParameter("InstanceName", path)).InstanceName("InstanceName");
        Assert.Equal(path, read);
        Assert.Equal("root/other", read["R"].AsReference()!.Namespace);
    }

    [Fact]
    public void A_new_instance_goes_without_and_a_modified_one_with_its_name()
    {
        CimInstance fan = WireXml.Fan("1", 700);
        CimInstance created = Intrinsic("CreateInstance", new CimXmlParameter("NewInstance", fan)).Instance("NewInstance");
        CimInstance modified = Intrinsic("ModifyInstance", new CimXmlParameter("ModifiedInstance", fan)).Instance("ModifiedInstance");
        Assert.Null(created.Path);
        Assert.Equal((ushort)700, created["Speed"]);
        Assert.Equal("CIM_Fan.DeviceID=\"1\"", modified.Path!.ToString());
    }

    [Fact]
    public void Classes_qualifiers_and_values_arrive()
    {
        var cimClass = new CimClass("A", "B", [new CimPropertyDeclaration { Name = "P", CimType = CimType.UInt8Array }]);
        Assert.Equal("A : B", Intrinsic("CreateClass", new CimXmlParameter("NewClass", cimClass)).Class("NewClass").ToString());
        var declaration = new CimQualifierDeclaration("Key", CimType.Boolean, false, CimQualifierScopes.Property, CimQualifierFlavors.ToSubclass);
        Assert.Equal(declaration, Intrinsic("SetQualifier", new CimXmlParameter("QualifierDeclaration", declaration)).Qualifier("QualifierDeclaration"));
        Assert.Equal("5", Intrinsic("SetProperty", new CimXmlParameter("NewValue", (CimValue)(byte)5)).PropertyValue("NewValue"));
    }

    [Fact]
    public void A_method_call_names_its_target_and_types_its_parameters()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var parameters = new CimMethodParameter[] { new("State", CimType.UInt16, (ushort)2), new("Names", CimType.StringArray, (string?[])["a", null]), new("E", CimType.Instance, WireXml.Fan("2", 1)) };
        CimXmlRequestWriter.Method(buffer, "1", "root/cimv2", new CimObjectPath("CIM_Fan", "DeviceID", "1"), "Request", parameters);
        CimXmlCall call = CimXmlRequest.Parse(buffer.WrittenSpan).Calls[0];
        Assert.Equal("root/cimv2:CIM_Fan.DeviceID=\"1\"", call.Target!.ToString());
        Assert.Equal([CimType.UInt16, CimType.StringArray, CimType.Instance], call.MethodParameters.Select(p => p.CimType));
        Assert.Equal("{a, NULL}", call.MethodParameters[1].Value.ToString());
        Assert.Equal("2", call.MethodParameters[2].Value.AsInstance()!["DeviceID"]);
    }

    [Fact]
    public void A_modified_instance_without_a_path_is_refused_before_it_is_sent()
    {
        var nameless = new CimInstance(new CimClass("A"));
        Assert.Throws<CimException>(() => Intrinsic("ModifyInstance", new CimXmlParameter("ModifiedInstance", nameless)));
    }
}
