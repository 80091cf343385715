namespace CimHost.VmKernel.Users;

/// <summary>What a local user may do.</summary>
public enum LocalUserRole
{
    /// <summary>Read everything, change nothing.</summary>
    ReadOnly,

    /// <summary>Everything.</summary>
    Administrator,
}

/// <summary>A user of this host as it is stored.</summary>
/// <param name="Name">Login name; compared exactly.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="Salt">Salt of the password hash.</param>
/// <param name="Hash">PBKDF2-SHA512 of the password.</param>
/// <param name="Iterations">Rounds of the hash.</param>
public sealed record LocalUser(string Name, LocalUserRole Role, byte[] Salt, byte[] Hash, int Iterations);
