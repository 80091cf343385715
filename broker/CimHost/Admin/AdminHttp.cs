using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CimHost.Endpoints.CimXml;
using CimHost.Hosting;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>Requests and answers of the management routes: JSON, bounded.</summary>
internal static class AdminHttp
{
    /// <summary>Largest request, in bytes.</summary>
    public const int MaxRequestBytes = 256 * 1024;

    /// <summary>Reads a request; null when it is too large or not what was expected.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        byte[] body = new byte[MaxRequestBytes + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        try
        {
            return length > MaxRequestBytes ? null : JsonSerializer.Deserialize(body.AsSpan(0, length), type);
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            // It may hold a password.
            body.AsSpan(0, length).Clear();
        }
    }

    /// <summary>Reads a command, which is sent with POST; null when it is none, and then that is the answer.</summary>
    public static async Task<T?> ReadCommandAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, null, "Commands are sent with POST.");
            return null;
        }

        T? command = await ReadAsync(context, type);
        if (command is null)
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status400BadRequest, null, $"The body has to be a JSON object with the fields of a command, of at most {MaxRequestBytes} bytes.");
        }

        return command;
    }

    /// <summary>Answers with JSON.</summary>
    public static async Task AnswerAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Whether a caller has a privilege on the host; if not, that is the answer.</summary>
    public static async Task<bool> MayAsync(HttpContext context, CimCaller caller, Authorizer authorizer, Privilege needed)
    {
        if (caller.Rights is PrincipalRights { Principal: var principal } && authorizer.Allows(principal, needed, ObjectPath.Root))
        {
            return true;
        }

        await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status403Forbidden, null, $"User {caller.UserName} lacks the privilege {needed}.");
        return false;
    }
}
