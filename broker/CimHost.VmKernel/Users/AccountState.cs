using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.VmKernel.Users;

/// <summary>All account files at one moment, and what follows from them. Immutable; a change makes a new one.</summary>
internal sealed class AccountState
{
    private readonly Dictionary<string, Account> _accounts;
    private readonly Dictionary<string, Role> _roles;

    /// <summary>Puts the files together.</summary>
    /// <param name="passwd">Users.</param>
    /// <param name="group">Groups.</param>
    /// <param name="shadow">Hashes.</param>
    /// <param name="roles">Roles that people made.</param>
    /// <param name="permissions">Permissions; each names a role that exists.</param>
    /// <param name="before">The state before a change; null: there was none.</param>
    public AccountState(
        AccountFile<PasswdEntry> passwd,
        AccountFile<GroupEntry> group,
        AccountFile<ShadowEntry> shadow,
        IReadOnlyList<Role> roles,
        IReadOnlyList<Permission> permissions,
        AccountState? before)
    {
        Passwd = passwd;
        Group = group;
        Shadow = shadow;
        CustomRoles = roles;
        Permissions = permissions;
        _roles = Role.BuiltIn.Concat(roles).ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        _accounts = Work(before);
    }

    /// <summary>/etc/passwd.</summary>
    public AccountFile<PasswdEntry> Passwd { get; }

    /// <summary>/etc/group.</summary>
    public AccountFile<GroupEntry> Group { get; }

    /// <summary>/etc/shadow.</summary>
    public AccountFile<ShadowEntry> Shadow { get; }

    /// <summary>Roles that people made.</summary>
    public IReadOnlyList<Role> CustomRoles { get; }

    /// <summary>Permissions.</summary>
    public IReadOnlyList<Permission> Permissions { get; }

    /// <summary>All users.</summary>
    public IEnumerable<Account> Accounts => Passwd.Entries.Select(e => _accounts[e.Name]);

    /// <summary>A user, or null.</summary>
    public Account? Find(string name) => _accounts.GetValueOrDefault(name);

    /// <summary>A role in any case of its name, or null.</summary>
    public Role? FindRole(string name) => _roles.GetValueOrDefault(name);

    /// <summary>This state with other files.</summary>
    public AccountState With(
        AccountFile<PasswdEntry>? passwd = null,
        AccountFile<GroupEntry>? group = null,
        AccountFile<ShadowEntry>? shadow = null,
        IReadOnlyList<Role>? roles = null,
        IReadOnlyList<Permission>? permissions = null) =>
        new(passwd ?? Passwd, group ?? Group, shadow ?? Shadow, roles ?? CustomRoles, permissions ?? Permissions, this);

    /// <summary>This state with a permission in place of the one that was for the same user or group and object.</summary>
    public AccountState With(Permission permission) => With(permissions:
        [.. Permissions.Where(p => !p.IsAbout(permission.Principal, permission.IsGroup, permission.Path)), permission]);

    /// <summary>Whether somebody who can log in may do everything: without, nobody could ever change anything again from afar.</summary>
    /// <param name="day">Today, counted from 1970-01-01.</param>
    public bool HasAdministrator(int day) => _accounts.Values.Any(a => a.Rights.IsAdministrator && a.StateOn(day) == UserState.Enabled);

    private Dictionary<string, Account> Work(AccountState? before)
    {
        ILookup<string, GroupEntry> memberships = Group.Entries.SelectMany(g => g.Members.Select(m => (Member: m, Group: g))).ToLookup(m => m.Member, m => m.Group, StringComparer.Ordinal);
        ILookup<int, GroupEntry> byId = Group.Entries.ToLookup(g => g.GroupId);
        var accounts = new Dictionary<string, Account>(StringComparer.Ordinal);
        foreach (PasswdEntry entry in Passwd.Entries)
        {
            List<GroupEntry> groups = [.. byId[entry.GroupId].Concat(memberships[entry.Name]).Distinct()];
            EffectiveRights rights = EffectiveRights.Of(entry.Name, groups.Select(g => g.Name).ToHashSet(StringComparer.Ordinal), Permissions, _roles);
            accounts[entry.Name] = new Account(entry, Shadow.Find(entry.Name), groups, rights, before?.Find(entry.Name));
        }

        return accounts;
    }
}
