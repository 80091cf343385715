using CimHost.ObjectManager.Dispatch;
using Microsoft.AspNetCore.Http;

namespace CimHost.Endpoints.Admin;

/// <summary>A path of the host's management: what the commands of <c>cimhost</c> talk to, besides CIM.</summary>
public interface IAdminRoute
{
    /// <summary>Whether a request is for this route.</summary>
    bool IsPath(PathString path);

    /// <summary>Serves one request of an authenticated caller; whether the caller may is for the route to ask.</summary>
    Task HandleAsync(HttpContext context, CimCaller caller);
}
