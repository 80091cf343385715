using System.Text;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Generated;
using CimHost.VmKernel.FileSystem.Layout;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.FileSystem;

public class ProcWorldsTests
{
    [Fact]
    public async Task A_world_finds_itself_and_others_under_proc()
    {
        HostLayout layout = await HostLayout.CreateAsync(new PageBudget(16 << 20));
        await using TestKernel kernel = await TestKernel.StartAsync(o => o with { Files = new VfsNamespace(layout.Vfs) });
        layout.Proc.Entries.Worlds = new ProcWorlds(kernel.Table);
        ProcKernel.Add(layout.Proc.Entries, "1.2.3", layout.Budget, kernel.Table, TimeProvider.System);
        string program = kernel.Program(async k =>
        {
            int id = await k.GetpidAsync();
            string self = await ReadAsync(k, "/proc/self/status");
            Assert.Contains($"Pid:\t{id}\n", self, StringComparison.Ordinal);
            Assert.Contains("ResourceGroup:\thost/system\n", self, StringComparison.Ordinal);
            Assert.Equal(self, await ReadAsync(k, $"/proc/{id}/status"));
            // init may not have come to its wait yet.
            Assert.Matches(@"^1 \(init\) [RS] 0 ", await ReadAsync(k, "/proc/1/stat"));
            Assert.Equal("tester\0-x\0", await ReadAsync(k, "/proc/self/cmdline"));
            Assert.Equal("/", await k.ReadlinkAsync("/proc/self/cwd"));
            await Fails.WithAsync(Errno.ENOENT, async () => await k.OpenAsync("/proc/4711/status", OpenFlags.O_RDONLY));
            Assert.Equal("CimHost VMkernel version 1.2.3\n", await ReadAsync(k, "/proc/version"));
            Assert.Contains("MemTotal: 16384 kB\n", await ReadAsync(k, "/proc/meminfo"), StringComparison.Ordinal);
            Assert.Contains("processes 2\n", await ReadAsync(k, "/proc/stat"), StringComparison.Ordinal);
            Assert.Equal(2, (await ReadAsync(k, "/proc/uptime")).Split(' ').Length);
            return 0;
        });
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(program, ["tester", "-x"]));
        WaitStatus status = await world.Completion.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(status == WaitStatus.Exited(0), world.Crash?.ToString());
    }

    private static async Task<string> ReadAsync(ISystemCalls kernel, string path)
    {
        int file = await kernel.OpenAsync(path, OpenFlags.O_RDONLY);
        var buffer = new byte[4096];
        int length = await kernel.ReadAsync(file, buffer);
        await kernel.CloseAsync(file);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
