using System.Text;
using CimHost.VmKernel.Users.Files;
using Xunit;

namespace CimHost.VmKernel.Tests.Users;

public sealed class DirectoryAccountFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-etc-").FullName;

    private string Etc => Path.Combine(_folder, "etc");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_for_their_owner_only_whatever_was_there_before()
    {
        Directory.CreateDirectory(Etc);
        await File.WriteAllTextAsync(Path.Combine(Etc, "shadow.new"), "left over");
        DirectoryAccountFiles files = DirectoryAccountFiles.Open(Etc);
        await File.WriteAllTextAsync(Path.Combine(Etc, "passwd.new"), "left over");
        await WriteAsync(files, ("passwd", "a"), ("shadow", "b"));
        Assert.Equal(["passwd", "shadow"], Directory.EnumerateFiles(Etc).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Etc, "passwd")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Etc, "shadow")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Etc));
        }
    }

    [Fact]
    public async Task What_was_written_is_read()
    {
        DirectoryAccountFiles files = DirectoryAccountFiles.Open(Etc);
        Assert.Null(files.Read("passwd"));
        await WriteAsync(files, ("passwd", "a"));
        await WriteAsync(files, ("passwd", "b"), ("group", string.Empty));
        Assert.Equal("b", Read(files, "passwd"));
        Assert.Equal(string.Empty, Read(DirectoryAccountFiles.Open(Etc), "group"));
    }

    [Fact]
    public async Task A_change_that_ended_before_its_moment_never_was()
    {
        await WriteAsync(DirectoryAccountFiles.Open(Etc), ("passwd", "old"), ("shadow", "old"));
        await File.WriteAllTextAsync(Path.Combine(Etc, "passwd.new"), "new");
        await File.WriteAllTextAsync(Path.Combine(Etc, "shadow.new"), "half of ne");
        await File.WriteAllTextAsync(Path.Combine(Etc, "commit.new"), "passwd\nsha");
        DirectoryAccountFiles files = DirectoryAccountFiles.Open(Etc);
        Assert.Equal(("old", "old"), (Read(files, "passwd"), Read(files, "shadow")));
        Assert.Equal(2, Directory.EnumerateFiles(Etc).Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_that_ended_after_its_moment_is_finished(bool oneIsRenamed)
    {
        await WriteAsync(DirectoryAccountFiles.Open(Etc), ("passwd", oneIsRenamed ? "new" : "old"), ("shadow", "old"));
        if (!oneIsRenamed)
        {
            await File.WriteAllTextAsync(Path.Combine(Etc, "passwd.new"), "new");
        }

        await File.WriteAllTextAsync(Path.Combine(Etc, "shadow.new"), "new");
        await File.WriteAllTextAsync(Path.Combine(Etc, "commit"), "passwd\nshadow");
        DirectoryAccountFiles files = DirectoryAccountFiles.Open(Etc);
        Assert.Equal(("new", "new"), (Read(files, "passwd"), Read(files, "shadow")));
        Assert.Equal(2, Directory.EnumerateFiles(Etc).Count());
    }

    [Theory]
    [InlineData("../passwd")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Only_names_of_letters_are_files(string name) => Assert.Throws<IOException>(() => DirectoryAccountFiles.Open(Etc).Read(name));

    private static ValueTask WriteAsync(DirectoryAccountFiles files, params (string Name, string Text)[] changed) =>
        files.WriteAsync(changed.ToDictionary(c => c.Name, c => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(c.Text)), CancellationToken.None);

    private static string? Read(DirectoryAccountFiles files, string name) => files.Read(name) is { } content ? Encoding.UTF8.GetString(content.Span) : null;
}
