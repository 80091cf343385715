using CimHost.VmKernel.Users.Files;
using CimHost.VmKernel.Users.Passwords;
using CimHost.VmKernel.Users.Permissions;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Users;

/// <summary>
/// The users, groups, roles and permissions of the host. Who logs in is verified here, for every protocol; what somebody may do is asked
/// of <see cref="Authorizer"/>. Reading takes no lock; changes (<c>Accounts.Changes.cs</c>) come one after the other and are on disk when
/// their task ends.
/// </summary>
public sealed partial class Accounts : IDisposable
{
    private const int MaxHashesAtOnce = 2;

    private readonly IAccountFiles _files;
    private readonly SecurityOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LoginFailures _failures;
    private readonly VerifiedCredentials _verified = new();

    // Slow hashes are what a stranger makes the host do; only so many run at once.
    private readonly SemaphoreSlim _hashing = new(MaxHashesAtOnce);
    private volatile AccountState _state;

    private Accounts(IAccountFiles files, AccountState state, SecurityOptions options, TimeProvider time, ILogger logger)
    {
        _files = files;
        _state = state;
        _options = options;
        _time = time;
        _logger = logger;
        _failures = new LoginFailures(time, options);
        Authorizer = new Authorizer(this);
        files.Watch(TakeOver);
    }

    /// <summary>Decides what somebody may do.</summary>
    public Authorizer Authorizer { get; }

    /// <summary>The users in the order of /etc/passwd.</summary>
    public IReadOnlyList<UserDescription> Users => [.. _state.Accounts.Select(Describe)];

    /// <summary>The groups in the order of /etc/group.</summary>
    public IReadOnlyList<GroupDescription> Groups
    {
        get
        {
            AccountState state = _state;
            return [.. state.Group.Entries.Select(g => new GroupDescription(
                g.Name, g.GroupId, [.. state.Passwd.Entries.Where(u => u.GroupId == g.GroupId).Select(u => u.Name).Union(g.Members.Where(m => state.Find(m) is not null))]))];
        }
    }

    /// <summary>The roles, those of the host first.</summary>
    public IReadOnlyList<Role> Roles => [.. Role.BuiltIn, .. _state.CustomRoles];

    /// <summary>The permissions.</summary>
    public IReadOnlyList<Permission> Permissions => _state.Permissions;

    // Days since 1970-01-01, as /etc/shadow counts.
    private int Today => (int)(_time.GetUtcNow().ToUnixTimeSeconds() / 86_400);

    /// <summary>Opens the account files, or makes those of a first start.</summary>
    /// <param name="files">Where they lie.</param>
    /// <param name="options">Settings; may change while the host runs.</param>
    /// <param name="first">What a first start needs.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log of logins and changes; never holds a password.</param>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it and the line. Nothing is overwritten.</exception>
    /// <exception cref="IOException">The files cannot be read or written.</exception>
    public static async Task<Accounts> OpenAsync(IAccountFiles files, SecurityOptions options, FirstStart first, TimeProvider time, ILogger<Accounts> logger)
    {
        if (AccountStorage.Load(files.Read) is not { } state)
        {
            int today = (int)(time.GetUtcNow().ToUnixTimeSeconds() / 86_400);
            state = first.UsersJson is { } earlier && File.Exists(earlier)
                ? DefaultAccounts.FromUsersJson(earlier, today)
                : DefaultAccounts.Create(await RootHashAsync(first.RootPassword(), options, logger), today);
            await files.ChangeAsync(() => AccountStorage.Changes(state, null), CancellationToken.None);
        }

        if (first.UsersJson is not null)
        {
            File.Delete(first.UsersJson);
        }

        var accounts = new Accounts(files, state, options, time, logger);
        foreach ((string name, DateTimeOffset until) in LockOutFile.Read((files.Read(LockOutFile.Name) ?? default).Span).Where(l => state.Find(l.Key) is not null))
        {
            accounts._failures.Restore(name, until);
        }

        return accounts;
    }

    /// <summary>
    /// Verifies a password. Null when the user does not exist, may not log in or is locked out, or the password is wrong: the answer and
    /// about the time are the same for all of these.
    /// </summary>
    /// <param name="name">Login name.</param>
    /// <param name="password">Password.</param>
    /// <param name="cancellationToken">Ends the wait for a turn.</param>
    public ValueTask<Principal?> VerifyAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (name.Length > AccountFields.MaxNameLength || password.Length is 0 or > PasswordHash.MaxPasswordLength)
        {
            return default;
        }

