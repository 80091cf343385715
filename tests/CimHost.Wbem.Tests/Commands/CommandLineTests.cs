using CimHost.Commands;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Tests.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Commands;

public sealed class CommandLineTests
{
    private static ScriptedAnswer Fans(ScriptedRequest request) => request.Call.Name.EndsWith("Paths", StringComparison.Ordinal)
        ? ScriptedAnswer.Intrinsic(request.Call.Name, WireXml.Pulled(WireXml.Text(w => CimXmlWriter.FullPath(w, WireXml.Fan("1", 1).Path!, "srv", "root/cimv2")), null))
        : ScriptedAnswer.Intrinsic(request.Call.Name, WireXml.Pulled(WireXml.WithPath(WireXml.Fan("front", 900)) + WireXml.WithPath(WireXml.Fan("rear", 12000)), null));

    [Fact]
    public async Task Instances_are_a_table_without_columns_that_nothing_stands_in()
    {
        await using var run = new CommandRun(Fans);
        Assert.Equal(0, await run.RunAsync("enumerate", "CIM_Fan"));
        Assert.Equal(
            [" DeviceID  Speed", "─────────────────", " front     900", " rear      12000"],
            run.Output.TrimEnd('\n').Split('\n').Select((l, i) => i == 1 ? l[..17] : l));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Instances_as_JSON()
    {
        await using var run = new CommandRun(Fans);
        Assert.Equal(0, await run.RunAsync("enumerate", "CIM_Fan", "--json", "--properties", "DeviceID,Speed"));
        Assert.Equal(
            """
            [
            {
              "path": "root/cimv2:CIM_Fan.DeviceID=\"front\"",
              "class": "CIM_Fan",
              "properties": {
                "DeviceID": "front",
                "Speed": 900,
                "Caption": null
              }
            },
            {
              "path": "root/cimv2:CIM_Fan.DeviceID=\"rear\"",
              "class": "CIM_Fan",
              "properties": {
                "DeviceID": "rear",
                "Speed": 12000,
                "Caption": null
              }
            }
            ]

            """,
            run.Output);
        Assert.Equal(["DeviceID", "Speed"], Assert.Single(run.Requests).Call.TextList("PropertyList")!);
    }

    [Fact]
    public async Task Names_are_one_on_a_line()
    {
        await using var run = new CommandRun(Fans);
        Assert.Equal(0, await run.RunAsync("enumerate", "CIM_Fan", "--names"));
        Assert.Equal("root/cimv2:CIM_Fan.DeviceID=\"1\"\n", run.Output);
    }

    [Fact]
    public async Task What_is_wider_than_the_output_is_shown_line_by_line()
    {
        CimInstance fan = WireXml.Fan("1", 900);
        fan["Caption"] = new string('x', 100);
        await using var run = new CommandRun(_ => ScriptedAnswer.Intrinsic("ExecQuery", $"<IRETURNVALUE>{WireXml.Named(fan)}</IRETURNVALUE>"));
        Assert.Equal(0, await run.RunAsync("query", "SELECT * FROM CIM_Fan"));
        Assert.Equal($"root/cimv2:CIM_Fan.DeviceID=\"1\"\n  DeviceID  1\n  Speed     900\n  Caption   {new string('x', 100)}\n\n", run.Output);
        Assert.Equal(("WQL", "SELECT * FROM CIM_Fan"), (run.Requests.First().Call.Text("QueryLanguage"), run.Requests.First().Call.Text("Query")));
    }

    [Theory]
    [InlineData(false, "cimhost: CIM_ERR_FAILED: the BMC hangs\n")]
    [InlineData(true, "{\"error\":{\"status\":\"CIM_ERR_FAILED\",\"message\":\"the BMC hangs\"}}\n")]
    public async Task What_came_before_a_failure_is_shown_first(bool json, string error)
    {
        await using var run = new CommandRun(_ => ScriptedAnswer.Intrinsic("ExecQuery", $"<IRETURNVALUE>{WireXml.Named(WireXml.Fan("1", 900))}</IRETURNVALUE>{WireXml.Error(1, "the BMC hangs")}"));
        Assert.Equal(1, await run.RunAsync(["query", "SELECT * FROM CIM_Fan", .. json ? ["--json"] : Array.Empty<string>()]));
        Assert.Contains("900", run.Output, StringComparison.Ordinal);
        Assert.Equal(json, run.Output.EndsWith("\n]\n", StringComparison.Ordinal));
        Assert.Equal(error, run.Error);
    }

    [Fact]
    public async Task Get_shows_NULL_properties_empty()
    {
        await using var run = new CommandRun(_ => ScriptedAnswer.Intrinsic("GetInstance", $"<IRETURNVALUE>{WireXml.Text(w => CimXmlWriter.Instance(w, WireXml.Fan("1", 900)))}</IRETURNVALUE>"));
        Assert.Equal(0, await run.RunAsync("get", "root/other:CIM_Fan.DeviceID=\"1\""));
        Assert.Equal("root/other:CIM_Fan.DeviceID=\"1\"\n  DeviceID  1\n  Speed     900\n  Caption\n", run.Output);
        Assert.Equal("root/other", run.Requests.First().Call.Namespace);
    }

    [Fact]
    public async Task Associators_pass_every_end_on()
    {
        await using var run = new CommandRun(Fans);
        Assert.Equal(0, await run.RunAsync("associators", "CIM_Chassis.Tag=\"1\"", "--association", "A", "--result-class", "B", "--role", "C", "--result-role", "D"));
        CimXmlCall call = run.Requests.First().Call;
        Assert.Equal(("OpenAssociatorInstances", "A", "B", "C", "D"), (call.Name, call.ClassName("AssocClass"), call.ClassName("ResultClass"), call.Text("Role"), call.Text("ResultRole")));
        Assert.Equal(0, await run.RunAsync("references", "CIM_Chassis.Tag=\"1\"", "--association", "A", "--names"));
        Assert.Equal(("OpenReferenceInstancePaths", "A"), (run.Requests.Last().Call.Name, run.Requests.Last().Call.ClassName("ResultClass")));
    }

    [Theory]
    [InlineData("", "Required command")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("get", "'PATH' missing")]
    [InlineData("get CIM_Fan.Id=a", "is no object path")]
    [InlineData("enumerate CIM_Fan --timeout 0", "--timeout 0: expected")]
    [InlineData("enumerate CIM_Fan --tiemout 5", "--tiemout")]
    [InlineData("enumerate CIM_Fan --host http://127.0.0.1:1 --user somebody", "put it into the environment variable CIMHOST_PASSWORD")]
    [InlineData("enumerate CIM_Fan --host gopher://x", "is no address of a server")]
    [InlineData("enumerate CIM_Fan --host https://x --thumbprint 12", "is no SHA-256 thumbprint")]
    [InlineData("enumerate CIM_Fan --config /no/such/file.json", "does not exist")]
    [InlineData("sensors --watch 0", "--watch 0: expected")]
    [InlineData("query SELECT --language SQL", "SQL")]
    public async Task A_wrong_command_line_ends_with_2_and_says_why(string line, string message)
    {
        await using var run = new CommandRun();
        Assert.Equal(2, await run.RunRawAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_ends_with_3_and_a_hint()
    {
        await using var run = new CommandRun();
        Assert.Equal(3, await run.RunAsync("sensors"));
        Assert.Contains("CimHost is not running here: there is no ", run.Error, StringComparison.Ordinal);
        Assert.Contains("cimhost serve", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_wants_a_user_ends_with_3()
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Http(401, string.Empty, "WWW-Authenticate: Basic realm=\"x\""));
        await using var run = new CommandRun();
        Assert.Equal(3, await run.RunRawAsync(["classes", "--host", "http://" + server.Address]));
        Assert.Equal($"cimhost: http://{server.Address} does not accept requests without a user: it wants a user name and a password.\n", run.Error);
    }

    [Fact]
    public async Task An_interrupted_command_ends_with_130()
    {
        using var interrupt = new CancellationTokenSource();
        await using var server = ScriptedWbemServer.Start(_ =>
        {
            interrupt.Cancel();
            return null;
        });
        await using var run = new CommandRun();
        Assert.Equal(130, await run.RunRawAsync(["classes", "--host", "http://" + server.Address], null, interrupt.Token));
    }

    [Fact]
    public async Task Serve_gets_file_and_settings()
    {
        await using var run = new CommandRun();
        (string? File, string Settings) seen = (null, string.Empty);
        int code = await run.RunRawAsync(["serve", "--config", "x.json", "--Machine=m", "--Endpoints:CimXmlHttp=127.0.0.1:1"], (file, settings, _) =>
        {
            seen = (file, string.Join(' ', settings));
            return Task.FromResult(7);
        });
        Assert.Equal(7, code);
        Assert.Equal(("x.json", "--Machine=m --Endpoints:CimXmlHttp=127.0.0.1:1"), seen);
        Assert.Equal(2, await run.RunRawAsync(["serve", "--Machine", "m"]));
        Assert.Contains("expected --Section:Key=value", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_shows_what_is_in_force_and_no_secrets()
    {
        await using var run = new CommandRun();
        Assert.Equal(0, await run.RunRawAsync(["config", "--Endpoints:CimXmlHttp=127.0.0.1:15988", "--Providers:Snmp:Community=tell-nobody", "--Providers:Snmp:Port=161"]));
        Assert.Contains("Endpoints:CimXmlHttp = 127.0.0.1:15988\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Providers:Snmp:Community = (hidden)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Providers:Snmp:Port = 161\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tell-nobody", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, await run.RunRawAsync(["config", "--Endpionts:CimXmlHttp=x"]));
        Assert.Contains("did you mean", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_can_ask_how_a_line_goes_on()
    {
        await using var run = new CommandRun();
        await run.RunRawAsync(["[suggest:10]", "cimhost en"]);
        Assert.Contains("enumerate", run.Output.Split('\n'));
        Assert.Equal(0, await run.RunRawAsync(["completion", "bash"]));
        Assert.Contains("complete -o default -F _cimhost cimhost", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, await run.RunRawAsync(["completion", "tcsh"]));
    }

    [Theory]
    [InlineData("a\u001b[31mred", "a\uFFFD[31mred")]
    [InlineData("two\r\nlines", "two lines")]
    [InlineData("°C ü", "°C ü")]
    public void Text_of_a_host_does_no_harm_to_a_terminal(string text, string shown) => Assert.Equal(shown, CellText.Printable(text));
}
