namespace CimHost.Admin;

/// <summary>What a command about users, groups, roles or permissions asks for; each uses its part of it. A JSON object, in camel case.</summary>
internal sealed record AccountRequest
{
    /// <summary>User, group or role that it is about; of permissions, the user or group.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>User or group id.</summary>
    public int? Id { get; init; }

    /// <summary>New password.</summary>
    public string? Password { get; init; }

    /// <summary>Who a user is.</summary>
    public string? Description { get; init; }

    /// <summary>Primary group of a user.</summary>
    public string? PrimaryGroup { get; init; }

    /// <summary>Further groups of a new user.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Home directory.</summary>
    public string? Home { get; init; }

    /// <summary>Login shell.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether a user is locked.</summary>
    public bool? Locked { get; init; }

    /// <summary>Role of a permission, or of a user on everything.</summary>
    public string? Role { get; init; }

    /// <summary>Members that a group gets.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>Members that a group loses.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Privileges of a role.</summary>
    public IReadOnlyList<string> Privileges { get; init; } = [];

    /// <summary>Object of a permission.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Whether a permission is for a group.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Whether a permission includes what lies below its object.</summary>
    public bool Propagate { get; init; } = true;

    /// <summary>Whether nothing but the password is to change.</summary>
    public bool IsOnlyPassword => Password is not null && this == new AccountRequest { Name = Name, Password = Password, Groups = Groups, Add = Add, Remove = Remove, Privileges = Privileges };

    /// <summary>The request without what nobody may read.</summary>
    public override string ToString() => Name;
}
