using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using CimHost.Sdk.Cim;
using Xunit;
using static CimHost.Endpoints.Tests.EndpointHost;

namespace CimHost.Endpoints.Tests;

/// <summary>Large answers, errors behind results, users, and clients that go away.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private EndpointHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static readonly string s_provided = Message($"<SIMPLEREQ>{Call("EnumerateInstances", ("ClassName", Class("T_Provided")))}</SIMPLEREQ>");

    [Fact]
    public async Task A_large_answer_is_streamed_and_a_small_one_has_its_length()
    {
        _host.AddProvider(new NumberedProvider(2_000), "T_Provided");
        Answer large = await _host.PostAsync(s_provided);
        Assert.Equal(2_000, large.Results.Count);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"{i:D6}"), large.Results.Select(e => e.Element("INSTANCENAME")!.Value));
        Assert.True(large.Characters > 64 * 1024 && large.IsChunked);
        Answer small = await _host.CallAsync("EnumerateInstanceNames", ("ClassName", Class("T_Thing")));
        Assert.True(small.ContentLength == small.Characters && !small.IsChunked);
    }

    [Fact]
    public async Task One_value_that_is_larger_than_the_buffer_arrives_whole()
    {
        _host.AddProvider(new NumberedProvider(2, textLength: 1_000_000), "T_Provided");
        Answer answer = await _host.PostAsync(s_provided);
        Assert.Equal([1_000_006, 1_000_006], answer.Results.Select(e => e.Element("INSTANCENAME")!.Value.Length));
    }

    [Fact]
    public async Task An_error_behind_results_that_have_left_follows_them_in_the_same_answer()
    {
        _host.AddProvider(new NumberedProvider(2_000, _ => throw CimException.Failed("the controller is silent")), "T_Provided");
        Answer answer = await _host.PostAsync(s_provided);
        Assert.Equal(["IRETURNVALUE", "ERROR"], answer.Response.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(2_000, answer.Response.Element("IRETURNVALUE")!.Elements().Count());
        Assert.Contains("the controller is silent", answer.Error.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_takes_the_place_of_results_that_have_not_left()
    {
        _host.AddProvider(new NumberedProvider(2, _ => throw CimException.Failed("the controller is silent")), "T_Provided");
        Answer answer = await _host.PostAsync(s_provided);
        Assert.Equal(CimStatusCode.Failed, answer.Error.Status);
        Assert.Equal(["ERROR"], answer.Response.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task An_error_in_one_of_several_operations_leaves_the_others_whole()
    {
        _host.AddProvider(new NumberedProvider(2, _ => throw CimException.Failed("the controller is silent")), "T_Provided");
        Answer answer = await _host.PostAsync(Message(
            $"<MULTIREQ><SIMPLEREQ>{Call("EnumerateInstances", ("ClassName", Class("T_Thing")))}</SIMPLEREQ><SIMPLEREQ>{Call("EnumerateInstances", ("ClassName", Class("T_Provided")))}</SIMPLEREQ><SIMPLEREQ>{Call("EnumerateInstances", ("ClassName", Class("T_Group")))}</SIMPLEREQ></MULTIREQ>"));
        XElement[] responses = [.. answer.Document.Descendants("IMETHODRESPONSE")];
        Assert.Equal([2, 0, 1], responses.Select(r => r.Element("IRETURNVALUE")?.Elements().Count() ?? 0));
        Assert.Equal([false, true, false], responses.Select(r => r.Element("ERROR") is not null));
    }

    [Fact]
    public async Task An_exception_of_a_provider_is_told_without_its_stack()
    {
        _host.AddProvider(new NumberedProvider(0, _ => throw new InvalidOperationException("secret detail at 0x1234")), "T_Provided");
        (CimStatusCode status, string description) = (await _host.PostAsync(s_provided)).Error;
        Assert.Equal(CimStatusCode.Failed, status);
        Assert.DoesNotContain("   at ", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_ends_its_operation_and_harms_nobody()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.AddProvider(
            new NumberedProvider(2_000, async token =>
            {
                await using CancellationTokenRegistration registration = token.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.Infinite, token);
            }),
            "T_Provided");
        byte[] body = Encoding.UTF8.GetBytes(s_provided);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, _host.Address.Port);
            NetworkStream stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /cimom HTTP/1.1\r\nHost: h\r\nAuthorization: Basic {Convert.ToBase64String("admin:secret"u8)}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\n\r\n"));
            await stream.WriteAsync(body);
            byte[] part = new byte[1024];
            Assert.True(await stream.ReadAsync(part) > 0);
            socket.Client.LingerState = new LingerOption(true, 0);
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, (await _host.CallAsync("EnumerateInstanceNames", ("ClassName", Class("T_Thing")))).Results.Count);
    }

    [Fact]
    public async Task A_user_who_may_only_read_reads_and_changes_nothing()
    {
        using HttpClient reader = _host.NewClient("reader", "secret");
        Task<Answer> As(string operation, params (string, string)[] parameters) => _host.PostAsync(Message($"<SIMPLEREQ>{Call(operation, parameters)}</SIMPLEREQ>"), reader);
        string a = Name("T_Thing", "Id", "a");
        Assert.Single((await As("GetInstance", ("InstanceName", a))).Results);
        (string, (string, string)[])[] changes =
        [
            ("DeleteInstance", [("InstanceName", a)]),
            ("CreateInstance", [("NewInstance", "<INSTANCE CLASSNAME=\"T_Thing\"><PROPERTY NAME=\"Id\" TYPE=\"string\"><VALUE>new</VALUE></PROPERTY></INSTANCE>")]),
            ("ModifyInstance", [("ModifiedInstance", $"<VALUE.NAMEDINSTANCE>{a}<INSTANCE CLASSNAME=\"T_Thing\"/></VALUE.NAMEDINSTANCE>")]),
            ("SetProperty", [("InstanceName", a), ("PropertyName", Value("Number")), ("NewValue", Value("9"))]),
            ("CreateClass", [("NewClass", "<CLASS NAME=\"T_New\"/>")]),
            ("ModifyClass", [("ModifiedClass", "<CLASS NAME=\"T_Setting\"/>")]),
            ("DeleteClass", [("ClassName", Class("T_Setting"))]),
            ("SetQualifier", [("QualifierDeclaration", "<QUALIFIER.DECLARATION NAME=\"Q\" TYPE=\"string\"><SCOPE CLASS=\"true\"/></QUALIFIER.DECLARATION>")]),
            ("DeleteQualifier", [("QualifierName", Value("Write"))]),
        ];
        foreach ((string operation, (string, string)[] parameters) in changes)
        {
            Assert.Equal((operation, CimStatusCode.AccessDenied), (operation, (await As(operation, parameters)).Error.Status));
        }

        _host.AddProvider(new NumberedProvider(1) { Method = (_, _, _) => throw new InvalidOperationException("was called") }, "T_Provided");
        Answer method = await _host.PostAsync(Message($"<SIMPLEREQ><METHODCALL NAME=\"Ping\"><LOCALCLASSPATH>{NamespacePath}{Class("T_Provided")}</LOCALCLASSPATH></METHODCALL></SIMPLEREQ>"), reader);
        Assert.Equal(CimStatusCode.AccessDenied, method.Error.Status);
        using HttpResponseMessage mof = await reader.PostAsync(new Uri("/admin/mof?namespace=root/cimv2", UriKind.Relative), new ByteArrayContent([]));
        Assert.Equal(HttpStatusCode.Forbidden, mof.StatusCode);
    }

    [Fact]
    public async Task A_changed_password_is_asked_for_with_the_next_request_of_an_open_connection()
    {
        using HttpClient reader = _host.NewClient("reader", "secret");
        string message = Message($"<SIMPLEREQ>{Call("EnumerateClassNames")}</SIMPLEREQ>");
        Assert.NotEmpty((await _host.PostAsync(message, reader)).Results);
        _host.Users.Passwords["reader"] = "another";
        using HttpResponseMessage response = await reader.PostAsync(new Uri("/cimom", UriKind.Relative), new StringContent(message, Encoding.UTF8, "application/xml"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/xml; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/xml; charset=\"utf-8\"", HttpStatusCode.OK)]
    [InlineData("APPLICATION/XML", HttpStatusCode.OK)]
    public async Task The_content_type_has_to_be_XML_in_UTF8(string contentType, HttpStatusCode expected)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Message($"<SIMPLEREQ>{Call("EnumerateClassNames")}</SIMPLEREQ>")));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using HttpResponseMessage response = await _host.Client.PostAsync(new Uri("/cimom", UriKind.Relative), content);
        Assert.Equal(expected, response.StatusCode);
        Assert.NotNull(response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/cimom", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/cimom/", HttpStatusCode.OK)]
    [InlineData("/other", HttpStatusCode.NotFound)]
    [InlineData("/cimom/x", HttpStatusCode.NotFound)]
    public async Task The_path_decides(string path, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await _host.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(Message($"<SIMPLEREQ>{Call("EnumerateClassNames")}</SIMPLEREQ>"), Encoding.UTF8, "application/xml"));
        Assert.Equal(expected, response.StatusCode);
    }
}
