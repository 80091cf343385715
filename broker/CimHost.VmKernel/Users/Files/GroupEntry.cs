using System.Collections.Immutable;

namespace CimHost.VmKernel.Users.Files;

/// <summary>A line of /etc/group (group(5)): <c>name:password:gid:member,member</c>.</summary>
/// <param name="Name">Group name.</param>
/// <param name="Password">"x"; group passwords are not used.</param>
/// <param name="GroupId">Group id.</param>
/// <param name="Members">Users who belong to it besides those whose primary group it is.</param>
internal sealed record GroupEntry(string Name, string Password, int GroupId, ImmutableArray<string> Members) : IAccountEntry<GroupEntry>
{
    private const int FieldCount = 4;

    /// <summary>Most members of a group.</summary>
    public const int MaxMembers = 1_000;

    /// <inheritdoc/>
    public static GroupEntry? Read(string line, out string error)
    {
        string[] fields = line.Split(':');
        int groupId = 0;
        error = fields.Length != FieldCount ? $"expected {FieldCount} fields (name:password:gid:members), found {fields.Length}."
            : !AccountFields.IsName(fields[0]) ? $"the name has to be {AccountFields.NameRule}."
            : fields[1].Length > AccountFields.MaxTextLength ? "the password field is too long; expected x."
            : !AccountFields.TryReadId(fields[2], out groupId) ? $"the group id of {fields[0]} is no number from 0 to {int.MaxValue - 1}."
            : string.Empty;
        if (error.Length > 0)
        {
            return null;
        }

        string[] members = fields[3].Length == 0 ? [] : fields[3].Split(',', MaxMembers + 1);
        error = members.Length > MaxMembers ? $"{fields[0]} has more than {MaxMembers} members."
            : !members.All(AccountFields.IsName) ? $"a member of {fields[0]} is no user name."
            : members.Distinct(StringComparer.Ordinal).Count() != members.Length ? $"a member of {fields[0]} is named twice."
            : string.Empty;
        return error.Length == 0 ? new GroupEntry(fields[0], fields[1], groupId, [.. members]) : null;
    }

    /// <inheritdoc/>
    public string ToLine() => $"{Name}:{Password}:{GroupId}:{string.Join(',', Members)}";
}
