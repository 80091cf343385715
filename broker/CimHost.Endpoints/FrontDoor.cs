using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.Endpoints.Files;
using CimHost.ObjectManager.Dispatch;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CimHost.Endpoints;

/// <summary>
/// Where every HTTP request comes in: it finds out who asks, then hands over by path. Without credentials nothing is served, not even the
/// word whether a path exists.
/// </summary>
/// <param name="authenticator">Knows the users.</param>
/// <param name="cimXml">CIM operations; null while no object manager runs.</param>
/// <param name="files">Files, for connections marked with <see cref="FileListener"/>; null: none are served.</param>
/// <param name="routes">Management.</param>
public sealed class FrontDoor(IAuthenticator authenticator, Func<CimXmlEndpoint?> cimXml, FileEndpoint? files, params IReadOnlyList<IAdminRoute> routes)
{
    private static readonly StringValues s_challenge = "Basic realm=\"CimHost\", charset=\"UTF-8\"";

    /// <summary>Serves one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        bool isFile = files is not null && RemotePath.IsPath(context.Request.Path) && context.Features.Get<FileListener>() is not null;
        CimCaller? caller = isFile ? files!.Sessions.Find(context.Request) : null;
        if (caller is null && (caller = await AuthenticateAsync(context)) is not null && isFile)
        {
            files!.Sessions.Begin(context, caller);
        }

        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = s_challenge;
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status401Unauthorized, null, "A user name and a password are needed, with Basic authentication.");
            return;
        }

        PathString path = context.Request.Path;
        if (isFile)
        {
            await files!.HandleAsync(context, caller);
        }
        else if (CimXmlEndpoint.IsPath(path))
        {
            await (cimXml() is { } endpoint ? endpoint.HandleAsync(context, caller) : RefuseWithoutManagerAsync(context));
        }
        else if (routes.FirstOrDefault(r => r.IsPath(path)) is { } route)
        {
            await route.HandleAsync(context, caller);
        }
        else
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is nothing at this path; CIM operations go to /cimom, MOF to {MofEndpoint.Path}.");
        }
    }

    /// <summary>Tells that no object manager runs at the moment.</summary>
    internal static Task RefuseWithoutManagerAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, null, "The object manager does not run at the moment; its service is being started or was stopped.");
    }

    // The socket of local clients can be opened by the host's own user only: the file system has asked already.
    private ValueTask<CimCaller?> AuthenticateAsync(HttpContext context) => context.Features.Get<LocalListener>() is { } local
        ? ValueTask.FromResult<CimCaller?>(local.Caller)
        : BasicCredentials.TryRead(context.Request.Headers.Authorization, out string userName, out string password)
            ? authenticator.VerifyAsync(userName, password, context.RequestAborted)
            : default;
}
