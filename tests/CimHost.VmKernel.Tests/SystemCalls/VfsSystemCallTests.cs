using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.SystemCalls;

/// <summary>System calls of a world on the host's own tree of files.</summary>
public sealed class VfsSystemCallTests
{
    [Fact]
    public async Task A_world_works_on_the_files_of_the_host_from_its_working_directory()
    {
        HostLayout layout = await HostLayout.CreateAsync(new PageBudget(4 << 20));
        await RunAsync(layout, async kernel =>
        {
            await kernel.MkdirAsync("/tmp/work", 0x1FF);
            await kernel.ChdirAsync("/tmp/work");
            Assert.Equal("/tmp/work", await kernel.GetcwdAsync());
            int file = await kernel.OpenAsync("notes", OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0x1B6);
            Assert.Equal(5, await kernel.WriteAsync(file, "hello"u8.ToArray()));
            Assert.Equal(1, await kernel.LseekAsync(file, -4, SeekOrigin.End));
            byte[] buffer = new byte[16];
            Assert.Equal(4, await kernel.ReadAsync(file, buffer));
            Assert.Equal("ello"u8.ToArray(), buffer[..4]);
            await kernel.CloseAsync(file);
            await kernel.SymlinkAsync("notes", "link");
            await kernel.RenameAsync("notes", "../notes");
            Assert.Equal(Errno.ENOENT, (await Assert.ThrowsAsync<KernelException>(async () => await kernel.StatAsync("link"))).Errno);
            Assert.Equal(5, (await kernel.StatAsync("../notes")).Size);

            int directory = await kernel.OpenAsync("/tmp/work", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            IReadOnlyList<Dirent> first = await kernel.ReaddirAsync(directory, 0, 2);
            IReadOnlyList<Dirent> rest = await kernel.ReaddirAsync(directory, first[^1].Position, 10);
            Assert.Equal([".", "..", "link"], first.Concat(rest).Select(e => e.Name));
            Assert.Equal(0xA000, rest[0].Type);
            await kernel.CloseAsync(directory);
            return 0;
        });
        Assert.Equal(5, layout.Vfs.Stat(FileCaller.Root, "/tmp/notes").Size);
    }

    [Fact]
    public async Task A_world_of_another_user_is_held_to_permissions_and_its_mask()
    {
        HostLayout layout = await HostLayout.CreateAsync(new PageBudget(4 << 20));
        await RunAsync(
            layout,
            async kernel =>
            {
                Assert.Equal(Errno.EACCES, (await Assert.ThrowsAsync<KernelException>(async () => await kernel.OpenAsync("/etc/mine", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0x1B6))).Errno);
                await kernel.UmaskAsync(0x3F);
                int file = await kernel.OpenAsync("/tmp/mine", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0x1B6);
                Stat stat = await kernel.FstatAsync(file);
                Assert.Equal((0x8180, 1000), (stat.Mode, stat.UserId));
                return 0;
            },
            new Credentials(1000, 100, []));
    }

    [Fact]
    public async Task A_device_reads_and_writes_and_has_no_offset()
    {
        HostLayout layout = await HostLayout.CreateAsync(new PageBudget(4 << 20));
        await RunAsync(layout, async kernel =>
        {
            int zero = await kernel.OpenAsync("/dev/zero", OpenFlags.O_RDWR);
            byte[] buffer = [1, 2, 3];
            Assert.Equal(3, await kernel.ReadAsync(zero, buffer));
            Assert.Equal([0, 0, 0], buffer);
            Assert.Equal(Errno.ESPIPE, (await Assert.ThrowsAsync<KernelException>(async () => await kernel.LseekAsync(zero, 1, SeekOrigin.Begin))).Errno);
            return 0;
        });
    }

    private static async Task RunAsync(HostLayout layout, Func<ISystemCalls, Task<int>> body, Credentials? credentials = null)
    {
        await using TestKernel kernel = await TestKernel.StartAsync(o => o with { Files = new VfsNamespace(layout.Vfs) });
        Exception? failure = null;
        string path = kernel.Program(async calls =>
        {
            try
            {
                return await body(calls);
            }
            catch (Exception e)
            {
                failure = e;
                throw;
            }
        });

        // The program has to be a file that may be executed.
        OpenFile file = await layout.Vfs.OpenAsync(FileCaller.Root, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0x1FF);
        await file.ReleaseAsync();
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(path, ["test"]) { Credentials = credentials });
        WaitStatus status = await world.Completion;
        Assert.True(failure is null, failure?.ToString());
        Assert.Equal(0, status.ExitCode);
    }
}
