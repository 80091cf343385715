namespace CimHost.VmKernel.Users;

/// <summary>A user to be added.</summary>
/// <param name="Name">Login name.</param>
/// <param name="Password">Password; null: the user cannot log in until it has one.</param>
public sealed record NewUser(string Name, string? Password)
{
    /// <summary>Who this is.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>User id; null: the next free one from 1000.</summary>
    public int? UserId { get; init; }

    /// <summary>Primary group.</summary>
    public string PrimaryGroup { get; init; } = "users";

    /// <summary>Further groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Home directory.</summary>
    public string Home { get; init; } = "/";

    /// <summary>Login shell.</summary>
    public string Shell { get; init; } = "/bin/sh";

    /// <summary>Role that the user gets on everything; null: none.</summary>
    public string? Role { get; init; }

    /// <summary>The user without the password.</summary>
    public override string ToString() => Name;
}
