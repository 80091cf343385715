namespace CimHost.VmKernel.Users;

/// <summary>What is to change about a user; null leaves a thing as it is. All of it happens, or nothing.</summary>
public sealed record UserChange
{
    /// <summary>New password.</summary>
    public string? Password { get; init; }

    /// <summary>Who this is.</summary>
    public string? Description { get; init; }

    /// <summary>Primary group.</summary>
    public string? PrimaryGroup { get; init; }

    /// <summary>Home directory.</summary>
    public string? Home { get; init; }

    /// <summary>Login shell.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether the user is locked.</summary>
    public bool? IsLocked { get; init; }

    /// <summary>Role on everything.</summary>
    public string? Role { get; init; }

    /// <summary>No more than that it is a change: what it holds may be a password.</summary>
    public override string ToString() => nameof(UserChange);
}