        VerifiedCredentials.Digest digest = _verified.DigestOf(name, password);
        return _verified.Find(digest) is { } known && Current(known) is { } account && !account.IsExpired(Today) && _failures.TrySucceed(name)
            ? ValueTask.FromResult<Principal?>(known)
            : VerifyNewAsync(name, password, digest, cancellationToken);
    }

    /// <summary>Whether a login still holds: nothing of the user has changed since. What a session keeps has to ask this.</summary>
    public bool IsCurrent(Principal principal) => ReferenceEquals(principal, Principal.Local) || Current(principal) is not null;

    /// <summary>User and groups of a user, for a world that runs as it; null when there is no such user.</summary>
    public Credentials? CredentialsOf(string name) => _state.Find(name)?.Principal.Credentials;

    /// <inheritdoc/>
    public void Dispose() => _hashing.Dispose();

    /// <summary>The account of a login that still holds, or null.</summary>
    internal Account? Current(Principal principal) => _state.Find(principal.Name) is { } account && ReferenceEquals(account.Principal, principal) ? account : null;

    private static Task<string> RootHashAsync(string password, SecurityOptions options, ILogger logger)
    {
        if (PasswordQuality.Parse(options.PasswordQualityControl).WhatIsMissing(password, "root") is { } missing)
        {
            WeakRootPassword(logger, missing);
        }

        return Task.Run(() => PasswordHash.Create(password, options.PasswordHash).ToString());
    }

    private UserDescription Describe(Account account)
    {
        UserState state = account.StateOn(Today);
        return account.Describe(state == UserState.Enabled && _failures.IsLocked(account.Principal.Name) ? UserState.LockedOut : state);
    }

    private async ValueTask<Principal?> VerifyNewAsync(string name, string password, VerifiedCredentials.Digest digest, CancellationToken cancellationToken)
    {
        Account? account = _state.Find(name);
        bool isEnabled = account?.StateOn(Today) == UserState.Enabled;
        bool isRight = await HashAsync(() => HashOf(isEnabled ? account : null).Verify(password), cancellationToken);
        if (account is null || !isEnabled)
        {
            return null;
        }

        if (!isRight)
        {
            if (_failures.Fail(name))
            {
                LockedOut(_logger, name, _options.AccountLockFailures, _options.AccountUnlockTime);
                await SaveLockOutsAsync();
            }

            return null;
        }

        // Counted and asked after the hash: guesses that run side by side do not get past the limit together.
        if (!_failures.TrySucceed(name))
        {
            RefusedLockedOut(_logger, name);
            return null;
        }

        _verified.Add(digest, account.Principal);
        return Current(account.Principal)?.Principal;
    }

    // Once for a lock-out, not for each wrong password. On disk before the answer: killing the host does not unlock.
    private async Task SaveLockOutsAsync()
    {
        try
        {
            await _files.ChangeAsync(
                () => new Dictionary<string, ReadOnlyMemory<byte>> { [LockOutFile.Name] = LockOutFile.Write(_failures.LockedOut) }, CancellationToken.None);
        }
        catch (IOException e)
        {
            LockOutNotSaved(_logger, e.Message);
        }
    }

    // For who does not exist or may not log in, a hash that costs the same and that no password has.
    private PasswordHash HashOf(Account? account) => account is not null && PasswordHash.TryRead(account.Hash, out PasswordHash? hash) ? hash : PasswordHash.OfNobody(_options.PasswordHash);

    private async Task<T> HashAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        await _hashing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(hash, CancellationToken.None);
        }
        finally
        {
            _hashing.Release();
        }
    }

    [LoggerMessage(4201, LogLevel.Warning, "User {Name} is locked out for {Seconds} s after {Failures} wrong passwords")]
    private static partial void LockedOut(ILogger logger, string name, int failures, int seconds);

    [LoggerMessage(4202, LogLevel.Warning, "User {Name} is locked out; a login with the right password was refused")]
    private static partial void RefusedLockedOut(ILogger logger, string name);

    [LoggerMessage(4204, LogLevel.Error, "Who is locked out could not be written down, and is forgotten when the host ends: {Reason}")]
    private static partial void LockOutNotSaved(ILogger logger, string reason);

    [LoggerMessage(4203, LogLevel.Warning, "The password that root got at the first start breaks the rules for passwords and was taken all the same; change it with cimhost user set root --password. {Missing}")]
    private static partial void WeakRootPassword(ILogger logger, string missing);
}
