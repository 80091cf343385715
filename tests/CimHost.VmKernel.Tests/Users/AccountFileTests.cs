using System.Text;
using CimHost.VmKernel.Users.Files;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class AccountFileTests
{
    [Fact]
    public void Lines_that_are_no_entries_stay_where_they_are()
    {
        const string text = "# users\nroot:x:0:0:Administrator:/:/bin/sh\n\n+@staff\nguest:x:1000:100::/tmp:/bin/sh\n-nobody\n";
        AccountFile<PasswdEntry> file = Read<PasswdEntry>(text);

        Assert.Equal(["root", "guest"], file.Entries.Select(e => e.Name));
        Assert.Equal(text, Encoding.UTF8.GetString(file.ToBytes()));
        AccountFile<PasswdEntry> changed = file.With(file.Find("root")! with { Description = "Wurzel ü 😀" }).With(new PasswdEntry("new", "x", 1001, 100, string.Empty, "/", "/bin/sh")).Without("guest");
        Assert.Equal("# users\nroot:x:0:0:Wurzel ü 😀:/:/bin/sh\n\n+@staff\n-nobody\nnew:x:1001:100::/:/bin/sh\n", Encoding.UTF8.GetString(changed.ToBytes()));
        Assert.Equal(text, Encoding.UTF8.GetString(file.ToBytes()));
    }

    [Fact]
    public void A_last_line_without_an_end_is_read_and_gets_one() =>
        Assert.Equal("root:x:0:\n", Encoding.UTF8.GetString(Read<GroupEntry>("root:x:0:").ToBytes()));

    [Fact]
    public void An_empty_file_has_no_entries() => Assert.Empty(Read<GroupEntry>(string.Empty).ToBytes());

    [Theory]
    [InlineData("root:x:0:0:Administrator:/", 1, "7 fields")]
    [InlineData("# one\nroot:x:0:0:a:/:/bin/sh:extra", 2, "7 fields")]
    [InlineData("root:x:-1:0:a:/:/bin/sh", 1, "user id")]
    [InlineData("root:x:00:0:a:/:/bin/sh", 1, "user id")]
    [InlineData("root:x:2147483647:0:a:/:/bin/sh", 1, "user id")]
    [InlineData("root:x:0:x:a:/:/bin/sh", 1, "group id")]
    [InlineData("root:x:0:0:a:home:/bin/sh", 1, "home directory")]
    [InlineData("root:x:0:0:a:/:sh", 1, "shell")]
    [InlineData("ro ot:x:0:0:a:/:/bin/sh", 1, "name")]
    [InlineData(":x:0:0:a:/:/bin/sh", 1, "name")]
    [InlineData("1000:x:0:0:a:/:/bin/sh", 1, "name")]
    [InlineData(".root:x:0:0:a:/:/bin/sh", 1, "name")]
    [InlineData("root:x:0:0:a:/:/bin/sh\r\n", 1, "control characters")]
    [InlineData("root:x:0:0:a\0b:/:/bin/sh", 1, "control characters")]
    [InlineData("a:x:1:1::/:/bin/sh\nb:x:2:2::/:/bin/sh\na:x:3:3::/:/bin/sh", 3, "twice")]
    public void A_wrong_line_of_passwd_is_told_with_its_number(string text, int line, string words) => AssertError<PasswdEntry>(text, line, words);

    [Theory]
    [InlineData("root:x:0", 1, "4 fields")]
    [InlineData("users:x:100:a,,b", 1, "no user name")]
    [InlineData("users:x:100:a,b,a", 1, "twice")]
    [InlineData("users:x:many:a", 1, "group id")]
    public void A_wrong_line_of_group_is_told_with_its_number(string text, int line, string words) => AssertError<GroupEntry>(text, line, words);

    [Theory]
    [InlineData("root:*:1:2:3:4:5:6", 1, "9 fields")]
    [InlineData("root:*:1:2:x:4:5:6:", 1, "number")]
    [InlineData("root:a hash:1:2:3:4:5:6:", 1, "hash")]
    [InlineData("root:hash\u00fc:1:2:3:4:5:6:", 1, "hash")]
    public void A_wrong_line_of_shadow_is_told_with_its_number(string text, int line, string words) => AssertError<ShadowEntry>(text, line, words);

    [Fact]
    public void Empty_and_negative_numbers_of_shadow_are_none()
    {
        ShadowEntry entry = Read<ShadowEntry>("root:!$6$x:13358:0:99999:7:-1::\n").Find("root")!;
        Assert.Equal((13358, 0, 99999, 7, null, null), (entry.Changed, entry.MinDays, entry.MaxDays, entry.WarnDays, entry.InactiveDays, entry.Expires));
        Assert.Equal("root:!$6$x:13358:0:99999:7:::", entry.ToLine());
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_told_with_its_line()
    {
        Assert.False(AccountFile<GroupEntry>.TryRead([(byte)'#', (byte)'\n', 0xff, (byte)'\n'], out _, out AccountFileError error));
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void What_is_too_large_is_refused()
    {
        Assert.False(AccountFile<GroupEntry>.TryRead(new byte[AccountFile<GroupEntry>.MaxBytes + 1], out _, out _));
        Assert.False(AccountFile<GroupEntry>.TryRead(Encoding.UTF8.GetBytes(new string('\n', AccountFile<GroupEntry>.MaxLines + 1)), out _, out _));
        AssertError<GroupEntry>("users:x:100:" + string.Join(',', Enumerable.Range(0, GroupEntry.MaxMembers + 1).Select(i => $"u{i}")), 1, "members");
        AssertError<GroupEntry>(new string('a', AccountFields.MaxNameLength + 1) + ":x:1:", 1, "name");
    }

    private static AccountFile<T> Read<T>(string text)
        where T : class, IAccountEntry<T>
    {
        Assert.True(AccountFile<T>.TryRead(Encoding.UTF8.GetBytes(text), out AccountFile<T>? file, out AccountFileError error), error.ToString());
        return file;
    }

    private static void AssertError<T>(string text, int line, string words)
        where T : class, IAccountEntry<T>
    {
        Assert.False(AccountFile<T>.TryRead(Encoding.UTF8.GetBytes(text), out _, out AccountFileError error));
        Assert.Equal(line, error.Line);
        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
    }
}
