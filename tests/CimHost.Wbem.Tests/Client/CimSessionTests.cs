using System.Text;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Client;

public sealed class CimSessionTests
{
    private static readonly CimSessionOptions s_options = new() { UserName = "root", Password = "pä:ss", Timeout = TimeSpan.FromSeconds(20) };

    private static CimSession Open(ScriptedWbemServer server, CimSessionOptions? options = null) => CimSession.Create("http://" + server.Address, options ?? s_options);

    private static async Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (T item in items)
        {
            list.Add(item);
        }

        return list;
    }

    [Fact]
    public async Task Instances_are_pulled_in_portions()
    {
        await using var server = ScriptedWbemServer.Start(request => request.Call.Name switch
        {
            "OpenEnumerateInstances" => ScriptedAnswer.Intrinsic("OpenEnumerateInstances", WireXml.Pulled(WireXml.WithPath(WireXml.Fan("1", 100)) + WireXml.WithPath(WireXml.Fan("2", 200)), "c1")),
            _ => ScriptedAnswer.Intrinsic("PullInstancesWithPath", WireXml.Pulled(WireXml.WithPath(WireXml.Fan("3", 300)), null)),
        });
        using CimSession session = Open(server);
        List<CimInstance> fans = await ReadAsync(session.EnumerateInstancesAsync("root/cimv2", "CIM_Fan"));
        Assert.Equal([100, 200, 300], fans.Select(f => f["Speed"].TryGetInt64(out long speed) ? speed : -1));
        Assert.Equal("root/cimv2:CIM_Fan.DeviceID=\"3\"", fans[2].Path!.ToString());
        Assert.Equal(["OpenEnumerateInstances", "PullInstancesWithPath"], server.Operations);
        ScriptedRequest[] requests = [.. server.Requests];
        Assert.Equal(1000u, requests[0].Call.Number("MaxObjectCount"));
        Assert.Equal(("c1", 1000u), (requests[1].Call.Text("EnumerationContext"), requests[1].Call.Number("MaxObjectCount")));
    }

    [Fact]
    public async Task Requests_carry_the_CIM_headers_and_credentials_from_the_first_on()
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Http(200, ScriptedAnswer.Message("<METHODRESPONSE NAME=\"Reset\"/>")));
        using CimSession session = Open(server);
        await session.InvokeMethodAsync("root/cimv2", new CimObjectPath("CIM_Fan", "DeviceID", "1"), "Reset", CimNamedList<CimMethodParameter>.Empty, CancellationToken.None);
        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.Equal("POST /cimom HTTP/1.1", request.Line);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("root:pä:ss")), request.Headers["Authorization"]);
        Assert.Equal("application/xml; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal(("MethodCall", "Reset"), (request.Headers["CIMOperation"], request.Headers["CIMMethod"]));
        Assert.Equal("root/cimv2:CIM_Fan.DeviceID=%221%22", request.Headers["CIMObject"]);
    }

    [Theory]
    [InlineData(CimStatusCode.NotSupported, new[] { "OpenEnumerateInstances", "EnumerateInstances", "EnumerateInstances" })]
    [InlineData(CimStatusCode.Failed, new[] { "OpenEnumerateInstances", "EnumerateInstances", "OpenEnumerateInstances", "EnumerateInstances" })]
    public async Task A_server_without_pulled_enumerations_is_asked_as_of_old(CimStatusCode status, string[] operations)
    {
        await using var server = ScriptedWbemServer.Start(request => request.Call.Name.StartsWith("Open", StringComparison.Ordinal)
            ? ScriptedAnswer.Intrinsic(request.Call.Name, WireXml.Error((int)status, "no"))
            : ScriptedAnswer.Intrinsic("EnumerateInstances", $"<IRETURNVALUE>{WireXml.Named(WireXml.Fan("1", 100))}</IRETURNVALUE>"));
        using CimSession session = Open(server);
        for (int i = 0; i < 2; i++)
        {
            CimInstance fan = Assert.Single(await ReadAsync(session.EnumerateInstancesAsync("root/cimv2", "CIM_Fan")));
            Assert.Equal("root/cimv2:CIM_Fan.DeviceID=\"1\"", fan.Path!.ToString());
        }

        Assert.Equal(operations, server.Operations);
    }

    [Theory]
    [InlineData(CimStatusCode.AccessDenied)]
    [InlineData(CimStatusCode.InvalidClass)]
    [InlineData(CimStatusCode.InvalidNamespace)]
    public async Task Any_other_error_of_an_open_is_final(CimStatusCode status)
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Intrinsic("X", WireXml.Error((int)status, "because")));
        using CimSession session = Open(server);
        CimException e = await Assert.ThrowsAsync<CimException>(() => ReadAsync(session.EnumerateInstancesAsync("root/cimv2", "CIM_Fan")));
        Assert.Equal((status, "because"), (e.Status, e.Message));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_filter_is_never_dropped_for_a_server_that_cannot_filter()
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Intrinsic("X", WireXml.Error((int)CimStatusCode.NotSupported, "no")));
        using CimSession session = Open(server);
        var options = new CimInstanceOptions { Filter = "Speed > 100" };
        await Assert.ThrowsAsync<CimException>(() => ReadAsync(session.EnumerateInstancesAsync("root/cimv2", "CIM_Fan", options, CancellationToken.None)));
        Assert.Equal("DMTF:FQL", Assert.Single(server.Requests).Call.Text("FilterQueryLanguage"));
    }

    [Fact]
    public async Task Results_before_an_error_are_seen()
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Intrinsic("ExecQuery", $"<IRETURNVALUE>{WireXml.Named(WireXml.Fan("1", 1))}</IRETURNVALUE>{WireXml.Error(1, "the BMC stopped answering")}"));
        using CimSession session = Open(server);
        var seen = new List<CimInstance>();
        CimException e = await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (CimInstance fan in session.QueryInstancesAsync("root/cimv2", "WQL", "SELECT * FROM CIM_Fan"))
            {
                seen.Add(fan);
            }
        });
        Assert.Equal("the BMC stopped answering", e.Message);
        Assert.Single(seen);
    }

    [Fact]
    public async Task An_error_in_the_trailers_of_a_chunked_answer_is_seen()
    {
        string body = ScriptedAnswer.Message($"<IMETHODRESPONSE NAME=\"ExecQuery\"><IRETURNVALUE>{WireXml.Named(WireXml.Fan("1", 1))}</IRETURNVALUE></IMETHODRESPONSE>");
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Chunked(body, "CIMStatusCode: 1", "CIMStatusCodeDescription: too%20late"));
        using CimSession session = Open(server);
        CimException e = await Assert.ThrowsAsync<CimException>(() => ReadAsync(session.QueryInstancesAsync("root/cimv2", "WQL", "SELECT * FROM CIM_Fan")));
        Assert.Equal("too late", e.Message);
    }

    [Fact]
    public async Task An_enumeration_that_is_left_early_is_closed_at_the_server()
    {
        await using var server = ScriptedWbemServer.Start(request => request.Call.Name == "OpenEnumerateInstances"
            ? ScriptedAnswer.Intrinsic("OpenEnumerateInstances", WireXml.Pulled(WireXml.WithPath(WireXml.Fan("1", 1)) + WireXml.WithPath(WireXml.Fan("2", 1)), "c7"))
            : ScriptedAnswer.Intrinsic("CloseEnumeration", string.Empty));
        using CimSession session = Open(server);
        await foreach (CimInstance _ in session.EnumerateInstancesAsync("root/cimv2", "CIM_Fan"))
        {
            break;
        }

        Assert.Null(session.LastAbandonFailure);
        Assert.Equal(["OpenEnumerateInstances", "CloseEnumeration"], server.Operations);
        Assert.Equal("c7", server.Requests.Last().Call.Text("EnumerationContext"));
    }

    [Fact]
    public async Task One_instance_and_its_path()
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Intrinsic("GetInstance", $"<IRETURNVALUE>{WireXml.Text(w => CimXmlWriter.Instance(w, WireXml.Fan("1", 900)))}</IRETURNVALUE>"));
        using CimSession session = Open(server);
        CimInstance fan = await session.GetInstanceAsync("root/cimv2", new CimObjectPath("CIM_Fan", "DeviceID", "1"));
        Assert.Equal((ushort)900, fan["Speed"]);
        Assert.Equal("root/cimv2:CIM_Fan.DeviceID=\"1\"", fan.Path!.ToString());
        CimProperty speed = await session.GetPropertyAsync("root/cimv2", fan.Path, "Speed", CancellationToken.None);
        Assert.Equal((CimType.UInt16, (object)(ushort)900), (speed.CimType, speed.Value!));
        await Assert.ThrowsAsync<CimException>(async () => await session.GetPropertyAsync("root/cimv2", fan.Path, "Nothing", CancellationToken.None));
    }

    [Theory]
    [InlineData(401, "", CimSessionFailure.NotAuthenticated, "does not accept user root: the user or the password is wrong.")]
    [InlineData(403, "Only administrators may do this.", CimSessionFailure.Forbidden, "forbids this to user root: Only administrators may do this.")]
    [InlineData(404, "nothing here\nat all", CimSessionFailure.InvalidAnswer, "refused the request with HTTP 404: nothing here")]
    [InlineData(501, "", CimSessionFailure.InvalidAnswer, "refused the request with HTTP 501 (unsupported-operation).")]
    public async Task HTTP_errors_are_sentences(int status, string body, CimSessionFailure failure, string message)
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Http(status, body, status == 501 ? "CIMError: unsupported-operation" : "X-Y: z"));
        using CimSession session = Open(server);
        CimSessionException e = await Assert.ThrowsAsync<CimSessionException>(async () => await session.GetClassAsync("root/cimv2", "CIM_Fan"));
        Assert.Equal(failure, e.Failure);
        Assert.EndsWith(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pä:ss", e.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("<html>Welcome</html>", "<html> is not expected")]
    [InlineData("", "The answer is empty.")]
    [InlineData("<CIM><MESSAGE ID=\"1\"><SIMPLERSP><IMETHODRESPONSE NAME=\"GetClass\"></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>", "answered GetClass with nothing where CimClass was expected")]
    [InlineData("<CIM><MESSAGE ID=\"1\"><SIMPLERSP><IMETHODRESPONSE NAME=\"GetClass\"><IRETURNVALUE><CLASSNAME NAME=\"A\"/></IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>", "with CimObjectPath where CimClass")]
    public async Task An_answer_that_is_none_is_told_as_such(string body, string message)
    {
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Http(200, body));
        using CimSession session = Open(server);
        CimSessionException e = await Assert.ThrowsAsync<CimSessionException>(async () => await session.GetClassAsync("root/cimv2", "CIM_Fan"));
        Assert.Equal(CimSessionFailure.InvalidAnswer, e.Failure);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_an_answer_is_told()
    {
        byte[] head = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.4\">"u8.ToArray();
        await using var server = ScriptedWbemServer.Start(_ => new ScriptedAnswer(head, Close: true));
        using CimSession session = Open(server);
        CimSessionException e = await Assert.ThrowsAsync<CimSessionException>(async () => await session.GetClassAsync("root/cimv2", "CIM_Fan"));
        Assert.Equal(CimSessionFailure.Unreachable, e.Failure);
    }

    [Fact]
    public async Task A_server_that_says_nothing_times_out()
    {
        await using var server = ScriptedWbemServer.Start(_ => null);
        using CimSession session = Open(server, s_options with { Timeout = TimeSpan.FromMilliseconds(300) });
        CimSessionException e = await Assert.ThrowsAsync<CimSessionException>(async () => await session.GetClassAsync("root/cimv2", "CIM_Fan"));
        Assert.Equal(CimSessionFailure.TimedOut, e.Failure);
        Assert.Contains("did not answer within 0.3 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_timeout()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = ScriptedWbemServer.Start(_ =>
        {
            cancel.Cancel();
            return null;
        });
        using CimSession session = Open(server);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await session.GetClassAsync("root/cimv2", "CIM_Fan", cancel.Token));
    }

    [Fact]
    public async Task Answers_and_their_objects_are_bounded()
    {
        string large = $"<IRETURNVALUE><INSTANCE CLASSNAME=\"A\"><PROPERTY NAME=\"P\" TYPE=\"string\"><VALUE>{new string('x', 300_000)}</VALUE></PROPERTY></INSTANCE></IRETURNVALUE>";
        await using var server = ScriptedWbemServer.Start(_ => ScriptedAnswer.Intrinsic("GetInstance", large));
        using CimSession small = Open(server, s_options with { MaxObjectBytes = 128 * 1024 });
        CimSessionException one = await Assert.ThrowsAsync<CimSessionException>(async () => await small.GetInstanceAsync("root/cimv2", new CimObjectPath("A", [])));
        Assert.Contains("An object in the answer", one.Message, StringComparison.Ordinal);
        using CimSession total = Open(server, s_options with { MaxAnswerBytes = 200_000 });
        CimSessionException all = await Assert.ThrowsAsync<CimSessionException>(async () => await total.GetInstanceAsync("root/cimv2", new CimObjectPath("A", [])));
        Assert.Contains("larger than 200000 bytes", all.Message, StringComparison.Ordinal);
        using CimSession enough = Open(server);
        Assert.Equal(300_000, (await enough.GetInstanceAsync("root/cimv2", new CimObjectPath("A", [])))["P"].AsString()!.Length);
    }

    [Fact]
    public async Task The_local_host_is_reached_through_its_socket_without_credentials()
    {
        string path = Path.Combine(Path.GetTempPath(), $"cimhost-{Guid.NewGuid():N}.sock");
        try
        {
            await using var server = ScriptedWbemServer.StartLocal(path, _ => ScriptedAnswer.Intrinsic("EnumerateClassNames", "<IRETURNVALUE><CLASSNAME NAME=\"A\"/><CLASSNAME NAME=\"B\"/></IRETURNVALUE>"));
            using CimSession session = CimSession.CreateLocal(path);
            Assert.Equal(["A", "B"], await ReadAsync(session.EnumerateClassNamesAsync("root/cimv2", null, true, CancellationToken.None)));
            Assert.DoesNotContain("Authorization", Assert.Single(server.Requests).Headers.Keys);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("srv", "https://srv:5989")]
    [InlineData("srv:5000", "https://srv:5000")]
    [InlineData("http://srv", "http://srv:5988")]
    [InlineData("https://srv:443", "https://srv")]
    [InlineData("https://[::1]", "https://[::1]:5989")]
    public void An_address_without_a_port_has_the_port_of_WBEM(string name, string address)
    {
        using CimSession session = CimSession.Create(name);
        Assert.Equal(address, session.ComputerName);
    }

    [Theory]
    [InlineData("ftp://srv")]
    [InlineData("https://user:pw@srv")]
    [InlineData("https://srv/cimom")]
    [InlineData("")]
    public void What_is_no_address_is_refused(string name) => Assert.Throws<ArgumentException>(() => CimSession.Create(name));

    [Fact]
    public async Task No_server_is_a_sentence()
    {
        string address;
        await using (var server = ScriptedWbemServer.Start(_ => null))
        {
            address = server.Address;
        }

        using CimSession session = CimSession.Create("http://" + address);
        CimSessionException e = await Assert.ThrowsAsync<CimSessionException>(() => session.TestConnectionAsync());
        Assert.Equal(CimSessionFailure.Unreachable, e.Failure);
        Assert.Contains($"http://{address} cannot be reached", e.Message, StringComparison.Ordinal);
    }
}
