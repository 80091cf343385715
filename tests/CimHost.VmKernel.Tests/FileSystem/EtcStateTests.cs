using System.Text;
using CimHost.VmKernel.Boot.Archives;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Users.Files;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>/etc in the boot bank: what is kept, and what a change that cannot be kept leaves behind.</summary>
public sealed class EtcStateTests : IAsyncLifetime
{
    private static readonly FileCaller s_root = FileCaller.Root;

    private readonly string _bank = Directory.CreateTempSubdirectory("cimhost-etc-").FullName;
    private EtcState _etc = null!;
    private Vfs _vfs = null!;

    // What a write to the bank needs: with a directory in its place every write fails, for root as well.
    private string Obstacle => Path.Combine(_bank, "state.tgz.new");

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        RepairDisk();
        await _etc.DisposeAsync();
        Directory.Delete(_bank, recursive: true);
    }

    [Fact]
    public async Task A_change_is_there_at_the_next_start()
    {
        await _vfs.WriteAsync("/etc/hosts", "localhost");
        await _vfs.SymbolicLinkAsync(s_root, "hosts", "/etc/link");
        await RestartAsync();
        Assert.Equal("localhost", await _vfs.ReadTextAsync("/etc/link"));
    }

    [Fact]
    public async Task A_write_that_cannot_be_kept_leaves_the_content_as_it_was()
    {
        await _vfs.WriteAsync("/etc/hosts", "the old and longer content");
        long time = _vfs.Stat(s_root, "/etc/hosts").ModificationTime;
        ulong inode = _vfs.Stat(s_root, "/etc/hosts").Inode;
        BreakDisk();
        await FailsAsync(Errno.EIO, () => _vfs.WriteAsync("/etc/hosts", "new"));

        Assert.Equal("the old and longer content", await _vfs.ReadTextAsync("/etc/hosts"));
        Assert.Equal((time, inode), (_vfs.Stat(s_root, "/etc/hosts").ModificationTime, _vfs.Stat(s_root, "/etc/hosts").Inode));
        RepairDisk();
        await _vfs.WriteAsync("/etc/other", "x");
        await RestartAsync();
        Assert.Equal("the old and longer content", await _vfs.ReadTextAsync("/etc/hosts"));
    }

    [Fact]
    public async Task Each_kind_of_change_is_taken_back_when_it_cannot_be_kept()
    {
        await _vfs.MakeDirectoryAsync(s_root, "/etc/d", Octal("750"));
        await _vfs.WriteAsync("/etc/d/f", "content");
        await _vfs.SymbolicLinkAsync(s_root, "d/f", "/etc/l");
        string before = await TreeAsync();
        BreakDisk();

        await FailsAsync(Errno.EIO, () => _vfs.WriteAsync("/etc/new", "x"));
        await FailsAsync(Errno.EIO, async () => await _vfs.MakeDirectoryAsync(s_root, "/etc/e", Octal("755")));
        await FailsAsync(Errno.EIO, async () => await _vfs.UnlinkAsync(s_root, "/etc/d/f"));
        await FailsAsync(Errno.EIO, async () => await _vfs.UnlinkAsync(s_root, "/etc/l"));
        await FailsAsync(Errno.EIO, async () => await _vfs.RenameAsync(s_root, "/etc/d/f", "/etc/g"));
        await FailsAsync(Errno.EIO, async () => await _vfs.RenameAsync(s_root, "/etc/d", "/etc/h"));
        await FailsAsync(Errno.EIO, async () => await _vfs.LinkAsync(s_root, "/etc/d/f", "/etc/g"));
        await FailsAsync(Errno.EIO, async () => await _vfs.ChangeModeAsync(s_root, "/etc/d/f", Octal("600")));
        await FailsAsync(Errno.EIO, async () => await _vfs.ChangeOwnerAsync(s_root, "/etc/d", 5, 6));
        await FailsAsync(Errno.EIO, async () => await _vfs.TruncateAsync(s_root, "/etc/d/f", 2));
        await FailsAsync(Errno.EIO, async () => await _vfs.RenameAsync(s_root, "/etc/d/f", "/etc/l"));

        Assert.Equal(before, await TreeAsync());
    }

    [Fact]
    public async Task A_file_that_somebody_goes_on_writing_is_not_taken_from_him()
    {
        await _vfs.WriteAsync("/etc/a", "a");
        VfsFile open = await _vfs.OpenAsync("/etc/b", OpenFlags.O_WRONLY | OpenFlags.O_CREAT);
        await open.WriteAsync("half "u8.ToArray());
        BreakDisk();
        await FailsAsync(Errno.EIO, () => _vfs.WriteAsync("/etc/a", "changed"));
        RepairDisk();
        await open.WriteAsync("whole"u8.ToArray());
        await open.ReleaseAsync();

        await RestartAsync();
        Assert.Equal(("a", "half whole"), (await _vfs.ReadTextAsync("/etc/a"), await _vfs.ReadTextAsync("/etc/b")));
    }

    [Fact]
    public async Task Account_files_that_cannot_be_written_are_as_they_were()
    {
        await ChangeAsync("passwd", "root:x:0:0::/:/bin/sh\n");
        BreakDisk();
        await Assert.ThrowsAsync<IOException>(() => ChangeAsync("passwd", "forged"));
        await Assert.ThrowsAsync<IOException>(() => ChangeAsync("roles", "[]"));

        Assert.Equal("root:x:0:0::/:/bin/sh\n", await _vfs.ReadTextAsync("/etc/passwd"));
        Assert.Equal("root:x:0:0::/:/bin/sh\n", Encoding.UTF8.GetString(_etc.Read("passwd")!.Value.Span));
        await FailsAsync(Errno.ENOENT, () => _vfs.ReadTextAsync("/etc/roles"));
    }

    [Fact]
    public async Task A_change_of_an_account_file_is_shown_to_the_accounts_before_it_is_kept()
    {
        await ChangeAsync("passwd", "first");
        List<string> seen = [];
        _etc.Watch(files =>
        {
            string text = files("passwd") is { } content ? Encoding.UTF8.GetString(content.Span) : "gone";
            seen.Add(text);
            return text is "bad" or "gone" ? throw new InvalidDataException($"passwd is {text}") : () => seen.Add("in force");
        });
        await _vfs.WriteAsync("/etc/passwd", "second");
        await _vfs.WriteAsync("/etc/hosts", "no account file");
        Assert.Equal(["second", "in force"], seen);

        await FailsAsync(Errno.EINVAL, () => _vfs.WriteAsync("/etc/passwd", "bad"));
        await FailsAsync(Errno.EINVAL, async () => await _vfs.UnlinkAsync(s_root, "/etc/passwd"));
        Assert.Equal(["second", "in force", "bad", "gone"], seen);
        Assert.Equal("second", await _vfs.ReadTextAsync("/etc/passwd"));
        await RestartAsync();
        Assert.Equal("second", await _vfs.ReadTextAsync("/etc/passwd"));
    }

    [Fact]
    public async Task What_is_as_the_image_brought_it_is_not_saved()
    {
        await RestartAsync(("script", "version 1"), ("hosts", "of the image"), ("gone", "x"));
        await _vfs.WriteAsync("/etc/hosts", "of the administrator");
        await _vfs.UnlinkAsync(s_root, "/etc/gone");

        // The next image has another script; what the administrator wrote stays over what an image brings.
        await RestartAsync(("script", "version 2"), ("hosts", "of the next image"));
        Assert.Equal(("version 2", "of the administrator"), (await _vfs.ReadTextAsync("/etc/script"), await _vfs.ReadTextAsync("/etc/hosts")));
        await RestartAsync();
        await FailsAsync(Errno.ENOENT, () => _vfs.ReadTextAsync("/etc/script"));
        Assert.Equal("of the administrator", await _vfs.ReadTextAsync("/etc/hosts"));
    }

    private static MemoryFileEntry File(string path, string content) => new(path, FileType.Regular, Octal("644"), 0, 0, 0, Encoding.UTF8.GetBytes(content));

    private async Task StartAsync(params (string Path, string Content)[] image)
    {
        _etc = EtcState.Open(_bank, NullLogger.Instance);
        HostLayout layout = await HostLayout.CreateAsync(new PageBudget(8 << 20), _etc);
        await layout.Etc.ImportAsync(image.Select(f => File(f.Path, f.Content)));
        await _etc.RestoreAsync(layout.Etc, default);
        _vfs = layout.Vfs;
    }

    private async Task RestartAsync(params (string Path, string Content)[] image)
    {
        await _etc.DisposeAsync();
        await StartAsync(image);
    }

    private async Task ChangeAsync(string name, string content) =>
        await _etc.ChangeAsync(() => new Dictionary<string, ReadOnlyMemory<byte>> { [name] = Encoding.UTF8.GetBytes(content) }, default);

    private void BreakDisk() => Directory.CreateDirectory(Path.Combine(Obstacle, "not-empty"));

    private void RepairDisk()
    {
        if (Directory.Exists(Obstacle))
        {
            Directory.Delete(Obstacle, recursive: true);
        }
    }

    private async Task<string> TreeAsync() => string.Join('\n', (await ((MemoryFileSystem)_vfs.Mounts.Single(m => m.Path == "/etc").FileSystem).ExportAsync())
        .Select(f => $"{f.Path} {f.Type} {f.Mode} {f.UserId} {f.GroupId} {(f.Type == FileType.Regular ? f.ModificationTime : 0)} {f.Target} {f.LinkedTo} {Encoding.UTF8.GetString(f.Content.Span)}").Order(StringComparer.Ordinal));
}
