using CimHost.ObjectManager.Dispatch;

namespace CimHost.Endpoints;

/// <summary>Who may use the endpoints. The host knows its users; an endpoint only asks.</summary>
public interface IAuthenticator
{
    /// <summary>The caller with this name and password, or null when there is none.</summary>
    ValueTask<CimCaller?> VerifyAsync(string userName, string password, CancellationToken cancellationToken);
}
