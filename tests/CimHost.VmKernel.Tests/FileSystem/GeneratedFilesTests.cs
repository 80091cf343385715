using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Generated;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>/dev and /proc.</summary>
public sealed class GeneratedFilesTests : IAsyncLifetime
{
    private HostLayout _host = null!;

    public async Task InitializeAsync() => _host = await HostLayout.CreateAsync(new PageBudget(16 << 20));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Null_zero_full_and_random_do_what_their_names_say()
    {
        byte[] buffer = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        Assert.Equal(0, await (await OpenAsync("null")).ReadAsync(buffer));
        Assert.Equal(16, await (await OpenAsync("null")).WriteAsync(buffer));
        Assert.Equal(16, await (await OpenAsync("zero")).ReadAsync(buffer));
        Assert.Equal(new byte[16], buffer);
        await FailsAsync(Errno.ENOSPC, async () => await (await OpenAsync("full")).WriteAsync(buffer));
        Assert.Equal(16, await (await OpenAsync("random")).ReadAsync(buffer));
        Assert.NotEqual(new byte[16], buffer);
        byte[] other = new byte[16];
        Assert.Equal(16, await (await OpenAsync("urandom")).ReadAsync(other));
        Assert.NotEqual(buffer, other);
    }

    [Fact]
    public async Task Device_nodes_have_numbers_and_rights_and_come_and_go()
    {
        _host.Dev.AddBlockDevice("disks/naa.1", 8, 17, Octal("600"), static (f, _) => new EchoFile(f));
        _host.Dev.AddLink("disks/first", "naa.1");
        _host.Dev.AddConsole(static (f, _) => new EchoFile(f));

        FileStatus status = _host.Vfs.Stat(FileCaller.Root, "/dev/disks/first");
        Assert.Equal((FileType.BlockDevice, Octal("600")), (status.Type, status.Mode));
        Assert.Equal((8u, 17u), (DeviceNumber.Major(status.RawDevice), DeviceNumber.Minor(status.RawDevice)));
        Assert.Equal("device", await _host.Vfs.ReadTextAsync("/dev/disks/first"));
        await FailsAsync(Errno.EACCES, async () => await _host.Vfs.OpenAsync(new FileCaller(new Credentials(5, 5, [])), "/dev/console", OpenFlags.O_RDWR));

        Assert.True(_host.Dev.Remove("disks/naa.1"));
        Assert.False(_host.Dev.Remove("disks/naa.1"));
        await FailsAsync(Errno.ENOENT, async () => await OpenAsync("disks/naa.1"));
    }

    [Fact]
    public async Task A_file_of_proc_is_made_whenever_it_is_opened_and_read_in_pieces()
    {
        int opened = 0;
        _host.Proc.Entries.Add("count", ProcEntry.OfFile(() => $"opened {++opened} times\n"));

        Assert.Equal("opened 1 times\n", await _host.Vfs.ReadTextAsync("/proc/count"));
        VfsFile file = await _host.Vfs.OpenAsync("/proc/count");
        byte[] piece = new byte[8];
        Assert.Equal(8, await file.ReadAsync(piece));
        _host.Proc.Entries.Remove("count");
        Assert.Equal(7, await file.ReadAsync(piece));
        Assert.Equal(0, await file.ReadAsync(piece));
        await FailsAsync(Errno.ENOENT, () => _host.Vfs.ReadTextAsync("/proc/count"));
        Assert.Equal(2, opened);
    }

    [Fact]
    public async Task Worlds_appear_in_proc_as_they_live()
    {
        var worlds = new ProcDirectory();
        var world = new ProcDirectory();
        world.Add("status", ProcEntry.OfFile(() => "running\n", Octal("400"), userId: 7));
        world.Add("cwd", ProcEntry.OfLink(() => "/tmp"));
        worlds.Add("17", ProcEntry.OfDirectory(world));
        _host.Proc.Entries.Worlds = worlds;

        Assert.Equal("running\n", await _host.Vfs.ReadTextAsync("/proc/17/status"));
        Assert.Equal("/tmp", _host.Vfs.ReadLink(FileCaller.Root, "/proc/17/cwd"));
        Assert.True(_host.Vfs.Stat(FileCaller.Root, "/proc/17/cwd").IsDirectory);
        Assert.Equal([".", "..", "mounts", "swaps", "17"], await _host.Vfs.ListAsync("/proc", batch: 1));
        await FailsAsync(Errno.EACCES, async () => await _host.Vfs.OpenAsync(new FileCaller(new Credentials(5, 5, [])), "/proc/17/status", OpenFlags.O_RDONLY));
        worlds.Remove("17");
        Assert.Equal([".", "..", "mounts", "swaps"], await _host.Vfs.ListAsync("/proc"));
    }

    [Fact]
    public async Task Nothing_can_be_changed_in_proc()
    {
        await FailsAsync(Errno.EROFS, async () => await _host.Vfs.OpenAsync("/proc/mounts", OpenFlags.O_WRONLY));
        await FailsAsync(Errno.EROFS, async () => await _host.Vfs.OpenAsync("/proc/new", OpenFlags.O_CREAT));
        await FailsAsync(Errno.EROFS, async () => await _host.Vfs.UnlinkAsync(FileCaller.Root, "/proc/mounts"));
    }

    private async Task<OpenFile> OpenAsync(string device) => await _host.Vfs.OpenAsync(FileCaller.Root, "/dev/" + device, OpenFlags.O_RDWR);

    private sealed class EchoFile(OpenFlags flags) : OpenFile(flags)
    {
        private bool _isRead;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isRead)
            {
                return ValueTask.FromResult(0);
            }

            _isRead = true;
            "device"u8.CopyTo(buffer.Span);
            return ValueTask.FromResult(6);
        }

        public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
