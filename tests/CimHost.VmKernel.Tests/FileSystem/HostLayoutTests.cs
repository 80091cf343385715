using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>ESXi's tree, where the swap file belongs, and what is kept of /etc.</summary>
public sealed class HostLayoutTests
{
    private readonly PageBudget _budget = new(16 << 20);

    [Theory]
    [InlineData("/bin"), InlineData("/sbin"), InlineData("/etc"), InlineData("/etc/init.d"), InlineData("/var/log"), InlineData("/var/run")]
    [InlineData("/tmp"), InlineData("/dev"), InlineData("/proc"), InlineData("/vmfs/volumes"), InlineData("/vmfs/devices")]
    [InlineData("/scratch"), InlineData("/locker"), InlineData("/store"), InlineData("/productLocker"), InlineData("/usr")]
    [InlineData("/opt"), InlineData("/lib64"), InlineData("/usr/lib64/../lib"), InlineData("/scratch/log")]
    public async Task The_layout_has_a_directory(string path)
    {
        HostLayout host = await HostLayout.CreateAsync(_budget);

        Assert.True(host.Vfs.Stat(FileCaller.Root, path).IsDirectory);
        Assert.True(host.IsDiskless);
    }

    [Fact]
    public async Task A_full_log_disk_leaves_the_other_ramdisks_room()
    {
        HostLayout host = await HostLayout.CreateAsync(new PageBudget(128 << 20));

        await FailsAsync(Errno.ENOSPC, () => host.Vfs.WriteAsync("/var/log/big", new byte[49 << 20]));

        await host.Vfs.WriteAsync("/etc/passwd", "root");
        await host.Vfs.WriteAsync("/tmp/f", "x");
        Assert.Equal(Octal("1777"), host.Vfs.Stat(FileCaller.Root, "/tmp").Mode);
        Assert.Contains("var /var visorfs rw\n", await host.Vfs.ReadTextAsync("/proc/mounts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_the_layout_leads_elsewhere_in_one_step()
    {
        HostLayout host = await HostLayout.CreateAsync(_budget);
        await host.Vfs.MakeDirectoryAsync(FileCaller.Root, "/tmp/other", Octal("755"));

        await host.SetLinkAsync("/scratch", "/tmp/other");

        Assert.Equal("/tmp/other", host.Vfs.ReadLink(FileCaller.Root, "/scratch"));
        await FailsAsync(Errno.EINVAL, () => host.SetLinkAsync("/etc", "/tmp"));
    }

    [Fact]
    public async Task An_exported_tree_is_imported_as_it_was()
    {
        var from = new MemoryFileSystem("etc", _budget, 1 << 20);
        var tree = new Vfs(from);
        await tree.MakeDirectoryAsync(FileCaller.Root, "/d", Octal("750"));
        await tree.WriteAsync("/d/f", "text");
        await tree.LinkAsync(FileCaller.Root, "/d/f", "/name");
        await tree.SymbolicLinkAsync(FileCaller.Root, "d/f", "/l");
        await tree.ChangeOwnerAsync(FileCaller.Root, "/d/f", 5, 6);
        await tree.ChangeModeAsync(FileCaller.Root, "/d/f", Octal("4640"));
        await tree.ChangeTimesAsync(FileCaller.Root, "/d/f", FileTimeChange.Omit, FileTimeChange.At(1_000_000_123));

        IReadOnlyList<MemoryFileEntry> entries = await from.ExportAsync();
        var to = new MemoryFileSystem("etc", _budget, 1 << 20);
        var copy = new Vfs(to);
        await copy.WriteAsync("/name", "to be replaced");
        await to.ImportAsync(entries);

        FileStatus status = copy.Stat(FileCaller.Root, "/name");
        Assert.Equal((Octal("4640"), 5, 6, 2, 1_000_000_123L), (status.Mode, status.UserId, status.GroupId, status.LinkCount, status.ModificationTime));
        Assert.Equal("text", await copy.ReadTextAsync("/l"));
        Assert.Equal(Octal("750"), copy.Stat(FileCaller.Root, "/d").Mode);
        Assert.Equal(entries.Select(e => e.Path), (await to.ExportAsync()).Select(e => e.Path));
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_marked_in_the_export()
    {
        var etc = new MemoryFileSystem("etc", _budget, 1 << 20);
        var tree = new Vfs(etc);
        VfsFile file = await tree.OpenAsync("/f", OpenFlags.O_WRONLY | OpenFlags.O_CREAT);
        await file.WriteAsync(new byte[3]);

        Assert.True((await etc.ExportAsync()).Single(e => e.Path == "f").IsOpenForWriting);
        await file.ReleaseAsync();
        Assert.False((await etc.ExportAsync()).Single(e => e.Path == "f").IsOpenForWriting);
    }

    [Theory]
    [InlineData("../f"), InlineData("a/../../f"), InlineData("/f"), InlineData("a//b"), InlineData("."), InlineData("a/"), InlineData("a\0b")]
    public async Task A_path_that_no_file_can_have_is_refused_at_import(string path)
    {
        var etc = new MemoryFileSystem("etc", _budget, 1 << 20);

        await FailsAsync(Errno.EINVAL, () => etc.ImportAsync([new MemoryFileEntry(path, FileType.Regular, 0, 0, 0, 0)]));
    }

    [Fact]
    public void The_swap_file_belongs_on_the_local_disk_if_there_is_one() =>
        Assert.Equal("/disk/scratch/swap", SwapLocation.Choose("/disk/scratch", "/shared", "esx1").Directory);

    [Fact]
    public void Without_a_local_disk_the_swap_file_belongs_where_the_option_says() =>
        Assert.Equal("/shared/esx1.example.com/swap", SwapLocation.Choose(null, "/shared", "ESX1.example.com.").Directory);

    [Fact]
    public void Without_disk_and_option_there_is_no_swap_file_and_it_says_so()
    {
        SwapLocation location = SwapLocation.Choose(null, "", "esx1");

        Assert.Null(location.Directory);
        Assert.Contains("ScratchConfig.ConfiguredScratchLocation", location.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hosts_that_share_a_datastore_have_directories_of_their_own() =>
        Assert.NotEqual(SwapLocation.Choose(null, "/shared", "esx1").Directory, SwapLocation.Choose(null, "/shared", "esx2").Directory);

    [Theory]
    [InlineData(""), InlineData(".."), InlineData("a/b"), InlineData("."), InlineData("ä")]
    public void A_host_name_that_could_lead_elsewhere_is_refused(string name) =>
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => SwapLocation.Choose(null, "/shared", name)).Errno);
}
