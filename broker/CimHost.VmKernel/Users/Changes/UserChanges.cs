using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.VmKernel.Users.Changes;

/// <summary>Changes of users: from one state to the next, or an <see cref="AccountException"/>.</summary>
internal static class UserChanges
{
    /// <summary>First id of users and groups that people make.</summary>
    public const int FirstId = 1000;

    /// <summary>Most users.</summary>
    public const int MaxUsers = 1_000;

    /// <summary>Adds a user.</summary>
    /// <param name="state">State before.</param>
    /// <param name="user">The user.</param>
    /// <param name="hash">Hash of the password; "*" for none.</param>
    /// <param name="day">Today, counted from 1970-01-01.</param>
    public static AccountState Add(AccountState state, NewUser user, string hash, int day)
    {
        if (!AccountFields.IsName(user.Name))
        {
            throw new AccountException($"'{user.Name}' is no user name: expected {AccountFields.NameRule}.");
        }

        if (state.Find(user.Name) is not null)
        {
            throw new AccountException($"There is a user {user.Name} already.");
        }

        if (state.Passwd.Count >= MaxUsers)
        {
            throw new AccountException($"There are {MaxUsers} users already.");
        }

        GroupEntry primary = GroupChanges.Existing(state, user.PrimaryGroup);
        var entry = new PasswdEntry(user.Name, "x", UserId(state, user.UserId), primary.GroupId, user.Description, user.Home, user.Shell);
        AccountState after = state.With(passwd: state.Passwd.With(Checked(entry)), shadow: state.Shadow.With(DefaultAccounts.Hash(user.Name, hash, day)));
        after = user.Groups.Aggregate(after, (s, group) => GroupChanges.AddMember(s, group, user.Name));
        return user.Role is null ? after : PermissionChanges.Set(after, user.Name, isGroup: false, user.Role, ObjectPath.Root, propagates: true);
    }

    /// <summary>Changes a user.</summary>
    /// <param name="state">State before.</param>
    /// <param name="name">User.</param>
    /// <param name="change">What to change.</param>
    /// <param name="hash">Hash of the new password; null: it stays.</param>
    /// <param name="day">Today, counted from 1970-01-01.</param>
    public static AccountState Change(AccountState state, string name, UserChange change, string? hash, int day)
    {
        PasswdEntry entry = Existing(state, name);
        PasswdEntry changed = Checked(entry with
        {
            Description = change.Description ?? entry.Description,
            Home = change.Home ?? entry.Home,
            Shell = change.Shell ?? entry.Shell,
            GroupId = change.PrimaryGroup is null ? entry.GroupId : GroupChanges.Existing(state, change.PrimaryGroup).GroupId,
        });
        ShadowEntry shadow = state.Shadow.Find(name) ?? DefaultAccounts.Hash(name, "*", day);
        ShadowEntry changedShadow = hash is null ? shadow : shadow with { Hash = (shadow.Hash.StartsWith('!') ? "!" : string.Empty) + hash, Changed = day };
        changedShadow = Locked(changedShadow, change.IsLocked);
        AccountState after = state.With(
            passwd: changed == entry ? null : state.Passwd.With(changed),
            shadow: changedShadow == shadow ? null : state.Shadow.With(changedShadow));
        return change.Role is null ? after : PermissionChanges.Set(after, name, isGroup: false, change.Role, ObjectPath.Root, propagates: true);
    }

    /// <summary>Removes a user with its memberships and permissions.</summary>
    public static AccountState Remove(AccountState state, string name)
    {
        Existing(state, name);
        if (DefaultAccounts.Users.Contains(name))
        {
            throw new AccountException($"User {name} belongs to the host and cannot be removed; it can be locked.");
        }

        AccountFile<GroupEntry> groups = state.Group.Entries.Where(g => g.Members.Contains(name)).Aggregate(state.Group, (file, g) => file.With(g with { Members = g.Members.Remove(name) }));
        return state.With(
            state.Passwd.Without(name),
            groups,
            state.Shadow.Without(name),
            permissions: [.. state.Permissions.Where(p => p.IsGroup || p.Principal != name)]);
    }

    /// <summary>The line of a user.</summary>
    /// <exception cref="AccountException">There is none.</exception>
    public static PasswdEntry Existing(AccountState state, string name) => state.Passwd.Find(name) ?? throw new AccountException($"There is no user {name}.");

    private static ShadowEntry Locked(ShadowEntry shadow, bool? isLocked)
    {
        string unlocked = shadow.Hash.TrimStart('!');
        return isLocked switch
        {
            true => shadow with { Hash = "!" + unlocked },
            false when unlocked.Length is 0 => shadow with { Hash = "*" },
            false => shadow with { Hash = unlocked },
            null => shadow,
        };
    }

    // A line is written only when it would be read again.
    private static PasswdEntry Checked(PasswdEntry entry) => PasswdEntry.Read(entry.ToLine(), out string error) is not null && !entry.ToLine().Any(char.IsControl)
        ? entry
        : throw new AccountException($"User {entry.Name} cannot be so: {(error.Length > 0 ? error : "control characters have no place in it.")}");

    private static int UserId(AccountState state, int? wanted)
    {
        var used = state.Passwd.Entries.Select(e => e.UserId).ToHashSet();
        if (wanted is { } id)
        {
            return !used.Contains(id) ? id : throw new AccountException($"User id {id} belongs to {state.Passwd.Entries.First(e => e.UserId == id).Name}.");
        }

        return Enumerable.Range(FirstId, used.Count + 1).First(i => !used.Contains(i));
    }
}
