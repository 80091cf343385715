using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Permissions;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class AccountsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-users-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_first_start_has_the_users_and_groups_of_ESXi_and_only_root_can_log_in()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Assert.Equal(
            [("root", 0, 0, UserState.Enabled), ("dcui", 100, 100, UserState.Disabled), ("vpxuser", 500, 100, UserState.Disabled)],
            host.Accounts.Users.Select(u => (u.Name, u.UserId, u.GroupId, u.State)));
        Assert.Equal(["root", "users", "localadmin"], host.Accounts.Groups.Select(g => g.Name));
        Assert.Equal("dcui vpxuser", string.Join(' ', host.Accounts.Groups.Single(g => g.Name == "users").Members));
        Assert.StartsWith("root:x:0:0:Administrator:/:/bin/sh\n", host.Files.Text("passwd"), StringComparison.Ordinal);
        Assert.StartsWith("root:$pbkdf2-sha512$210000$", host.Files.Text("shadow"), StringComparison.Ordinal);
        Assert.DoesNotContain(AccountHost.RootPassword, host.Files.Text("shadow") + host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(string.Empty, host.Log.Text);
    }

    [Fact]
    public async Task A_weak_password_of_the_first_start_is_taken_with_a_warning()
    {
        using AccountHost host = await AccountHost.StartAsync(rootPassword: "secret");
        Assert.NotNull(await host.LoginAsync("root", "secret"));
        Assert.Contains("breaks the rules", host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_is_there_after_a_new_start()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.Accounts.AddGroupAsync("staff", 2000, default);
        await host.Accounts.AddUserAsync(new NewUser("guest", "battery-Staple-9x") { Description = "A guest ü", Groups = ["staff"], Role = "readonly" }, default);
        await host.Accounts.SetRoleAsync("Lab", ["cim.read", "Power.Control"], default);
        await host.PermitAsync("staff", "lab", "cim:root/cimv2", isGroup: true, propagates: false);

        using AccountHost again = await AccountHost.StartAsync(host.Files, rootPassword: "asked for nothing");
        UserDescription guest = again.Accounts.Users.Single(u => u.Name == "guest");
        Assert.Equal((1000, "A guest ü", UserState.Enabled), (guest.UserId, guest.Description, guest.State));
        Assert.Equal("users staff", string.Join(' ', guest.Groups));
        Assert.Equal(new DateOnly(2026, 7, 1), guest.PasswordChanged);
        Assert.NotNull(await again.LoginAsync("guest", "battery-Staple-9x"));
        Assert.Equal(["Cim.Read", "Power.Control"], again.Accounts.Roles.Single(r => r.Name == "Lab").Privileges.Select(p => p.Name));
        Assert.Contains(new Permission("guest", false, "ReadOnly", ObjectPath.Root, true), again.Accounts.Permissions);
        Assert.Contains(new Permission("staff", true, "Lab", AccountHost.Object("cim:root/cimv2"), false), again.Accounts.Permissions);
        Assert.Equal(2000, again.Accounts.CredentialsOf("guest")!.Groups.Single());
    }

    [Fact]
    public async Task A_change_writes_only_the_files_that_it_touches_and_all_of_one_change_at_once()
    {
        using AccountHost host = await AccountHost.StartAsync();
        int before = host.Files.Writes;
        host.Files.Put("group", "# marker\n");
        await host.Accounts.AddUserAsync(new NewUser("guest", null) { Role = "ReadOnly" }, default);
        Assert.Equal(before + 1, host.Files.Writes);
        Assert.Equal("# marker\n", host.Files.Text("group"));
    }

    [Fact]
    public async Task A_change_that_cannot_be_written_is_no_change()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Principal root = (await host.LoginAsync("root", AccountHost.RootPassword))!;
        host.Files.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(() => host.Accounts.ChangeUserAsync("root", new UserChange { Password = "battery-Staple-9x" }, default));
        Assert.Null(await host.LoginAsync("root", "battery-Staple-9x"));
        Assert.True(host.Accounts.IsCurrent(root));
        host.Files.IsBroken = false;
        await host.Accounts.AddGroupAsync("staff", null, default);
    }

    [Fact]
    public async Task Somebody_who_can_log_in_stays_administrator()
    {
        using AccountHost host = await AccountHost.StartAsync();
        Func<Task>[] changes =
        [
            () => host.Accounts.ChangeUserAsync("root", new UserChange { IsLocked = true }, default),
            () => host.Accounts.ChangeUserAsync("root", new UserChange { Role = "ReadOnly" }, default),
            () => host.PermitAsync("root", "Administrator", "/", propagates: false),
            () => host.Accounts.RemovePermissionAsync("root", false, ObjectPath.Root, default),
        ];
        foreach (Func<Task> change in changes)
        {
            Assert.Contains("administrator of the whole host", (await Assert.ThrowsAsync<AccountException>(change)).Message, StringComparison.Ordinal);
        }

        await host.UserAsync("second", "Administrator");
        await host.Accounts.ChangeUserAsync("root", new UserChange { IsLocked = true }, default);
        await Assert.ThrowsAsync<AccountException>(() => host.Accounts.RemoveUserAsync("second", default));
    }

    [Fact]
    public async Task What_cannot_be_is_told_and_changes_nothing()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.UserAsync("guest", "ReadOnly");
        await host.Accounts.SetRoleAsync("Lab", ["Cim.Read"], default);
        await host.PermitAsync("guest", "Lab", "cim:root");
        int writes = host.Files.Writes;
        Accounts a = host.Accounts;
        (Func<Task> Change, string Words)[] wrong =
        [
            (() => a.AddUserAsync(new NewUser("a b", null), default), "no user name"),
            (() => a.AddUserAsync(new NewUser("a:b", null), default), "no user name"),
            (() => a.AddUserAsync(new NewUser("ünal", null), default), "no user name"),
            (() => a.AddUserAsync(new NewUser(string.Empty, null), default), "no user name"),
            (() => a.AddUserAsync(new NewUser("guest", null), default), "already"),
            (() => a.AddUserAsync(new NewUser("other", null) { UserId = 0 }, default), "belongs to root"),
            (() => a.AddUserAsync(new NewUser("other", null) { UserId = -1 }, default), "user id"),
            (() => a.AddUserAsync(new NewUser("other", null) { Description = "a:b" }, default), "7 fields"),
            (() => a.AddUserAsync(new NewUser("other", null) { Description = "a\nroot2:x:0:0::/:/bin/sh" }, default), "cannot be so"),
            (() => a.AddUserAsync(new NewUser("other", null) { Home = "home" }, default), "home directory"),
            (() => a.AddUserAsync(new NewUser("other", null) { Groups = ["nothing"] }, default), "no group nothing"),
            (() => a.AddUserAsync(new NewUser("other", null) { Role = "Emperor" }, default), "no role Emperor"),
            (() => a.AddUserAsync(new NewUser("other", "weak"), default), "too weak"),
            (() => a.AddUserAsync(new NewUser("other", string.Empty), default), "1 to 1024"),
            (() => a.AddUserAsync(new NewUser("other", "xX1-other-2Y"), default), "user's name"),
            (() => a.ChangeUserAsync("nobody", new UserChange { Description = "x" }, default), "no user nobody"),
            (() => a.RemoveUserAsync("nobody", default), "no user nobody"),
            (() => a.RemoveUserAsync("dcui", default), "belongs to the host"),
            (() => a.AddGroupAsync("users", null, default), "already"),
            (() => a.AddGroupAsync("staff", 100, default), "belongs to users"),
            (() => a.RemoveGroupAsync("users", default), "belongs to the host"),
            (() => a.RemoveGroupAsync("nothing", default), "no group nothing"),
            (() => a.ChangeMembersAsync("users", ["nobody"], [], default), "no user nobody"),
            (() => a.ChangeMembersAsync("localadmin", [], ["guest"], default), "no member"),
            (() => a.ChangeMembersAsync("users", [], ["guest"], default), "primary group"),
            (() => a.SetRoleAsync("Administrator", ["Cim.Read"], default), "cannot be changed"),
            (() => a.SetRoleAsync("Lab", ["Cim.Fly"], default), "no privilege 'Cim.Fly'"),
            (() => a.SetRoleAsync(" x", [], default), "no name of a role"),
            (() => a.RemoveRoleAsync("ReadOnly", default), "cannot be removed"),
            (() => a.RemoveRoleAsync("Lab", default), "in use"),
            (() => host.PermitAsync("nobody", "Lab", "/"), "no user nobody"),
            (() => host.PermitAsync("guest", "Lab", "/", isGroup: true), "no group guest"),
            (() => a.RemovePermissionAsync("guest", false, AccountHost.Object("cim:root/cimv2"), default), "no permission on cim:root/cimv2 itself"),
        ];
        foreach ((Func<Task> change, string words) in wrong)
        {
            Assert.Contains(words, (await Assert.ThrowsAsync<AccountException>(change)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(writes, host.Files.Writes);
    }

    [Fact]
    public async Task A_removed_user_or_group_takes_its_memberships_and_permissions_along()
    {
        using AccountHost host = await AccountHost.StartAsync();
        await host.Accounts.AddGroupAsync("staff", null, default);
        await host.UserAsync("guest", "ReadOnly", "staff");
        await host.PermitAsync("staff", "ReadOnly", "cim:", isGroup: true);
        await host.Accounts.RemoveUserAsync("guest", default);
        Assert.Empty(host.Accounts.Groups.Single(g => g.Name == "staff").Members);
        await host.Accounts.RemoveGroupAsync("staff", default);
        Assert.All(host.Accounts.Permissions, p => Assert.Contains(p.Principal, new[] { "root", "dcui", "vpxuser" }));
    }

    [Theory]
    [InlineData("passwd", "root:x:0\n", "passwd", "line 1")]
    [InlineData("group", "users:x:100:\nusers:x:101:\n", "group", "line 2")]
    [InlineData("shadow", "root:x\n", "shadow", "line 1")]
    [InlineData("roles", "{}", "roles", "")]
    [InlineData("roles", "[null]", "roles", "")]
    [InlineData("roles", "[{\"name\":\"readonly\",\"privileges\":[]}]", "roles", "twice")]
    [InlineData("roles", "[{\"name\":\"x\",\"privileges\":[\"Cim.Fly\"]}]", "roles", "Cim.Fly")]
    [InlineData("roles", "[{\"name\":\"x\",\"privilege\":[]}]", "roles", "privilege")]
    [InlineData("permissions", "[{\"user\":\"root\"", "permissions", "")]
    [InlineData("permissions", "[{\"user\":\"root\",\"role\":\"Emperor\",\"path\":\"/\"}]", "permissions", "Emperor")]
    [InlineData("permissions", "[{\"user\":\"root\",\"role\":\"ReadOnly\",\"path\":\"root\"}]", "permissions", "object path")]
    [InlineData("permissions", "[{\"user\":\"root\",\"group\":\"root\",\"role\":\"ReadOnly\",\"path\":\"/\"}]", "permissions", "one user or one group")]
    public async Task A_damaged_file_is_told_and_left_as_it_is(string name, string content, string words, string where)
    {
        using AccountHost host = await AccountHost.StartAsync();
        host.Files.Put(name, content);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => AccountHost.StartAsync(host.Files));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(where, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, host.Files.Text(name));
        Assert.Throws<InvalidDataException>(host.Files.TakeOver);
        Assert.NotNull(await host.LoginAsync("root", AccountHost.RootPassword));
    }

    [Fact]
    public async Task Comments_in_the_files_survive_changes()
    {
        using AccountHost host = await AccountHost.StartAsync();
        host.Files.Put("passwd", "# ours\n" + host.Files.Text("passwd"));
        host.Files.TakeOver();
        await host.UserAsync("guest");
        Assert.StartsWith("# ours\nroot:", host.Files.Text("passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_of_a_version_before_keep_their_passwords_and_roles()
    {
        string path = Path.Combine(_folder, "users.json");
        await File.WriteAllTextAsync(path, $"[{Earlier("root", "old-root", "Administrator")},{Earlier("guest", "old-guest", "ReadOnly")},{Earlier("Boss", "old-boss", "Administrator")}]");
        using AccountHost host = await AccountHost.StartAsync(usersJson: path, rootPassword: "not asked for");
        Assert.False(File.Exists(path));
        Assert.NotNull(await host.LoginAsync("root", "old-root"));
        Principal guest = (await host.LoginAsync("guest", "old-guest"))!;
        Principal boss = (await host.LoginAsync("Boss", "old-boss"))!;
        Assert.True(host.Allows(guest, Privilege.CimRead, "cim:root/cimv2"));
        Assert.False(host.Allows(guest, Privilege.CimWrite, "cim:root/cimv2"));
        Assert.True(host.Allows(boss, Privilege.UsersManage, "/"));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[null]")]
    [InlineData("[{\"Name\":\"a b\"}]")]
    [InlineData("[{\"Name\":\"root\",\"Role\":\"Administrator\",\"Salt\":\"AAAA\",\"Hash\":\"AAAA\",\"Iterations\":1}]")]
    public async Task A_damaged_file_of_a_version_before_is_told_and_left_as_it_is(string content)
    {
        string path = Path.Combine(_folder, "users.json");
        await File.WriteAllTextAsync(path, content);
        Assert.Contains(path, (await Assert.ThrowsAsync<InvalidDataException>(() => AccountHost.StartAsync(usersJson: path))).Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public void Generated_passwords_are_long_and_differ()
    {
        string[] passwords = [.. Enumerable.Range(0, 100).Select(_ => FirstStart.GeneratePassword())];
        Assert.Equal(100, passwords.Distinct().Count());
        Assert.All(passwords, p => Assert.Equal(23, p.Length));
    }

    private static string Earlier(string name, string password, string role)
    {
        byte[] salt = [1, 2, 3, 4];
        byte[] hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(password, salt, 1000, System.Security.Cryptography.HashAlgorithmName.SHA512, 64);
        return $"{{\"Name\":\"{name}\",\"Role\":\"{role}\",\"Salt\":\"{Convert.ToBase64String(salt)}\",\"Hash\":\"{Convert.ToBase64String(hash)}\",\"Iterations\":1000}}";
    }
}
