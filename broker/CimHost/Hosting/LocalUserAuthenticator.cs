using CimHost.Endpoints;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Users;

namespace CimHost.Hosting;

/// <summary>Local users as callers of CIM operations.</summary>
internal sealed class LocalUserAuthenticator(Accounts accounts) : IAuthenticator
{
    /// <inheritdoc/>
    public ValueTask<CimCaller?> VerifyAsync(string userName, string password, CancellationToken cancellationToken)
    {
        ValueTask<Principal?> user = accounts.VerifyAsync(userName, password, cancellationToken);
        return user.IsCompletedSuccessfully ? ValueTask.FromResult(Found(user.Result)) : Await(user);

        async ValueTask<CimCaller?> Await(ValueTask<Principal?> user) => Found(await user);
    }

    /// <summary>A user as a caller.</summary>
    public static CimCaller Caller(Principal principal, Accounts accounts) => new(principal.Name, new PrincipalRights(principal, accounts.Authorizer));

    private CimCaller? Found(Principal? principal) => principal is null ? null : Caller(principal, accounts);
}
