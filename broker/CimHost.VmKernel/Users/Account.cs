using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Passwords;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.VmKernel.Users;

/// <summary>One user with all that follows from the files.</summary>
internal sealed class Account
{
    private readonly PasswdEntry _passwd;
    private readonly ShadowEntry? _shadow;
    private readonly List<GroupEntry> _groups;

    /// <summary>Puts a user together.</summary>
    /// <param name="passwd">Line of /etc/passwd.</param>
    /// <param name="shadow">Line of /etc/shadow; null: there is none, and no password is right.</param>
    /// <param name="groups">Groups, the primary one first.</param>
    /// <param name="rights">What the user may do.</param>
    /// <param name="before">The user before a change; null: there was none.</param>
    public Account(PasswdEntry passwd, ShadowEntry? shadow, List<GroupEntry> groups, EffectiveRights rights, Account? before)
    {
        _passwd = passwd;
        _shadow = shadow;
        _groups = groups;
        Rights = rights;
        Principal = before is not null && IsSame(before)
            ? before.Principal
            : new Principal(passwd.Name, new Credentials(passwd.UserId, passwd.GroupId, [.. groups.Select(g => g.GroupId).Where(id => id != passwd.GroupId)]));
    }

    /// <summary>Who logs in with it: the same object as long as nothing of the user but the rights changes, and so the proof that a login holds.</summary>
    public Principal Principal { get; }

    /// <summary>What the user may do.</summary>
    public EffectiveRights Rights { get; }

    /// <summary>Hash as in /etc/shadow; empty: none.</summary>
    public string Hash => _shadow?.Hash ?? string.Empty;

    /// <summary>Whether the user may log in on a day since 1970-01-01; a lock-out after wrong passwords is not in here.</summary>
    public UserState StateOn(int day) => Hash.StartsWith('!') ? UserState.Locked
        : !PasswordHash.TryRead(Hash, out _) ? UserState.Disabled
        : IsExpired(day) ? UserState.Expired
        : UserState.Enabled;

    /// <summary>Whether the user's day of expiry has come.</summary>
    public bool IsExpired(int day) => day >= _shadow?.Expires;

    /// <summary>As people see it.</summary>
    public UserDescription Describe(UserState state) => new(
        _passwd.Name, _passwd.UserId, _passwd.GroupId, _passwd.Description, _passwd.Home, _passwd.Shell, [.. _groups.Select(g => g.Name)], state, Day(_shadow?.Changed));

    private bool IsSame(Account other) =>
        _passwd == other._passwd && _shadow == other._shadow && _groups.Select(g => (g.Name, g.GroupId)).SequenceEqual(other._groups.Select(g => (g.Name, g.GroupId)));

    private static DateOnly? Day(int? days) => days is > 0 and < 1_000_000 ? new DateOnly(1970, 1, 1).AddDays(days.Value) : null;
}
