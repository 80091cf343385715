using System.Text;
using CimHost.Endpoints.CimXml;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace CimHost.Endpoints.Tests;

/// <summary>The envelope of an answer: results, or an error in their place, or behind those that have left already.</summary>
public class CimXmlResponseTests
{
    private const string Request = "<CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"7\" PROTOCOLVERSION=\"1.0\"><SIMPLEREQ><IMETHODCALL NAME=\"EnumerateInstances\"/></SIMPLEREQ></MESSAGE></CIM>";
    private static readonly CimXmlCall s_call = CimXmlRequest.Parse(Encoding.UTF8.GetBytes(Request)).Calls[0];

    [Fact]
    public async Task Results_stand_in_IRETURNVALUE_and_a_small_answer_has_its_length()
    {
        (string body, long? length) = await AnswerAsync((response, _) =>
        {
            response.StartReturnValue();
            XmlText.Raw(response.Buffer, "<CLASSNAME NAME=\"A\"/>"u8);
            return ValueTask.CompletedTask;
        });
        Assert.EndsWith("<SIMPLERSP><IMETHODRESPONSE NAME=\"EnumerateInstances\"><IRETURNVALUE><CLASSNAME NAME=\"A\"/></IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>", body, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), length);
    }

    [Fact]
    public async Task An_error_takes_the_place_of_results_that_have_not_left_yet()
    {
        (string body, _) = await AnswerAsync((response, _) =>
        {
            response.StartReturnValue();
            XmlText.Raw(response.Buffer, "<CLASSNAME NAME=\"A\"/>"u8);
            response.Fail(CimException.Failed("the BMC is silent"));
            return ValueTask.CompletedTask;
        });
        Assert.Contains("<IMETHODRESPONSE NAME=\"EnumerateInstances\"><ERROR CODE=\"1\" DESCRIPTION=\"CIM_ERR_FAILED: the BMC is silent\"/></IMETHODRESPONSE>", body, StringComparison.Ordinal);
        Assert.DoesNotContain("IRETURNVALUE", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_follows_results_of_which_a_part_has_left()
    {
        (string body, long? length) = await AnswerAsync(async (response, buffer) =>
        {
            response.StartReturnValue();
            XmlText.Raw(response.Buffer, "<CLASSNAME NAME=\"A\"/>"u8);
            await buffer.SendPartAsync(default);
            response.Fail(CimException.Failed("the BMC is silent"));
        });
        Assert.Contains("<CLASSNAME NAME=\"A\"/></IRETURNVALUE><ERROR CODE=\"1\"", body, StringComparison.Ordinal);
        Assert.Null(length);
    }

    private static async Task<(string Body, long? Length)> AnswerAsync(Func<CimXmlResponse, ResponseBuffer, ValueTask> write)
    {
        var context = new DefaultHttpContext();
        var body = new MemoryStream();
        context.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>(new StartableResponse());
        context.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>(new Microsoft.AspNetCore.Http.StreamResponseBodyFeature(body));
        using var buffer = new ResponseBuffer(context.Response);
        var response = new CimXmlResponse(buffer, "7", isMultiple: false);
        response.Start();
        response.StartCall(s_call);
        await write(response, buffer);
        ((StartableResponse)context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>()!).Started = body.Length > 0;
        response.EndCall();
        response.End();
        await buffer.CompleteAsync(default);
        return (Encoding.UTF8.GetString(body.ToArray()), context.Response.ContentLength);
    }

    // A response that says that it has started once a part has left, as a real connection's does.
    private sealed class StartableResponse : Microsoft.AspNetCore.Http.Features.HttpResponseFeature
    {
        public bool Started { get; set; }

        public override bool HasStarted => Started;
    }
}
