using System.Collections.Immutable;

namespace CimHost.VmKernel.Worlds;

/// <summary>Real, effective and saved ids of a world (POSIX.1-2017 §3.436 and setuid()).</summary>
internal sealed record UserIdentity(
    int RealUser, int EffectiveUser, int SavedUser, int RealGroup, int EffectiveGroup, int SavedGroup, ImmutableArray<int> Groups)
{
    /// <summary>What the file system asks for.</summary>
    public Credentials Effective => new(EffectiveUser, EffectiveGroup, Groups);

    /// <summary>All three ids alike.</summary>
    public static UserIdentity Of(Credentials credentials) => new(
        credentials.UserId, credentials.UserId, credentials.UserId,
        credentials.GroupId, credentials.GroupId, credentials.GroupId, credentials.Groups);

    /// <summary>setuid().</summary>
    /// <exception cref="KernelException">EINVAL, EPERM.</exception>
    public UserIdentity SetUser(int user)
    {
        CheckId(user);
        return EffectiveUser == 0
            ? this with { RealUser = user, EffectiveUser = user, SavedUser = user }
            : user == RealUser || user == SavedUser ? this with { EffectiveUser = user } : throw Refused("user", user);
    }

    /// <summary>seteuid().</summary>
    /// <exception cref="KernelException">EINVAL, EPERM.</exception>
    public UserIdentity SetEffectiveUser(int user)
    {
        CheckId(user);
        return EffectiveUser == 0 || user == RealUser || user == SavedUser
            ? this with { EffectiveUser = user }
            : throw Refused("user", user);
    }

    /// <summary>setgid().</summary>
    /// <exception cref="KernelException">EINVAL, EPERM.</exception>
    public UserIdentity SetGroup(int group)
    {
        CheckId(group);
        return EffectiveUser == 0
            ? this with { RealGroup = group, EffectiveGroup = group, SavedGroup = group }
            : group == RealGroup || group == SavedGroup ? this with { EffectiveGroup = group } : throw Refused("group", group);
    }

    /// <summary>setegid().</summary>
    /// <exception cref="KernelException">EINVAL, EPERM.</exception>
    public UserIdentity SetEffectiveGroup(int group)
    {
        CheckId(group);
        return EffectiveUser == 0 || group == RealGroup || group == SavedGroup
            ? this with { EffectiveGroup = group }
            : throw Refused("group", group);
    }

    /// <summary>Whether a world with these ids may signal another (POSIX.1-2017 kill()).</summary>
    public bool MaySignal(UserIdentity other) =>
        EffectiveUser == 0 || RealUser == other.RealUser || RealUser == other.SavedUser
        || EffectiveUser == other.RealUser || EffectiveUser == other.SavedUser;

    /// <summary>Whether a world with these ids may start one with those: only root raises or changes them.</summary>
    public bool MayBecome(Credentials credentials) =>
        EffectiveUser == 0
        || ((credentials.UserId == RealUser || credentials.UserId == EffectiveUser)
            && IsOwnGroup(credentials.GroupId) && credentials.Groups.All(IsOwnGroup));

    private static void CheckId(int id)
    {
        if (id < 0)
        {
            throw new KernelException(Errno.EINVAL, $"{id} is not the id of a user or group.");
        }
    }

    private static KernelException Refused(string what, int id) =>
        new(Errno.EPERM, $"The world may not take the {what} id {id}: it is neither its real nor its saved one.");

    private bool IsOwnGroup(int group) => group == RealGroup || Effective.IsMember(group);
}
