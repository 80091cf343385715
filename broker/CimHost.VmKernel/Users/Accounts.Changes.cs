using CimHost.VmKernel.Users.Changes;
using CimHost.VmKernel.Users.Passwords;
using CimHost.VmKernel.Users.Permissions;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Users;

/// <content>
/// Changes. Each is on disk and in force when its task ends: sessions and remembered credentials of a user that changed are over. Each
/// throws <see cref="AccountException"/> when it is refused and <see cref="IOException"/> when it cannot be written; then nothing has
/// changed. Whether the caller may is not asked here.
/// </content>
public sealed partial class Accounts
{
    /// <summary>Adds a user.</summary>
    public async Task AddUserAsync(NewUser user, CancellationToken cancellationToken)
    {
        // Refused before the slow hash where it can be; what counts is the same question under the lock.
        UserChanges.Add(_state, user, "*", Today);
        string hash = user.Password is null ? "*" : await NewHashAsync(user.Password, user.Name, cancellationToken);
        await ChangeAsync(state => UserChanges.Add(state, user, hash, Today), cancellationToken);
    }

    /// <summary>Changes a user; a new password ends a lock-out.</summary>
    public async Task ChangeUserAsync(string name, UserChange change, CancellationToken cancellationToken)
    {
        UserChanges.Existing(_state, name);
        string? hash = change.Password is null ? null : await NewHashAsync(change.Password, name, cancellationToken);
        await ChangeAsync(state => UserChanges.Change(state, name, change, hash, Today), cancellationToken);
        if (hash is not null)
        {
            await EndLockOutAsync(name);
        }
    }

    /// <summary>Removes a user with its memberships and permissions.</summary>
    public async Task RemoveUserAsync(string name, CancellationToken cancellationToken)
    {
        await ChangeAsync(state => UserChanges.Remove(state, name), cancellationToken);
        await EndLockOutAsync(name);
    }

    /// <summary>Ends a lock-out, and lifts the lock of an administrator.</summary>
    public async Task UnlockUserAsync(string name, CancellationToken cancellationToken)
    {
        await ChangeAsync(state => UserChanges.Change(state, name, new UserChange { IsLocked = false }, null, Today), cancellationToken);
        await EndLockOutAsync(name);
    }

    /// <summary>Adds a group.</summary>
    public Task AddGroupAsync(string name, int? groupId, CancellationToken cancellationToken) => ChangeAsync(state => GroupChanges.Add(state, name, groupId), cancellationToken);

    /// <summary>Removes a group with its permissions.</summary>
    public Task RemoveGroupAsync(string name, CancellationToken cancellationToken) => ChangeAsync(state => GroupChanges.Remove(state, name), cancellationToken);

    /// <summary>Changes who belongs to a group.</summary>
    public Task ChangeMembersAsync(string name, IReadOnlyList<string> added, IReadOnlyList<string> removed, CancellationToken cancellationToken) => ChangeAsync(
        state => removed.Aggregate(
            added.Aggregate(state, (s, member) => GroupChanges.AddMember(s, name, member)),
            (s, member) => GroupChanges.RemoveMember(s, name, member)),
        cancellationToken);

    /// <summary>Adds a role, or gives one that people made other privileges.</summary>
    public Task SetRoleAsync(string name, IReadOnlyList<string> privileges, CancellationToken cancellationToken) =>
        ChangeAsync(state => PermissionChanges.SetRole(state, name, privileges), cancellationToken);

    /// <summary>Removes a role that is not in use.</summary>
    public Task RemoveRoleAsync(string name, CancellationToken cancellationToken) => ChangeAsync(state => PermissionChanges.RemoveRole(state, name), cancellationToken);

    /// <summary>Gives a user or a group a role on an object.</summary>
    public Task SetPermissionAsync(string principal, bool isGroup, string role, ObjectPath path, bool propagates, CancellationToken cancellationToken) =>
        ChangeAsync(state => PermissionChanges.Set(state, principal, isGroup, role, path, propagates), cancellationToken);

    /// <summary>Takes a permission away.</summary>
    public Task RemovePermissionAsync(string principal, bool isGroup, ObjectPath path, CancellationToken cancellationToken) =>
        ChangeAsync(state => PermissionChanges.Remove(state, principal, isGroup, path), cancellationToken);

    private Task EndLockOutAsync(string name) => _failures.Forget(name) ? SaveLockOutsAsync() : Task.CompletedTask;

    // A change begins where the one before it ended, whoever made that: the files give their turn to one at a time.
    private async Task ChangeAsync(Func<AccountState, AccountState> change, CancellationToken cancellationToken) => await _files.ChangeAsync(
        () =>
        {
            AccountState before = _state;
            AccountState after = change(before);
            return LosesAdministrator(before, after)
                ? throw new AccountException("After this nobody who can log in would be administrator of the whole host any more; give somebody else the role Administrator on / first.")
                : AccountStorage.Changes(after, before);
        },
        cancellationToken);

    // Called for each change of the files, also those that a world makes in /etc.
    private Action TakeOver(Func<string, ReadOnlyMemory<byte>?> files)
    {
        AccountState after = AccountStorage.Load(files, _state) ?? throw new InvalidDataException("The account file passwd is gone.");
        return LosesAdministrator(_state, after)
            ? throw new InvalidDataException("After this nobody who can log in would be administrator of the whole host any more.")
            : () =>
            {
                _state = after;
                _verified.Clear();
            };
    }

    private bool LosesAdministrator(AccountState before, AccountState after) => !after.HasAdministrator(Today) && before.HasAdministrator(Today);

    private async Task<string> NewHashAsync(string password, string userName, CancellationToken cancellationToken)
    {
        if (password.Length is 0 or > PasswordHash.MaxPasswordLength)
        {
            throw new AccountException($"A password has 1 to {PasswordHash.MaxPasswordLength} characters.");
        }

        return PasswordQuality.Parse(_options.PasswordQualityControl).WhatIsMissing(password, userName) is { } missing
            ? throw new AccountException(missing)
            : await HashAsync(() => PasswordHash.Create(password, _options.PasswordHash).ToString(), cancellationToken);
    }
}
