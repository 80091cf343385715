using CimHost.VmKernel.Users.Files;

namespace CimHost.VmKernel.Users.Changes;

/// <summary>Changes of groups: from one state to the next, or an <see cref="AccountException"/>.</summary>
internal static class GroupChanges
{
    private const int MaxGroups = 1_000;

    /// <summary>Adds a group.</summary>
    public static AccountState Add(AccountState state, string name, int? groupId)
    {
        if (!AccountFields.IsName(name))
        {
            throw new AccountException($"'{name}' is no group name: expected {AccountFields.NameRule}.");
        }

        if (state.Group.Find(name) is not null)
        {
            throw new AccountException($"There is a group {name} already.");
        }

        if (state.Group.Count >= MaxGroups)
        {
            throw new AccountException($"There are {MaxGroups} groups already.");
        }

        var entry = new GroupEntry(name, "x", GroupId(state, groupId), []);
        return GroupEntry.Read(entry.ToLine(), out string error) is not null ? state.With(group: state.Group.With(entry)) : throw new AccountException($"Group {name} cannot be so: {error}");
    }

    /// <summary>Removes a group with its permissions.</summary>
    public static AccountState Remove(AccountState state, string name)
    {
        GroupEntry entry = Existing(state, name);
        if (DefaultAccounts.Groups.Contains(name))
        {
            throw new AccountException($"Group {name} belongs to the host and cannot be removed.");
        }

        return state.Passwd.Entries.FirstOrDefault(e => e.GroupId == entry.GroupId) is { } user
            ? throw new AccountException($"Group {name} is the primary group of {user.Name}; give that user another one first.")
            : state.With(group: state.Group.Without(name), permissions: [.. state.Permissions.Where(p => !p.IsGroup || p.Principal != name)]);
    }

    /// <summary>Makes a user a member; one who is already stays so.</summary>
    public static AccountState AddMember(AccountState state, string name, string member)
    {
        GroupEntry entry = Existing(state, name);
        UserChanges.Existing(state, member);
        if (entry.Members.Contains(member))
        {
            return state;
        }

        return entry.Members.Length < GroupEntry.MaxMembers
            ? state.With(group: state.Group.With(entry with { Members = entry.Members.Add(member) }))
            : throw new AccountException($"Group {name} has {GroupEntry.MaxMembers} members already.");
    }

    /// <summary>Ends a membership.</summary>
    public static AccountState RemoveMember(AccountState state, string name, string member)
    {
        GroupEntry entry = Existing(state, name);
        return entry.Members.Contains(member) ? state.With(group: state.Group.With(entry with { Members = entry.Members.Remove(member) }))
            : UserChanges.Existing(state, member).GroupId == entry.GroupId ? throw new AccountException($"{name} is the primary group of {member}; give that user another one first.")
            : throw new AccountException($"{member} is no member of {name}.");
    }

    /// <summary>The line of a group.</summary>
    /// <exception cref="AccountException">There is none.</exception>
    public static GroupEntry Existing(AccountState state, string name) => state.Group.Find(name) ?? throw new AccountException($"There is no group {name}.");

    private static int GroupId(AccountState state, int? wanted)
    {
        var used = state.Group.Entries.Select(e => e.GroupId).ToHashSet();
        if (wanted is { } id)
        {
            return !used.Contains(id) ? id : throw new AccountException($"Group id {id} belongs to {state.Group.Entries.First(e => e.GroupId == id).Name}.");
        }

        return Enumerable.Range(UserChanges.FirstId, used.Count + 1).First(i => !used.Contains(i));
    }
}
