using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Permissions;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class LoginTests
{
    [Fact]
    public async Task Only_the_right_name_and_password_log_in()
    {
        using AccountHost host = await AccountHost.StartAsync(rootPassword: "secret ü 😀");
        Principal root = (await host.LoginAsync("root", "secret ü 😀"))!;

        Assert.Equal("root", root.Name);
        Assert.True(root.Credentials.IsPrivileged);
        Assert.Null(await host.LoginAsync("root", "secret"));
        Assert.Null(await host.LoginAsync("root", string.Empty));
        Assert.Null(await host.LoginAsync("ROOT", "secret ü 😀"));
        Assert.Null(await host.LoginAsync("nobody", "secret ü 😀"));
        Assert.Null(await host.LoginAsync("root", new string('x', 100_000)));
        Assert.Null(await host.LoginAsync(new string('x', 100_000), "secret"));
        Assert.Null(await host.LoginAsync("dcui", "*"));
        Assert.Null(await host.LoginAsync("vpxuser", string.Empty));
    }

    [Fact]
    public async Task A_credential_verified_once_is_verified_at_once_until_the_user_changes()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal first = await host.UserAsync("guest", "ReadOnly");
        Task<Principal?> second = host.LoginAsync("guest", "battery-Staple-9x");

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Same(first, await second);
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x "));

        await host.Accounts.ChangeUserAsync("guest", new UserChange { Password = "other-Staple-9x" }, default);
        Assert.False(host.Accounts.IsCurrent(first));
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));
        Assert.NotNull(await host.LoginAsync("guest", "other-Staple-9x"));
    }

    [Fact]
    public async Task Every_change_of_a_user_ends_its_logins_and_no_others()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal root = (await host.LoginAsync("root", AccountHost.RootPassword))!;
        await host.UserAsync("guest", "ReadOnly");
        await host.Accounts.AddGroupAsync("staff", null, default);
        Func<Task>[] changes =
        [
            () => host.Accounts.ChangeUserAsync("guest", new UserChange { Description = "Guest" }, default),
            () => host.Accounts.ChangeUserAsync("guest", new UserChange { Shell = "/bin/ash" }, default),
            () => host.Accounts.ChangeUserAsync("guest", new UserChange { PrimaryGroup = "localadmin" }, default),
            () => host.Accounts.ChangeMembersAsync("staff", ["guest"], [], default),
            () => host.Accounts.ChangeMembersAsync("staff", [], ["guest"], default),
            () => host.Accounts.ChangeUserAsync("guest", new UserChange { IsLocked = true }, default),
        ];
        foreach (Func<Task> change in changes)
        {
            Principal guest = (await host.LoginAsync("guest", "battery-Staple-9x"))!;
            await change();
            Assert.False(host.Accounts.IsCurrent(guest));
            Assert.False(host.Allows(guest, Privilege.CimRead, "/"));
        }

        Assert.True(host.Accounts.IsCurrent(root));
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));
    }

    [Fact]
    public async Task A_removed_user_is_refused_and_a_new_one_of_its_name_is_another()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal before = await host.UserAsync("guest", "ReadOnly");
        await host.Accounts.RemoveUserAsync("guest", default);
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));

        Principal after = await host.UserAsync("guest");
        Assert.False(host.Accounts.IsCurrent(before));
        Assert.True(host.Accounts.IsCurrent(after));
        Assert.False(host.Allows(after, Privilege.CimRead, "/"));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_out_for_900_seconds_root_too()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal root = (await host.LoginAsync("root", AccountHost.RootPassword))!;
        await FailAsync(host, "root", 5);

        // The right password is refused as a wrong one is, also where it is remembered.
        Assert.Null(await host.LoginAsync("root", AccountHost.RootPassword));
        Assert.Contains("root is locked out for 900 s after 5 wrong passwords", host.Log.Text, StringComparison.Ordinal);
        Assert.Contains("a login with the right password was refused", host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(UserState.LockedOut, host.Accounts.Users.Single(u => u.Name == "root").State);
        Assert.True(host.Accounts.IsCurrent(root));

        host.Time.Advance(TimeSpan.FromSeconds(899));
        Assert.Null(await host.LoginAsync("root", AccountHost.RootPassword));
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task A_right_password_forgets_the_wrong_ones_before_it()
    {
        using AccountHost host = await AccountHost.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await FailAsync(host, "root", 4);
            Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
        }
    }

    [Fact]
    public async Task Wrong_passwords_with_long_pauses_lock_nobody_out()
    {
        using AccountHost host = await AccountHost.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await FailAsync(host, "root", 4);
            host.Time.Advance(TimeSpan.FromSeconds(900));
        }

        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task Guesses_side_by_side_do_not_get_past_the_limit()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => host.LoginAsync("root", $"wrong-{i}")));
        Assert.Null(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task A_lock_out_of_one_user_is_nobody_elses()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.UserAsync("guest");
        await FailAsync(host, "guest", 5);
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_administrator_ends_a_lock_out_by_unlock_or_by_a_new_password(bool byPassword)
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.UserAsync("guest");
        await FailAsync(host, "guest", 5);
        await (byPassword
            ? host.Accounts.ChangeUserAsync("guest", new UserChange { Password = "battery-Staple-9x" }, default)
            : host.Accounts.UnlockUserAsync("guest", default));
        Assert.NotNull(await host.LoginAsync("guest", "battery-Staple-9x"));
    }

    [Fact]
    public async Task The_limit_and_the_time_are_settings_and_0_turns_the_lock_out_off()
    {
        using AccountHost host = await AccountHost.StartAsync();
        host.Options.AccountLockFailures = 2;
        host.Options.AccountUnlockTime = 10;
        await FailAsync(host, "root", 2);
        Assert.Null(await host.LoginAsync("root", AccountHost.RootPassword));
        host.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));

        host.Options.AccountLockFailures = 0;
        await FailAsync(host, "root", 6);
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task A_lock_out_outlasts_the_host_and_ends_with_its_time()
    {
        using AccountHost first = await AccountHost.StartAsync();
        await first.UserAsync("guest");
        await FailAsync(first, "guest", 4);
        int writes = first.Files.Writes;
        await FailAsync(first, "guest", 3);
        Assert.Equal(writes + 1, first.Files.Writes);

        first.Time.Advance(TimeSpan.FromSeconds(600));
        using AccountHost second = await AccountHost.StartAsync(first.Files, time: first.Time);
        Assert.Null(await second.LoginAsync("guest", "battery-Staple-9x"));
        Assert.Equal(UserState.LockedOut, second.Accounts.Users.Single(u => u.Name == "guest").State);
        Assert.NotNull(await second.LoginAsync("root", AccountHost.RootPassword));
        first.Time.Advance(TimeSpan.FromSeconds(300));
        Assert.NotNull(await second.LoginAsync("guest", "battery-Staple-9x"));

        // A longer time set later does not bring back what was over.
        using AccountHost third = await AccountHost.StartAsync(first.Files, time: first.Time);
        third.Options.AccountUnlockTime = 90_000;
        Assert.NotNull(await third.LoginAsync("guest", "battery-Staple-9x"));
    }

    [Fact]
    public async Task A_lock_out_that_was_ended_does_not_come_back_with_the_next_start()
    {
        using AccountHost first = await AccountHost.StartAsync();
        await first.UserAsync("guest");
        await first.UserAsync("other");
        await FailAsync(first, "guest", 5);
        await FailAsync(first, "other", 5);
        await first.Accounts.UnlockUserAsync("guest", default);
        using AccountHost second = await AccountHost.StartAsync(first.Files, time: first.Time);
        Assert.NotNull(await second.LoginAsync("guest", "battery-Staple-9x"));
        Assert.Null(await second.LoginAsync("other", "battery-Staple-9x"));
    }

    [Fact]
    public async Task A_lock_out_holds_though_it_cannot_be_written_down()
    {
        using AccountHost host = await AccountHost.StartAsync();
        host.Files.IsBroken = true;
        await FailAsync(host, "root", 5);
        Assert.Null(await host.LoginAsync("root", AccountHost.RootPassword));
        Assert.Contains("could not be written down", host.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root:99999999999999999999"), InlineData("root:-5"), InlineData("root"), InlineData(":5"), InlineData("root:1e9"), InlineData("\0\n\n::\nnobody:1900000000")]
    [InlineData("root:253402300800"), InlineData("root:5\nroot:4")]
    public async Task A_damaged_record_of_lock_outs_locks_nobody_out(string text)
    {
        using AccountHost first = await AccountHost.StartAsync();
        first.Files.Put("security/faillock", text);
        using AccountHost host = await AccountHost.StartAsync(first.Files);
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task A_record_from_a_clock_that_was_ahead_lasts_as_long_as_any_lock_out()
    {
        using AccountHost first = await AccountHost.StartAsync();
        first.Files.Put("security/faillock", "root:253402300799\n");
        using AccountHost host = await AccountHost.StartAsync(first.Files);
        Assert.Null(await host.LoginAsync("root", AccountHost.RootPassword));
        host.Time.Advance(TimeSpan.FromSeconds(900));
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task A_locked_user_gets_in_again_with_the_same_password_after_unlock()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.UserAsync("guest");
        await host.Accounts.ChangeUserAsync("guest", new UserChange { IsLocked = true }, default);
        Assert.Equal(UserState.Locked, host.Accounts.Users.Single(u => u.Name == "guest").State);
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));

        // A new password does not lift the lock by itself.
        await host.Accounts.ChangeUserAsync("guest", new UserChange { Password = "other-Staple-9x" }, default);
        Assert.Null(await host.LoginAsync("guest", "other-Staple-9x"));
        await host.Accounts.UnlockUserAsync("guest", default);
        Assert.NotNull(await host.LoginAsync("guest", "other-Staple-9x"));
    }

    [Fact]
    public async Task A_user_is_refused_from_the_day_of_expiry_on()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.UserAsync("guest");
        int tomorrow = (int)(host.Time.GetUtcNow().ToUnixTimeSeconds() / 86_400) + 1;
        string line = host.Files.Text("shadow").Split('\n').Single(l => l.StartsWith("guest:", StringComparison.Ordinal));
        host.Files.Put("shadow", host.Files.Text("shadow").Replace(line, line[..^2] + $":{tomorrow}:", StringComparison.Ordinal));
        host.Files.TakeOver();
        Assert.NotNull(await host.LoginAsync("guest", "battery-Staple-9x"));
        host.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));
        Assert.Equal(UserState.Expired, host.Accounts.Users.Single(u => u.Name == "guest").State);
    }

    [Fact]
    public async Task A_hash_of_another_system_logs_in()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.UserAsync("guest");
        string hash = VmKernel.Users.Passwords.PasswordHash.Create("from-elsewhere-1", VmKernel.Users.Passwords.PasswordHashFormat.Sha512Crypt).ToString();
        string[] lines = [.. host.Files.Text("shadow").Split('\n').Select(l => l.StartsWith("guest:", StringComparison.Ordinal) ? $"guest:{hash}:13358:0:99999:7:::" : l)];
        host.Files.Put("shadow", string.Join('\n', lines));
        host.Files.TakeOver();
        Assert.Null(await host.LoginAsync("guest", "battery-Staple-9x"));
        Assert.NotNull(await host.LoginAsync("guest", "from-elsewhere-1"));
    }

    private static async Task FailAsync(AccountHost host, string name, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.Null(await host.LoginAsync(name, "wrong"));
        }
    }
}
