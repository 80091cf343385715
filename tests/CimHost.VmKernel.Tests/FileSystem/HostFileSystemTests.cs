using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Host;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>A datastore: a directory of Linux in the tree.</summary>
public sealed class HostFileSystemTests : IAsyncLifetime
{
    private const string Uuid = "5f1e-aa";

    private static readonly FileCaller s_root = FileCaller.Root;

    private readonly string _outside = Directory.CreateTempSubdirectory("cimhost-datastore-").FullName;
    private HostLayout _host = null!;

    private string Inside => Path.Combine(_outside, "store");

    private Vfs Vfs => _host.Vfs;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Inside);
        File.WriteAllText(Path.Combine(_outside, "secret"), "outside");
        _host = await HostLayout.CreateAsync(new PageBudget(16 << 20));
        await _host.AddDatastoreAsync(Uuid, "datastore1", Inside);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_outside, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Files_are_written_read_appended_cut_renamed_and_removed()
    {
        byte[] content = Pattern(300_000, 1);
        await Vfs.WriteAsync("/vmfs/volumes/datastore1/f", content);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(Inside, "f")));
        Assert.Equal(content, await Vfs.ReadBytesAsync($"/vmfs/volumes/{Uuid}/f"));

        VfsFile file = await Vfs.OpenAsync("/vmfs/volumes/datastore1/f", OpenFlags.O_RDWR | OpenFlags.O_APPEND);
        await file.TruncateAsync(3);
        Assert.Equal(2, await file.WriteAsync(new byte[] { 1, 2 }));
        Assert.Equal(1, await file.WriteAtAsync(new byte[] { 9 }, 0));
        await file.SyncAsync();
        Assert.Equal(5, file.Status.Size);
        await file.ReleaseAsync();
        Assert.Equal([9, content[1], content[2], 1, 2], await Vfs.ReadBytesAsync("/vmfs/volumes/datastore1/f"));

        await Vfs.MakeDirectoryAsync(s_root, "/vmfs/volumes/datastore1/d", Octal("750"));
        await Vfs.RenameAsync(s_root, "/vmfs/volumes/datastore1/f", "/vmfs/volumes/datastore1/d/g");
        Assert.Equal(Octal("750"), Vfs.Stat(s_root, "/vmfs/volumes/datastore1/d").Mode);
        Assert.Equal([".", "..", "g"], await Vfs.ListAsync("/vmfs/volumes/datastore1/d"));
        await FailsAsync(Errno.ENOTEMPTY, async () => await Vfs.RemoveDirectoryAsync(s_root, "/vmfs/volumes/datastore1/d"));
        await Vfs.UnlinkAsync(s_root, "/vmfs/volumes/datastore1/d/g");
        await Vfs.RemoveDirectoryAsync(s_root, "/vmfs/volumes/datastore1/d");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Inside));
    }

    [Theory]
    [InlineData("up/secret")]
    [InlineData("top/secret")]
    [InlineData("far/secret")]
    [InlineData("../../../../../secret")]
    [InlineData("d/../../secret")]
    [InlineData("file")]
    public async Task Nothing_leads_out_of_a_datastore(string path)
    {
        Directory.CreateDirectory(Path.Combine(Inside, "d"));
        File.CreateSymbolicLink(Path.Combine(Inside, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(Inside, "top"), _outside);
        File.CreateSymbolicLink(Path.Combine(Inside, "far"), "../../../../../../../.." + _outside);
        File.CreateSymbolicLink(Path.Combine(Inside, "file"), Path.Combine(_outside, "secret"));

        await FailsAsync(Errno.ENOENT, () => Vfs.ReadTextAsync("/vmfs/volumes/datastore1/" + path));
    }

    [Fact]
    public async Task A_link_in_a_datastore_means_a_file_of_the_tree()
    {
        await Vfs.WriteAsync("/tmp/inside", "of the tree");
        File.CreateSymbolicLink(Path.Combine(Inside, "l"), "/tmp/inside");

        Assert.Equal("of the tree", await Vfs.ReadTextAsync("/vmfs/volumes/datastore1/l"));
        Assert.Equal("/tmp/inside", Vfs.ReadLink(s_root, "/vmfs/volumes/datastore1/l"));
        await Vfs.SymbolicLinkAsync(s_root, "../x", "/vmfs/volumes/datastore1/m");
        Assert.Equal("../x", new FileInfo(Path.Combine(Inside, "m")).LinkTarget);
    }

    [Fact]
    public async Task A_directory_that_is_exchanged_for_a_link_is_never_followed()
    {
        using var store = new HostFileSystem(Inside);
        Directory.CreateDirectory(Path.Combine(Inside, "d"));
        await File.WriteAllTextAsync(Path.Combine(Inside, "d", "secret"), "inside");
        Inode file = store.Root.Lookup("d")!.Lookup("secret")!;

        Directory.Delete(Path.Combine(Inside, "d"), recursive: true);
        File.CreateSymbolicLink(Path.Combine(Inside, "d"), _outside);

        Assert.Equal(Errno.ENOTDIR, Assert.Throws<KernelException>(() => file.OpenData(OpenFlags.O_RDONLY)).Errno);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<KernelException>(() => file.GetStatus()).Errno);
    }

    [Fact]
    public async Task Errors_are_those_of_POSIX()
    {
        await Vfs.WriteAsync("/vmfs/volumes/datastore1/f", "x");
        await Vfs.MakeDirectoryAsync(s_root, "/vmfs/volumes/datastore1/d", Octal("755"));

        await FailsAsync(Errno.EEXIST, async () => await Vfs.MakeDirectoryAsync(s_root, "/vmfs/volumes/datastore1/f", 0));
        await FailsAsync(Errno.EPERM, async () => await Vfs.UnlinkAsync(s_root, "/vmfs/volumes/datastore1/d"));
        await FailsAsync(Errno.ENOTDIR, async () => await Vfs.RemoveDirectoryAsync(s_root, "/vmfs/volumes/datastore1/f"));
        await FailsAsync(Errno.EISDIR, async () => await Vfs.RenameAsync(s_root, "/vmfs/volumes/datastore1/f", "/vmfs/volumes/datastore1/d"));
        await FailsAsync(Errno.EXDEV, async () => await Vfs.RenameAsync(s_root, "/vmfs/volumes/datastore1/f", "/tmp/f"));
        await FailsAsync(Errno.EPERM, async () => await Vfs.LinkAsync(s_root, "/vmfs/volumes/datastore1/d", "/vmfs/volumes/datastore1/e"));
        await FailsAsync(Errno.ENOENT, async () => await Vfs.UnlinkAsync(s_root, "/vmfs/volumes/datastore1/none"));
        var stranger = new FileCaller(new Credentials(4711, 4711, []));
        await FailsAsync(Errno.EACCES, async () => await Vfs.OpenAsync(stranger, "/vmfs/volumes/datastore1/new", OpenFlags.O_CREAT));
        await FailsAsync(Errno.EACCES, async () => await Vfs.UnlinkAsync(stranger, "/vmfs/volumes/datastore1/f"));
        await FailsAsync(Errno.EPERM, async () => await Vfs.ChangeModeAsync(stranger, "/vmfs/volumes/datastore1/f", 0));
    }

    [Fact]
    public async Task Set_ID_bits_never_reach_Linux()
    {
        await Vfs.WriteAsync("/vmfs/volumes/datastore1/f", "x");
        await Vfs.ChangeModeAsync(s_root, "/vmfs/volumes/datastore1/f", Octal("6755"));

        Assert.Equal(Octal("755"), Vfs.Stat(s_root, "/vmfs/volumes/datastore1/f").Mode);
        Assert.Equal(0, (int)(new FileInfo(Path.Combine(Inside, "f")).UnixFileMode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)));
    }

    [Fact]
    public async Task A_large_directory_is_listed_in_pieces_without_doubles()
    {
        for (int i = 0; i < 700; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(Inside, $"f{i}"), string.Empty);
        }

        List<string> names = await Vfs.ListAsync("/vmfs/volumes/datastore1", batch: 13);

        Assert.Equal(702, names.Count);
        Assert.Equal(702, names.Distinct().Count());
    }

    [Fact]
    public async Task Datastores_come_and_go_and_the_host_says_when_it_is_diskless()
    {
        Assert.False(_host.IsDiskless);
        Assert.Equal([".", "..", Uuid, "datastore1"], await Vfs.ListAsync("/vmfs/volumes"));
        await FailsAsync(Errno.EEXIST, () => _host.AddDatastoreAsync("other", "datastore1", Inside));
        await FailsAsync(Errno.ENOENT, () => _host.AddDatastoreAsync("other", "datastore2", Path.Combine(Inside, "none")));
        Assert.Equal([".", "..", Uuid, "datastore1"], await Vfs.ListAsync("/vmfs/volumes"));

        await _host.RemoveDatastoreAsync(Uuid);

        Assert.True(_host.IsDiskless);
        Assert.Equal([".", ".."], await Vfs.ListAsync("/vmfs/volumes"));
    }
}
