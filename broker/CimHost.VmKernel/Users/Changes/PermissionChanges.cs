using CimHost.VmKernel.Users.Permissions;

namespace CimHost.VmKernel.Users.Changes;

/// <summary>Changes of roles and permissions: from one state to the next, or an <see cref="AccountException"/>.</summary>
internal static class PermissionChanges
{
    /// <summary>Adds a role, or gives one that people made other privileges.</summary>
    public static AccountState SetRole(AccountState state, string name, IReadOnlyList<string> privileges)
    {
        if (!Role.IsName(name))
        {
            throw new AccountException($"'{name}' is no name of a role: expected 1 to {Role.MaxNameLength} letters, digits, blanks, '.', '_' and '-'.");
        }

        Role? known = state.FindRole(name);
        if (known is { IsBuiltIn: true })
        {
            throw new AccountException($"Role {known.Name} belongs to the host and cannot be changed.");
        }

        var role = new Role(known?.Name ?? name, privileges.Select(p => Privilege.TryParse(p, out Privilege? privilege)
            ? privilege
            : throw new AccountException($"There is no privilege '{p}'; known are {string.Join(", ", Privilege.All)}.")));
        return known is not null || state.CustomRoles.Count < PermissionFiles.MaxRoles
            ? state.With(roles: [.. state.CustomRoles.Where(r => r != known), role])
            : throw new AccountException($"There are {PermissionFiles.MaxRoles} roles already.");
    }

    /// <summary>Removes a role that no permission names.</summary>
    public static AccountState RemoveRole(AccountState state, string name)
    {
        Role role = ExistingRole(state, name);
        if (role.IsBuiltIn)
        {
            throw new AccountException($"Role {role.Name} belongs to the host and cannot be removed.");
        }

        return state.Permissions.FirstOrDefault(p => p.Role == role.Name) is { } permission
            ? throw new AccountException($"Role {role.Name} is in use: {permission.Principal} has it on {permission.Path}; remove that permission first.")
            : state.With(roles: [.. state.CustomRoles.Where(r => r != role)]);
    }

    /// <summary>Gives a user or group a role on an object, in place of the one that it had there.</summary>
    public static AccountState Set(AccountState state, string principal, bool isGroup, string role, ObjectPath path, bool propagates)
    {
        if (isGroup)
        {
            GroupChanges.Existing(state, principal);
        }
        else
        {
            UserChanges.Existing(state, principal);
        }

        bool isNew = !state.Permissions.Any(p => p.IsAbout(principal, isGroup, path));
        return !isNew || state.Permissions.Count < PermissionFiles.MaxPermissions
            ? state.With(new Permission(principal, isGroup, ExistingRole(state, role).Name, path, propagates))
            : throw new AccountException($"There are {PermissionFiles.MaxPermissions} permissions already.");
    }

    /// <summary>Takes the role of a user or group on an object away.</summary>
    public static AccountState Remove(AccountState state, string principal, bool isGroup, ObjectPath path) =>
        state.Permissions.Any(p => p.IsAbout(principal, isGroup, path))
            ? state.With(permissions: [.. state.Permissions.Where(p => !p.IsAbout(principal, isGroup, path))])
            : throw new AccountException($"{(isGroup ? "Group" : "User")} {principal} has no permission on {path} itself.");

    private static Role ExistingRole(AccountState state, string name) => state.FindRole(name)
        ?? throw new AccountException($"There is no role {name}; known are {string.Join(", ", Role.BuiltIn.Concat(state.CustomRoles).Select(r => r.Name))}.");
}
