using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Hosting;

/// <summary>The rights of a user in CIM operations, as the host's authorizer gives them.</summary>
/// <param name="principal">The user.</param>
/// <param name="authorizer">Who decides.</param>
internal sealed class PrincipalRights(Principal principal, Authorizer authorizer) : ICimRights
{
    /// <summary>The user.</summary>
    public Principal Principal => principal;

    /// <inheritdoc/>
    public bool Allows(CimAccess access, string namespaceName) => authorizer.Allows(principal, Needed(access), ObjectPath.Cim(namespaceName));

    private static Privilege Needed(CimAccess access) => access switch
    {
        CimAccess.Read => Privilege.CimRead,
        CimAccess.Write => Privilege.CimWrite,
        CimAccess.InvokeMethod => Privilege.CimMethod,
        _ => throw new ArgumentOutOfRangeException(nameof(access)),
    };
}
