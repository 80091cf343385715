using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>Boot banks in the tree: read-only, and for root's worlds alone.</summary>
public sealed class BootBankMountTests : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("cimhost-bank-mount-").FullName;
    private HostLayout _host = null!;

    private string Bank => Path.Combine(_state, "bootbank1");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Bank);
        await File.WriteAllTextAsync(Path.Combine(Bank, "state.tgz"), "hashes");
        _host = await HostLayout.CreateAsync(new PageBudget(16 << 20));
        await _host.AddBootBankAsync("5f1e-01", "BOOTBANK1", Bank, "/bootbank");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_state, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Root_lists_and_reads_a_bank_under_each_of_its_names()
    {
        foreach (string path in new[] { "/bootbank", "/vmfs/volumes/BOOTBANK1", "/vmfs/volumes/5f1e-01" })
        {
            Assert.Equal([".", "..", "state.tgz"], await _host.Vfs.ListAsync(path));
            Assert.Equal("hashes", await _host.Vfs.ReadTextAsync(path + "/state.tgz"));
        }

        Assert.Contains("/vmfs/volumes/5f1e-01 vfat ro\n", await _host.Vfs.ReadTextAsync("/proc/mounts"), StringComparison.Ordinal);
        Assert.True(_host.IsDiskless);
    }

    [Fact]
    public async Task Nobody_but_root_may_look_inside_whatever_Linux_allows()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Bank, (UnixFileMode)Octal("777"));
            File.SetUnixFileMode(Path.Combine(Bank, "state.tgz"), (UnixFileMode)Octal("666"));
        }

        FileStatus bank = _host.Vfs.Stat(FileCaller.Root, "/bootbank/");
        Assert.Equal((Octal("700"), 0, 0), (bank.Mode, bank.UserId, bank.GroupId));
        var user = new FileCaller(new Credentials(1000, 1000, []));
        await FailsAsync(Errno.EACCES, async () => await _host.Vfs.OpenAsync(user, "/bootbank/state.tgz", OpenFlags.O_RDONLY));
        await FailsAsync(Errno.EACCES, async () => await _host.Vfs.OpenAsync(user, "/bootbank/", OpenFlags.O_DIRECTORY));
    }

    [Fact]
    public async Task Root_itself_changes_nothing_through_the_tree()
    {
        await FailsAsync(Errno.EROFS, async () => await _host.Vfs.WriteAsync("/bootbank/state.tgz", "forged"));
        await FailsAsync(Errno.EROFS, async () => await _host.Vfs.UnlinkAsync(FileCaller.Root, "/bootbank/state.tgz"));
        await FailsAsync(Errno.EROFS, async () => await _host.Vfs.ChangeModeAsync(FileCaller.Root, "/bootbank/state.tgz", Octal("777")));
        Assert.Equal("hashes", await File.ReadAllTextAsync(Path.Combine(Bank, "state.tgz")));
    }

    [Fact]
    public async Task A_datastore_neither_holds_a_bank_nor_lies_in_one()
    {
        string link = Path.Combine(_state, "link");
        Directory.CreateSymbolicLink(link, _state);
        Directory.CreateDirectory(Path.Combine(Bank, "below"));
        foreach (string path in new[] { Bank, _state, link, Path.Combine(link, "bootbank1"), Path.Combine(Bank, "below"), "/" })
        {
            await FailsAsync(Errno.EACCES, () => _host.AddDatastoreAsync("5f1e-02", "store", path));
        }

        string beside = Path.Combine(_state, "store");
        Directory.CreateDirectory(beside);
        await _host.AddDatastoreAsync("5f1e-02", "store", beside);
    }
}
