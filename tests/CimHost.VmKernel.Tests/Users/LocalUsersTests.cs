using CimHost.VmKernel.Users;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class LocalUsersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-users-").FullName;

    private string UserFile => Path.Combine(_folder, "users.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Users_are_there_again_after_a_new_start()
    {
        using (LocalUsers users = LocalUsers.Open(UserFile))
        {
            Assert.Empty(users.All);
            users.Set("root", "secret ü 😀", LocalUserRole.Administrator);
            users.Set("guest", "guest", LocalUserRole.ReadOnly);
        }

        using LocalUsers again = LocalUsers.Open(UserFile);
        Assert.Equal([("guest", LocalUserRole.ReadOnly), ("root", LocalUserRole.Administrator)], again.All.Select(u => (u.Name, u.Role)));
        Assert.Equal("root", (await VerifyAsync(again, "root", "secret ü 😀"))!.Name);
        Assert.Null(await VerifyAsync(again, "root", "secret"));
        Assert.Null(await VerifyAsync(again, "root", string.Empty));
        Assert.Null(await VerifyAsync(again, "ROOT", "secret ü 😀"));
        Assert.Null(await VerifyAsync(again, "nobody", "secret ü 😀"));
        Assert.Null(await VerifyAsync(again, "root", new string('x', 100_000)));
        Assert.Null(await VerifyAsync(again, new string('x', 100_000), "secret"));
    }

    [Fact]
    public void The_file_is_for_its_owner_only_and_holds_no_password()
    {
        using LocalUsers users = LocalUsers.Open(UserFile);
        users.Set("root", "correct-horse", LocalUserRole.Administrator);
        AssertPrivate();

        // What another program left beside it does not lend its mode to the file.
        File.WriteAllText(UserFile + ".new", "left over");
        users.Set("guest", "battery", LocalUserRole.ReadOnly);
        AssertPrivate();
        string text = File.ReadAllText(UserFile);
        Assert.DoesNotContain("correct-horse", text, StringComparison.Ordinal);
        Assert.DoesNotContain("battery", text, StringComparison.Ordinal);
        Assert.False(File.Exists(UserFile + ".new"));

        void AssertPrivate()
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(UserFile));
            }
        }
    }

    [Fact]
    public async Task A_credential_verified_once_is_verified_at_once_until_the_user_changes()
    {
        using LocalUsers users = LocalUsers.Open(UserFile);
        users.Set("root", "secret", LocalUserRole.Administrator);
        users.Set("guest", "old", LocalUserRole.ReadOnly);
        LocalUser? first = await VerifyAsync(users, "guest", "old");
        Task<LocalUser?> second = users.VerifyAsync("guest", "old", default).AsTask();
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Same(first, await second);
        Assert.Null(await VerifyAsync(users, "guest", "old "));

        users.Set("guest", "new", LocalUserRole.ReadOnly);
        Assert.Null(await VerifyAsync(users, "guest", "old"));
        Assert.NotNull(await VerifyAsync(users, "guest", "new"));
        users.Set("guest", "new", LocalUserRole.Administrator);
        Assert.Equal(LocalUserRole.Administrator, (await VerifyAsync(users, "guest", "new"))!.Role);
        Assert.True(users.Remove("guest"));
        Assert.Null(await VerifyAsync(users, "guest", "new"));
        Assert.False(users.Remove("guest"));
    }

    [Fact]
    public void The_last_administrator_is_neither_removed_nor_made_another()
    {
        using LocalUsers users = LocalUsers.Open(UserFile);
        users.Set("root", "secret", LocalUserRole.Administrator);
        users.Set("guest", "secret", LocalUserRole.ReadOnly);
        Assert.Contains("last administrator", Assert.Throws<ArgumentException>(() => users.Remove("root")).Message, StringComparison.Ordinal);
        Assert.Contains("last administrator", Assert.Throws<ArgumentException>(() => users.Set("root", "other", LocalUserRole.ReadOnly)).Message, StringComparison.Ordinal);
        Assert.Equal(LocalUserRole.Administrator, users.All.Single(u => u.Name == "root").Role);
        users.Set("second", "secret", LocalUserRole.Administrator);
        users.Set("root", "secret", LocalUserRole.ReadOnly);
        Assert.Throws<ArgumentException>(() => users.Remove("second"));
        Assert.True(users.Remove("root"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("[{\"Name\":\"root\",\"Role\":\"Administrator\",\"Salt\":\"AAAA\",\"Hash\":null,\"Iterations\":1}]")]
    [InlineData("[{\"Name\":\"root\",\"Role\":\"Administrator\",\"Salt\":\"AAAA\",\"Hash\":\"AAAA\",\"Iterations\":1}]")]
    [InlineData("[{\"Name\":\"root\",\"Role\":\"Emperor\",\"Salt\":\"AAAA\",\"Hash\":\"AAAA\",\"Iterations\":1}]")]
    [InlineData("[{\"Name\":\"root\",\"Role\":\"Admini")]
    [InlineData("not JSON")]
    public void A_damaged_file_is_told_and_left_as_it_is(string content)
    {
        File.WriteAllText(UserFile, content);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => LocalUsers.Open(UserFile));
        Assert.Contains(UserFile, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(UserFile));
    }

    [Fact]
    public void One_user_twice_in_the_file_is_damage()
    {
        using (LocalUsers users = LocalUsers.Open(UserFile))
        {
            users.Set("root", "secret", LocalUserRole.Administrator);
        }

        string entry = File.ReadAllText(UserFile).Trim().Trim('[', ']');
        File.WriteAllText(UserFile, $"[{entry},{entry}]");
        Assert.Throws<InvalidDataException>(() => LocalUsers.Open(UserFile));
    }

    [Theory]
    [InlineData("", "secret")]
    [InlineData("a b", "secret")]
    [InlineData("a:b", "secret")]
    [InlineData("a\n", "secret")]
    [InlineData("ünal", "secret")]
    [InlineData("root", "")]
    public void A_name_or_a_password_that_is_not_acceptable_is_told_and_nothing_is_written(string name, string password)
    {
        using LocalUsers users = LocalUsers.Open(UserFile);
        Assert.NotEmpty(Assert.Throws<ArgumentException>(() => users.Set(name, password, LocalUserRole.Administrator)).Message);
        Assert.False(File.Exists(UserFile));
    }

    [Fact]
    public void A_change_that_cannot_be_written_is_no_change()
    {
        using LocalUsers users = LocalUsers.Open(Path.Combine(_folder, "gone", "users.json"));
        Assert.ThrowsAny<IOException>(() => users.Set("root", "secret", LocalUserRole.Administrator));
        Assert.Empty(users.All);
    }

    [Fact]
    public void Generated_passwords_are_long_and_differ()
    {
        string[] passwords = [.. Enumerable.Range(0, 100).Select(_ => LocalUsers.GeneratePassword())];
        Assert.Equal(100, passwords.Distinct().Count());
        Assert.All(passwords, p => Assert.Equal(20, p.Length));
    }

    private static ValueTask<LocalUser?> VerifyAsync(LocalUsers users, string name, string password) => users.VerifyAsync(name, password, CancellationToken.None);
}
