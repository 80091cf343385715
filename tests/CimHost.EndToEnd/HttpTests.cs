using System.Net;
using System.Text;
using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>The HTTP side of CIM-XML on raw connections: every answer is framed, and the connection serves the next request.</summary>
[Collection(SharedHostCollection.Name)]
public sealed class HttpTests(SharedHost shared)
{
    private static readonly string s_request = CimXmlMessage.Call("root/cimv2", "GetClass", ("ClassName", CimXmlMessage.ClassName("CIM_NumericSensor")));

    [Fact]
    public async Task Without_credentials_the_answer_is_401_with_a_challenge_and_the_connection_goes_on()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync($"POST /cimom HTTP/1.1\r\nHost: h\r\nContent-Type: application/xml\r\nContent-Length: {Encoding.UTF8.GetByteCount(s_request)}\r\n\r\n{s_request}");
        RawAnswer refused = await connection.ReadAsync();

        Assert.Equal(401, refused.Status);
        Assert.StartsWith("Basic realm=", refused["WWW-Authenticate"], StringComparison.OrdinalIgnoreCase);
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("root", "wrong")]
    [InlineData("root", "")]
    [InlineData("", "")]
    [InlineData("nobody", HostSettings.Password)]
    [InlineData("ROOT\0", HostSettings.Password)]
    public async Task Wrong_credentials_get_401(string userName, string password)
    {
        using var client = new CimXmlClient(shared.Host.Http, userName, password);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync(s_request)).Status);
    }

    [Theory]
    [InlineData("Basic !!!!")]
    [InlineData("Basic")]
    [InlineData("Basic cm9vdA==")]
    [InlineData("Bearer abc")]
    [InlineData("Digest username=\"root\"")]
    public async Task A_malformed_or_foreign_Authorization_header_gets_401(string header)
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync($"POST /cimom HTTP/1.1\r\nHost: h\r\nAuthorization: {header}\r\nContent-Type: application/xml\r\nContent-Length: {s_request.Length}\r\n\r\n{s_request}");

        Assert.Equal(401, (await connection.ReadAsync()).Status);
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Another_method_than_POST_gets_405_with_the_allowed_ones(string method)
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync(RawConnection.Request(method, shared.Host, []));
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(405, answer.Status);
        Assert.Contains("POST", answer["Allow"], StringComparison.Ordinal);
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no xml at all")]
    [InlineData("<?xml version=\"1.0\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\">")]
    [InlineData("<?xml version=\"1.0\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\"></CIM></MESSAGE>")]
    [InlineData("<?xml version=\"1.0\"?><CIM CIMVERSION=\"2.0\" CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"/>")]
    [InlineData("<?xml version=\"1.0\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\">&nosuch;</CIM>")]
    public async Task Malformed_XML_gets_400_with_the_CIMError_header_for_it(string body)
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.PostAsync(shared.Host, body);
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(400, answer.Status);
        Assert.Equal("request-not-well-formed", answer["CIMError"]);
        Assert.False(string.IsNullOrWhiteSpace(answer.Body));
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><html/>")]
    [InlineData("<?xml version=\"1.0\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\"><SIMPLEREQ><IMETHODCALL/></SIMPLEREQ></MESSAGE></CIM>")]
    [InlineData("<?xml version=\"1.0\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"1\" PROTOCOLVERSION=\"1.0\"><SIMPLEREQ><FOO/></SIMPLEREQ></MESSAGE></CIM>")]
    public async Task XML_that_is_no_CIM_message_gets_400_as_not_valid(string body)
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.PostAsync(shared.Host, body);
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(400, answer.Status);
        Assert.Contains(answer["CIMError"], new[] { "request-not-valid", "request-not-loosely-valid" });
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("<!DOCTYPE CIM [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>")]
    [InlineData("<!DOCTYPE CIM [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>")]
    [InlineData("<!DOCTYPE CIM SYSTEM \"http://127.0.0.1:1/cim.dtd\">")]
    public async Task A_document_type_declaration_of_any_kind_is_refused(string declaration)
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.PostAsync(shared.Host, s_request.Replace("?>", "?>" + declaration, StringComparison.Ordinal));
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("root:", answer.Body, StringComparison.Ordinal);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task Absurd_nesting_is_refused()
    {
        const int depth = 100_000;
        string deep = string.Concat(Enumerable.Repeat("<VALUE.ARRAY>", depth)) + string.Concat(Enumerable.Repeat("</VALUE.ARRAY>", depth));
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.PostAsync(shared.Host, CimXmlMessage.Call("root/cimv2", "GetClass", ("ClassName", deep)));

        Assert.Equal(400, (await connection.ReadAsync()).Status);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task Invalid_UTF_8_is_refused()
    {
        byte[] body = Encoding.UTF8.GetBytes(s_request.Replace("CIM_NumericSensor", "CIM_?", StringComparison.Ordinal));
        body[Array.IndexOf(body, (byte)'?', 40)] = 0xFF;
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync(RawConnection.Request("POST", shared.Host, body));

        Assert.Equal(400, (await connection.ReadAsync()).Status);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task A_body_that_announces_too_much_gets_413_before_it_is_sent()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync(
            $"POST /cimom HTTP/1.1\r\nHost: h\r\nAuthorization: {CimXmlClient.Basic("root", shared.Host.Password)}\r\nContent-Type: application/xml\r\nContent-Length: 4000000000\r\n\r\n");

        Assert.Equal(413, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task A_chunked_body_that_grows_too_large_gets_413()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync(
            $"POST /cimom HTTP/1.1\r\nHost: h\r\nAuthorization: {CimXmlClient.Basic("root", shared.Host.Password)}\r\nContent-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = [.. Encoding.ASCII.GetBytes("100000\r\n"), .. Enumerable.Repeat((byte)' ', 0x100000), (byte)'\r', (byte)'\n'];
        Task sending = SendManyAsync(connection, chunk, 64);
        RawAnswer answer = await connection.ReadAsync();
        await sending;

        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task A_newer_protocol_or_DTD_version_gets_501()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        foreach ((string from, string to, string error) in new[]
        {
            ("DTDVERSION=\"2.0\"", "DTDVERSION=\"9.0\"", "unsupported-dtd-version"),
            ("CIMVERSION=\"2.0\"", "CIMVERSION=\"9.0\"", "unsupported-cim-version"),
            ("PROTOCOLVERSION=\"1.0\"", "PROTOCOLVERSION=\"9.0\"", "unsupported-protocol-version"),
        })
        {
            await connection.PostAsync(shared.Host, s_request.Replace(from, to, StringComparison.Ordinal));
            RawAnswer answer = await connection.ReadAsync();
            Assert.Equal(501, answer.Status);
            Assert.Equal(error, answer["CIMError"]);
        }

        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("CIMMethod: DeleteClass")]
    [InlineData("CIMObject: root%2Fother")]
    public async Task Headers_that_contradict_the_body_get_400_header_mismatch(string header)
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.PostAsync(shared.Host, s_request, "CIMOperation: MethodCall", header);
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(400, answer.Status);
        Assert.Equal("header-mismatch", answer["CIMError"]);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task Another_CIM_operation_than_MethodCall_gets_400()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.PostAsync(shared.Host, s_request, "CIMOperation: Teleport");
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(400, answer.Status);
        Assert.Equal("unsupported-operation", answer["CIMError"]);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task Requests_without_CIM_headers_are_served()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task M_POST_is_served_with_prefixed_headers()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync(RawConnection.Request(
            "M-POST", shared.Host, Encoding.UTF8.GetBytes(s_request),
            "Man: http://www.dmtf.org/cim/mapping/http/v1.0; ns=73", "73-CIMOperation: MethodCall", "73-CIMMethod: GetClass", "73-CIMObject: root%2Fcimv2"));
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal(200, answer.Status);
        Assert.Contains("<CLASS NAME=\"CIM_NumericSensor\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal("MethodResponse", answer["73-CIMOperation"]);
        Assert.NotNull(answer["Ext"]);
    }

    [Fact]
    public async Task M_POST_without_its_declaration_gets_510()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        await connection.SendAsync(RawConnection.Request("M-POST", shared.Host, Encoding.UTF8.GetBytes(s_request), "CIMOperation: MethodCall"));

        Assert.Equal(510, (await connection.ReadAsync()).Status);
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task Requests_sent_one_after_another_without_waiting_are_answered_in_order()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        string[] classes = ["CIM_NumericSensor", "CIM_Fan", "CIM_Chassis"];
        byte[][] requests = [.. classes.Select(c => RawConnection.Request("POST", shared.Host, Encoding.UTF8.GetBytes(s_request.Replace("CIM_NumericSensor", c, StringComparison.Ordinal))))];
        await connection.SendAsync(requests.SelectMany(r => r).ToArray());

        foreach (string name in classes)
        {
            Assert.Contains($"<CLASS NAME=\"{name}\"", (await connection.ReadAsync()).Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_that_arrives_byte_by_byte_is_served()
    {
        using RawConnection connection = await RawConnection.OpenAsync(shared.Host.HttpPort);
        byte[] request = RawConnection.Request("POST", shared.Host, Encoding.UTF8.GetBytes(s_request));
        for (int i = 0; i < request.Length; i++)
        {
            await connection.SendAsync(request.AsMemory(i, 1));
        }

        Assert.Equal(200, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task HTTPS_serves_the_same_with_a_certificate_for_loopback()
    {
        using var client = new CimXmlClient(shared.Host.Https, "root", shared.Host.Password);
        CimXmlAnswer over = (await client.CallAsync("root/cimv2", "GetClass", ("ClassName", CimXmlMessage.ClassName("CIM_NumericSensor")))).Succeeded();
        CimXmlAnswer plain = (await shared.Client.CallAsync("root/cimv2", "GetClass", ("ClassName", CimXmlMessage.ClassName("CIM_NumericSensor")))).Succeeded();

        Assert.Equal(plain.Body, over.Body);
    }

    private static async Task SendManyAsync(RawConnection connection, byte[] chunk, int count)
    {
        try
        {
            for (int i = 0; i < count; i++)
            {
                await connection.SendAsync(chunk);
            }
        }
        catch (IOException)
        {
            // The host refused the rest and closed its side; what it answered is what the test looks at.
            return;
        }
    }

    private async Task AssertUsableAsync(RawConnection connection)
    {
        await connection.PostAsync(shared.Host, s_request);
        RawAnswer answer = await connection.ReadAsync();
        Assert.True(answer.Status == 200, $"The connection's next request got {answer.Status}: {answer.Body}");
        Assert.Contains("<CLASS NAME=\"CIM_NumericSensor\"", answer.Body, StringComparison.Ordinal);
        Assert.StartsWith("application/xml", answer["Content-Type"], StringComparison.Ordinal);
    }
}
