using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Memory;
using CimHost.VmKernel.FileSystem.Paging;
using Xunit;
using static CimHost.VmKernel.Tests.FileSystem.TestFiles;

namespace CimHost.VmKernel.Tests.FileSystem;

/// <summary>Ramdisks that hold more than the memory they may use.</summary>
public sealed class SwapTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("cimhost-swap-").FullName;
    private readonly PageBudget _budget = new(4 * MiB);

    public void Dispose()
    {
        _budget.Swap?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Three_times_the_memory_is_written_and_read_back_intact()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 16 * MiB));
        var vfs = new Vfs(new MemoryFileSystem("tmp", _budget, 64 * MiB));
        byte[][] contents = [.. Enumerable.Range(0, 12).Select(i => Pattern(MiB, i))];

        await Task.WhenAll(contents.Select((c, i) => Task.Run(() => vfs.WriteAsync($"/f{i}", c))));

        Assert.True(_budget.ResidentBytes <= _budget.LimitBytes);
        Assert.True(_budget.Swap!.UsedBytes >= 8 * MiB, $"{_budget.Swap.UsedBytes}");
        for (int round = 0; round < 2; round++)
        {
            byte[][] read = await Task.WhenAll(contents.Select((_, i) => Task.Run(() => vfs.ReadBytesAsync($"/f{i}"))));
            Assert.All(contents.Zip(read), pair => AssertSame(pair.First, pair.Second));
        }

        Assert.True(_budget.PagesSwappedIn > 0 && _budget.PagesSwappedOut > 0);
    }

    [Fact]
    public async Task With_memory_and_swap_full_the_writer_gets_ENOSPC_and_nothing_is_lost()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 4 * MiB));
        var vfs = new Vfs(new MemoryFileSystem("tmp", _budget, 64 * MiB));
        byte[] content = Pattern(9 * MiB, 1);

        await FailsAsync(Errno.ENOSPC, () => vfs.WriteAsync("/full", content));

        byte[] kept = await vfs.ReadBytesAsync("/full");
        Assert.InRange(kept.Length, 7 * MiB, 8 * MiB);
        AssertSame(content.AsMemory(0, kept.Length), kept);
        AssertSame(kept, await vfs.ReadBytesAsync("/full"));
        Assert.True(_budget.PagesRefused > 0);

        await vfs.UnlinkAsync(FileCaller.Root, "/full");
        await vfs.WriteAsync("/again", content[..(6 * MiB)]);
        AssertSame(content.AsMemory(0, 6 * MiB), await vfs.ReadBytesAsync("/again"));
    }

    [Fact]
    public async Task Without_swap_the_budget_is_the_limit_of_all_ramdisks_together()
    {
        var vfs = new Vfs(new MemoryFileSystem("root", _budget, 64 * MiB));
        await vfs.MakeDirectoryAsync(FileCaller.Root, "/tmp", Octal("755"));
        vfs.Mount("/tmp", new MemoryFileSystem("tmp", _budget, 64 * MiB));
        await vfs.WriteAsync("/a", Pattern(3 * MiB, 1));

        await FailsAsync(Errno.ENOSPC, () => vfs.WriteAsync("/tmp/b", Pattern(2 * MiB, 2)));
        Assert.Equal(MiB, vfs.Stat(FileCaller.Root, "/tmp/b").Size);
    }

    [Fact]
    public async Task Pages_that_are_freed_anywhere_on_their_way_leave_nothing_behind()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 16 * MiB));
        var vfs = new Vfs(new MemoryFileSystem("tmp", _budget, 64 * MiB));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (int i = 0; i < 60; i++)
            {
                string path = $"/w{worker}-{i % 3}";
                byte[] content = Pattern(random.Next(2 * MiB), i);
                await vfs.WriteAsync(path, content);
                await vfs.TruncateAsync(FileCaller.Root, path, content.Length / 2);
                byte[] read = await vfs.ReadBytesAsync(path);
                AssertSame(content.AsMemory(0, content.Length / 2), read);
                if (random.Next(2) == 0)
                {
                    await vfs.UnlinkAsync(FileCaller.Root, path);
                }
            }
        })));
        foreach (string name in (await vfs.ListAsync("/")).Where(n => n[0] != '.'))
        {
            await vfs.UnlinkAsync(FileCaller.Root, "/" + name);
        }

        // A batch that is on its way is counted until it arrives.
        await UntilAsync(() => _budget.CommittedBytes == 0 && _budget.ResidentBytes == 0 && _budget.Swap!.UsedBytes == 0);
        Assert.Equal(vfs.Mounts[0].Statistics.Blocks, vfs.Mounts[0].Statistics.FreeBlocks);
    }

    [Fact]
    public async Task Overwriting_pages_while_they_are_swapped_keeps_the_last_write()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 16 * MiB));
        var vfs = new Vfs(new MemoryFileSystem("tmp", _budget, 64 * MiB));
        byte[] content = Pattern(8 * MiB, 1);
        await vfs.WriteAsync("/f", content);
        VfsFile file = await vfs.OpenAsync("/f", OpenFlags.O_RDWR);
        var random = new Random(2);
        for (int i = 0; i < 4_000; i++)
        {
            int at = random.Next(content.Length - 5_000);
            int length = random.Next(1, 5_000);
            random.NextBytes(content.AsSpan(at, length));
            Assert.Equal(length, await file.WriteAtAsync(content.AsMemory(at, length), at));
        }

        file.Release();
        AssertSame(content, await vfs.ReadBytesAsync("/f"));
    }

    [Fact]
    public async Task A_swap_file_that_fails_is_ENOSPC_to_writers_EIO_to_readers_and_harms_nothing_in_memory()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 16 * MiB));
        var vfs = new Vfs(new MemoryFileSystem("tmp", _budget, 64 * MiB));
        byte[] content = Pattern(6 * MiB, 1);
        await vfs.WriteAsync("/f", content);
        Assert.True(_budget.Swap!.UsedBytes > 0);

        _budget.Swap.Dispose();

        await FailsAsync(Errno.ENOSPC, () => vfs.WriteAsync("/g", Pattern(4 * MiB, 2)));
        await FailsAsync(Errno.EIO, () => vfs.ReadBytesAsync("/f"));
        byte[] kept = await vfs.ReadBytesAsync("/g");
        AssertSame(Pattern(4 * MiB, 2).AsMemory(0, kept.Length), kept);
        await vfs.UnlinkAsync(FileCaller.Root, "/f");
        await vfs.WriteAsync("/h", content[..MiB]);
        AssertSame(content.AsMemory(0, MiB), await vfs.ReadBytesAsync("/h"));
    }

    [Fact]
    public void The_swap_file_is_sparse_private_wiped_and_not_shared()
    {
        string path = Path.Combine(_directory, SwapFile.FileName);
        File.WriteAllText(path, "of the last boot");

        using SwapFile swap = SwapFile.Open(_directory, 8 * MiB);

        Assert.Equal(8 * MiB, new FileInfo(path).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => SwapFile.Open(_directory, 8 * MiB)).Errno);
        swap.Dispose();
        Assert.Equal(new byte[16], File.ReadAllBytes(path)[..16]);
    }

    [Fact]
    public void A_link_in_the_place_of_the_swap_file_is_refused()
    {
        string victim = Path.Combine(_directory, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(Path.Combine(_directory, SwapFile.FileName), victim);

        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => SwapFile.Open(_directory, MiB)).Errno);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    private static void AssertSame(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual) =>
        Assert.True(expected.Span.SequenceEqual(actual.Span), $"{expected.Length} and {actual.Length} bytes are not the same.");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
