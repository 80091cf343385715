using System.Collections.Immutable;

namespace CimHost.VmKernel;

/// <summary>Whom a system call is made for: user and groups, as POSIX.1-2017 §4.5 (File Access Permissions) asks for them.</summary>
/// <param name="UserId">Effective user id; 0 is root.</param>
/// <param name="GroupId">Effective group id.</param>
/// <param name="Groups">Supplementary group ids.</param>
public sealed record Credentials(int UserId, int GroupId, ImmutableArray<int> Groups)
{
    /// <summary>The superuser.</summary>
    public static Credentials Root { get; } = new(0, 0, []);

    /// <summary>Whether the user has appropriate privileges (POSIX.1-2017 §3.20): is root.</summary>
    public bool IsPrivileged => UserId == 0;

    /// <summary>Whether the user belongs to a group.</summary>
    /// <param name="groupId">Group id.</param>
    public bool IsMember(int groupId) => GroupId == groupId || Groups.Contains(groupId);
}
