using CimHost.Endpoints;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Users;

namespace CimHost.Hosting;

/// <summary>Local users as callers of CIM operations.</summary>
internal sealed class LocalUserAuthenticator(LocalUsers users) : IAuthenticator
{
    public ValueTask<CimCaller?> VerifyAsync(string userName, string password, CancellationToken cancellationToken)
    {
        ValueTask<LocalUser?> user = users.VerifyAsync(userName, password, cancellationToken);
        return user.IsCompletedSuccessfully ? ValueTask.FromResult(Caller(user.Result)) : Await(user);

        static async ValueTask<CimCaller?> Await(ValueTask<LocalUser?> user) => Caller(await user);
    }

    private static CimCaller? Caller(LocalUser? user) => user is null ? null : new CimCaller(user.Name, user.Role == LocalUserRole.Administrator);
}
