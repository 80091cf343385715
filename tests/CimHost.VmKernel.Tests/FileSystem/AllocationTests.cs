using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>Reading, writing and stat() leave no garbage behind.</summary>
public sealed class AllocationTests
{
    [Fact]
    public async Task A_read_a_write_and_a_stat_allocate_nothing()
    {
        var vfs = new Vfs(new MemoryFileSystem("root", new PageBudget(1 << 20), 1 << 20));
        await vfs.MakeDirectoryAsync(FileCaller.Root, "/d", 0x1FF);
        await vfs.WriteAsync("/d/f", new byte[8192]);
        VfsFile file = await vfs.OpenAsync("/d/f", OpenFlags.O_RDWR);
        byte[] buffer = new byte[1024];
        Run(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Less than a byte for each call: what remains is the compiler of the runtime at work.
        Assert.True(allocated < 4_000, $"{allocated} bytes in 4000 calls");

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                Complete(file.ReadAtAsync(buffer, 3000));
                Complete(file.WriteAtAsync(buffer, 3000));
                Complete(file.ReadAsync(buffer.AsMemory(0, 1)));
                _ = vfs.Stat(FileCaller.Root, "/d/f");
            }
        }

        static void Complete(ValueTask<int> call)
        {
            Assert.True(call.IsCompletedSuccessfully);
            _ = call.Result;
        }
    }
}
