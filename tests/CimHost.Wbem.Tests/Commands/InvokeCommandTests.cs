using CimHost.Commands;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Tests.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Commands;

public sealed class InvokeCommandTests
{
    private static readonly CimMethodDeclaration s_method = new()
    {
        Name = "RequestStateChange",
        ReturnType = CimType.UInt32,
        Qualifiers = new([new CimQualifier("ValueMap", CimType.StringArray, (string?[])["0", "4096"]), new CimQualifier("Values", CimType.StringArray, (string?[])["Completed", "Job Started"])]),
        Parameters = new(
        [
            Parameter("RequestedState", CimType.UInt16), Parameter("Names", CimType.StringArray), Parameter("Where", CimType.Reference), Parameter("Timeout", CimType.DateTime), Parameter("Setting", CimType.Instance),
        ]),
    };

    private static CimParameterDeclaration Parameter(string name, CimType type) => new() { Name = name, CimType = type };

    [Fact]
    public void Parameters_take_the_declared_types()
    {
        CimNamedList<CimMethodParameter> bound = InvokeCommand.Bind(s_method, ["requestedstate=3", "Names=a=b", "Names=", "Where=CIM_Fan.DeviceID=\"1\""]);
        Assert.Equal((ushort)3, bound["RequestedState"]!.Value);
        Assert.Equal((string?[])["a=b", ""], bound["Names"]!.Value);
        Assert.Equal("CIM_Fan", bound["Where"]!.Value.AsReference()!.ClassName);
    }

    [Theory]
    [InlineData("RequestedState=many", "expected uint16")]
    [InlineData("RequestedState=70000", "expected uint16")]
    [InlineData("RequestedState", "expected RequestedState=VALUE")]
    [InlineData("State=3", "has no parameter State; it has RequestedState, Names")]
    [InlineData("Where=a b", "is no object path")]
    [InlineData("Setting=x", "embedded object")]
    [InlineData("RequestedState=1 RequestedState=2", "given twice")]
    public void A_parameter_that_does_not_fit_is_named(string line, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => InvokeCommand.Bind(s_method, line.StartsWith("Where", StringComparison.Ordinal) ? [line] : line.Split(' '))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, "ReturnValue = 4096 (Job Started)\nJob = CIM_Job\n")]
    [InlineData(true, "{\n  \"returnValue\": 4096,\n  \"parameters\": {\n    \"Job\": \"CIM_Job\"\n  }\n}\n")]
    public async Task The_result_is_shown_with_its_meaning(bool json, string output)
    {
        string cimClass = WireXml.Text(w => CimXmlWriter.Class(w, new CimClass("CIM_Fan", null, methods: [s_method])));
        await using var run = new CommandRun(request => request.Call.IsIntrinsic
            ? ScriptedAnswer.Intrinsic("GetClass", $"<IRETURNVALUE>{cimClass}</IRETURNVALUE>")
            : ScriptedAnswer.Http(200, ScriptedAnswer.Message("<METHODRESPONSE NAME=\"RequestStateChange\"><RETURNVALUE PARAMTYPE=\"uint32\"><VALUE>4096</VALUE></RETURNVALUE><PARAMVALUE NAME=\"Job\" PARAMTYPE=\"reference\"><VALUE.REFERENCE><CLASSNAME NAME=\"CIM_Job\"/></VALUE.REFERENCE></PARAMVALUE></METHODRESPONSE>")));
        Assert.Equal(0, await run.RunAsync(["invoke", "CIM_Fan.DeviceID=\"1\"", "requeststatechange", "RequestedState=3", .. json ? ["--json"] : Array.Empty<string>()]));
        Assert.Equal(output, run.Output);
        CimXmlCall call = run.Requests.Last().Call;
        Assert.Equal(("RequestStateChange", "root/cimv2:CIM_Fan.DeviceID=\"1\""), (call.Name, call.Target!.ToString()));
        Assert.Equal((ushort)3, Assert.Single(call.MethodParameters).Value);
    }
}
