namespace CimHost.VmKernel.Users.Permissions;

/// <summary>
/// The one place that decides whether somebody may do something; every protocol asks it for every request. A question allocates nothing
/// and takes no lock; it is answered from the users and permissions of this moment, so a change takes effect with the next question.
/// </summary>
public sealed class Authorizer
{
    private readonly Accounts _accounts;

    internal Authorizer(Accounts accounts) => _accounts = accounts;

    /// <summary>
    /// Whether somebody has a privilege on an object. False for whoever logged in before something of the user changed: that login is over.
    /// </summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="privilege">What for.</param>
    /// <param name="path">On what.</param>
    public bool Allows(Principal principal, Privilege privilege, ObjectPath path) => (On(principal, path) & privilege.Bit) != 0;

    /// <summary>The privileges that somebody has on an object, for people.</summary>
    public IReadOnlyList<Privilege> Privileges(Principal principal, ObjectPath path)
    {
        ulong bits = On(principal, path);
        return [.. Privilege.All.Where(p => (bits & p.Bit) != 0)];
    }

    private ulong On(Principal principal, ObjectPath path) => ReferenceEquals(principal, Principal.Local) ? Role.Administrator.Bits
        : _accounts.Current(principal) is { } account ? account.Rights.On(path)
        : 0;
}
