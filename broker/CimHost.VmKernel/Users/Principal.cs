namespace CimHost.VmKernel.Users;

/// <summary>
/// Who was authenticated. What it may do is not in here: it is asked of the <see cref="Permissions.Authorizer"/> each time, so that a change takes
/// effect at once.
/// </summary>
public sealed class Principal
{
    internal Principal(string name, Credentials credentials)
    {
        Name = name;
        Credentials = credentials;
    }

    /// <summary>
    /// The operator at the host itself (its console, its local socket): whom the operating system let in, and who may do everything,
    /// also when all users are locked out.
    /// </summary>
    public static Principal Local { get; } = new("root", Credentials.Root);

    /// <summary>Login name.</summary>
    public string Name { get; }

    /// <summary>User and groups for system calls.</summary>
    public Credentials Credentials { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
