using System.Buffers;
using System.IO.Pipelines;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CimHost.Endpoints.CimXml;

/// <summary>
/// CIM operations over HTTP (DSP0200 1.4): POST or M-POST to /cimom with a CIM-XML message. Every answer is framed, errors too, so that a
/// connection stays usable wherever HTTP allows.
/// </summary>
public sealed class CimXmlEndpoint
{
    /// <summary>Largest request body, in bytes.</summary>
    public const int MaxRequestBytes = 16 * 1024 * 1024;

    private readonly CimObjectManager _manager;
    private readonly string _systemName;
    private readonly ILogger<CimXmlEndpoint> _logger;

    /// <summary>Creates the endpoint.</summary>
    public CimXmlEndpoint(CimObjectManager manager, string systemName, ILogger<CimXmlEndpoint> logger)
    {
        _manager = manager;
        _systemName = systemName;
        _logger = logger;
    }

    /// <summary>True for the paths that clients use.</summary>
    public static bool IsPath(PathString path) => path.Value is "/cimom" or "/" or "/cimom/";

    /// <summary>Serves one request of an authenticated caller.</summary>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsPost(request.Method) && request.Method != "M-POST")
        {
            context.Response.Headers.Allow = "POST, M-POST";
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, null, "CIM operations are sent with POST or M-POST.");
            return;
        }

        if (!CimXmlHeaders.TryRead(request, out CimXmlHeaders headers))
        {
            await RefuseAsync(context, StatusCodes.Status510NotExtended, null, "M-POST needs a Man header with the CIM mapping and ns=.");
            return;
        }

        if (headers.CheckBeforeBody(out bool isVersion) is { } error)
        {
            await RefuseAsync(context, isVersion ? StatusCodes.Status501NotImplemented : StatusCodes.Status400BadRequest, error, "The request's CIM headers are not those of a CIM 1.x method call.");
            return;
        }

        if (!IsXml(request.ContentType))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, null, "The body has to be application/xml or text/xml in UTF-8.");
            return;
        }

        await ReadAndRunAsync(context, caller, headers);
    }

    /// <summary>Answers with an HTTP error that has a body for people and, for CIM clients, a CIMError header.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string? cimError, string text)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        if (cimError is not null)
        {
            response.Headers["CIMError"] = cimError;
        }

        response.ContentType = "text/plain; charset=utf-8";
        byte[] body = System.Text.Encoding.UTF8.GetBytes(text + "\n");
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    private static bool IsXml(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return true;
        }

        ReadOnlySpan<char> value = contentType;
        int end = value.IndexOf(';');
        ReadOnlySpan<char> type = (end < 0 ? value : value[..end]).Trim();
        if (!type.Equals("application/xml", StringComparison.OrdinalIgnoreCase) && !type.Equals("text/xml", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        int charset = value.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return charset < 0 || value[(charset + 8)..].TrimStart('"').StartsWith("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    private async Task ReadAndRunAsync(HttpContext context, CimCaller caller, CimXmlHeaders headers)
    {
        if (context.Request.ContentLength > MaxRequestBytes)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, null, $"A request has at most {MaxRequestBytes} bytes.");
            return;
        }

        CimXmlRequest? message = null;
        (int Status, string? CimError, string Text)? refusal = null;
        PipeReader reader = context.Request.BodyReader;
        ReadResult read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted && read.Buffer.Length <= MaxRequestBytes)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }

        try
        {
            if (read.Buffer.Length > MaxRequestBytes)
            {
                refusal = (StatusCodes.Status413PayloadTooLarge, null, $"A request has at most {MaxRequestBytes} bytes.");
            }
            else
            {
                message = CimXmlRequest.Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                refusal = headers.Mismatch(message) is { } mismatch ? (StatusCodes.Status400BadRequest, "header-mismatch", mismatch) : null;
            }
        }
        catch (XmlFormatException e)
        {
            refusal = (StatusCodes.Status400BadRequest, e.IsWellFormed ? "request-not-loosely-valid" : "request-not-well-formed", e.Message);
        }
        catch (CimXmlVersionException e)
        {
            refusal = (StatusCodes.Status501NotImplemented, e.CimError, e.Message);
        }
        reader.AdvanceTo(read.Buffer.End);
        if (refusal is { } refused)
        {
            await RefuseAsync(context, refused.Status, refused.CimError, refused.Text);
            return;
        }

        await RunAsync(context, caller, headers, message!);
    }

    private async Task RunAsync(HttpContext context, CimCaller caller, CimXmlHeaders headers, CimXmlRequest message)
    {
        HttpResponse response = context.Response;
        response.ContentType = "application/xml; charset=utf-8";
        response.Headers[headers.Prefix + "CIMOperation"] = "MethodResponse";
        if (headers.Prefix.Length > 0)
        {
            response.Headers["Ext"] = string.Empty;
            response.Headers.CacheControl = "no-cache";
            response.Headers["Man"] = $"http://www.dmtf.org/cim/mapping/http/v1.0; ns={headers.Prefix.TrimEnd('-')}";
        }

        using var buffer = new ResponseBuffer(response);
        var answer = new CimXmlResponse(buffer, message.Id, message.IsMultiple);
        string host = context.Request.Host.HasValue ? context.Request.Host.Value! : _systemName;
        var operations = new CimXmlOperations(_manager, caller, answer, host, _logger, context.RequestAborted);
        answer.Start();
        foreach (CimXmlCall call in message.Calls)
        {
            await operations.RunAsync(call, message.Failure);
        }

        answer.End();
        await buffer.CompleteAsync(context.RequestAborted);
    }
}
