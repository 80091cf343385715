using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.SystemCalls.Memory;
using CimHost.VmKernel.Tests.FileSystem;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.SystemCalls;

/// <summary>Memory that worlds have from the kernel: what it costs them, and where it goes when memory is short.</summary>
public sealed class WorldMemoryTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const int Piece = 64 << 10;

    private readonly string _directory = Directory.CreateTempSubdirectory("cimhost-memory-").FullName;
    private readonly PageBudget _budget = new(4 * MiB);

    public void Dispose()
    {
        _budget.Swap?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Three_times_the_budget_through_two_worlds_reads_back_intact_from_swap_and_their_end_gives_all_back()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 16 * MiB));
        await using TestKernel kernel = await StartAsync();

        await Task.WhenAll(new[] { 1, 2 }.Select(seed => kernel.RunAsync(async k =>
        {
            byte[] content = TestFiles.Pattern(6 * MiB, seed);
            int memory = await k.MemfdCreateAsync("large");
            await FillAsync(k, memory, content);
            Assert.Equal(content.Length, (await k.FstatAsync(memory)).Size);
            Assert.Equal(6 * MiB, kernel.Table.Find(await k.GetpidAsync())!.Memory.Consumed);
            await AssertHoldsAsync(k, memory, content);
            await AssertHoldsAsync(k, memory, content);
        })));

        Assert.True(_budget.PagesSwappedOut >= 8 * MiB / PageBudget.PageSize, $"{_budget.PagesSwappedOut} pages went to swap.");
        Assert.True(_budget.PagesSwappedIn > 0);
        await WorldTableTests.UntilAsync(() => _budget.CommittedBytes == 0 && _budget.ResidentBytes == 0 && _budget.Swap!.UsedBytes == 0);
    }

    [Fact]
    public async Task Without_swap_the_host_s_memory_is_the_limit_and_what_was_written_stays()
    {
        await using TestKernel kernel = await StartAsync();
        await kernel.RunAsync(async k =>
        {
            byte[] content = TestFiles.Pattern(4 * MiB, 1);
            int memory = await k.MemfdCreateAsync("all");
            await FillAsync(k, memory, content);
            await Fails.WithAsync(Errno.ENOMEM, () => k.WriteAsync(memory, new byte[1]));
            int second = await k.MemfdCreateAsync("none");
            await Fails.WithAsync(Errno.ENOMEM, () => k.WriteAsync(second, new byte[1]));
            await AssertHoldsAsync(k, memory, content);
            await k.CloseAsync(memory);
            Assert.Equal(1, await k.WriteAsync(second, new byte[1]));
        });
        Assert.Equal(0, _budget.CommittedBytes);
    }

    [Fact]
    public async Task Its_size_in_pages_counts_against_the_limit_of_the_world_that_made_it()
    {
        await using TestKernel kernel = await StartAsync();
        await kernel.RunAsync(async k =>
        {
            MemoryAccount account = kernel.Table.Find(await k.GetpidAsync())!.Memory;
            await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_AS, new ResourceLimit(MiB, MiB));
            int memory = await k.MemfdCreateAsync("limited");
            await k.FtruncateAsync(memory, 5_000);
            Assert.Equal(8_192, account.Consumed);
            await k.FtruncateAsync(memory, MiB);
            await Fails.WithAsync(Errno.ENOMEM, () => k.FtruncateAsync(memory, MiB + 1));
            await Fails.WithAsync(Errno.ENOMEM, () => k.PwriteAsync(memory, new byte[2], MiB - 1));
            Assert.Equal(((long)MiB, (long)MiB, 2L), (account.Consumed, (await k.FstatAsync(memory)).Size, account.Refused));
            Assert.Equal(2, await k.PwriteAsync(memory, new byte[2], MiB - 2));
            await k.FtruncateAsync(memory, 1);
            Assert.Equal(4_096, account.Consumed);
            await k.CloseAsync(memory);
            Assert.Equal(0, account.Consumed);
        });
    }

    [Fact]
    public async Task A_child_shares_it_and_keeps_it_when_its_parent_has_closed_it()
    {
        await using TestKernel kernel = await StartAsync();
        await kernel.RunAsync(async k =>
        {
            int memory = await k.MemfdCreateAsync("shared");
            await k.WriteAsync(memory, "parent"u8.ToArray());
            DescriptorPair pipe = await k.PipeAsync();
            int child = await k.SpawnAsync(kernel.Request(async c =>
            {
                await c.ReadAsync(pipe.Read, new byte[1]);
                byte[] buffer = new byte[9];
                return await c.PreadAsync(memory, buffer, 0) == 7 && buffer.AsSpan(0, 7).SequenceEqual("parent!"u8) ? 0 : 1;
            }));
            await k.WriteAsync(memory, "!"u8.ToArray());
            await k.CloseAsync(memory);
            await k.WriteAsync(pipe.Write, new byte[1]);
            Assert.Equal(WaitStatus.Exited(0), (await k.WaitpidAsync(child)).Status);
        });
        Assert.Equal(0, _budget.CommittedBytes);
    }

    [Fact]
    public async Task It_has_an_offset_and_a_size_as_a_file_has()
    {
        await using TestKernel kernel = await StartAsync();
        await kernel.RunAsync(async k =>
        {
            int memory = await k.MemfdCreateAsync("file", OpenFlags.O_CLOEXEC);
            Assert.Equal(1, await k.FcntlAsync(memory, FcntlCommand.F_GETFD));
            Assert.Equal(5, await k.WriteAsync(memory, "hello"u8.ToArray()));
            Assert.Equal(1, await k.LseekAsync(memory, -4, SeekOrigin.Current));
            byte[] buffer = new byte[9];
            Assert.Equal(4, await k.ReadAsync(memory, buffer));
            Assert.Equal("ello"u8.ToArray(), buffer[..4]);
            Assert.Equal(8_192, await k.LseekAsync(memory, 8_187, SeekOrigin.End));
            await k.WriteAsync(memory, "far"u8.ToArray());
            Assert.Equal(9, await k.PreadAsync(memory, buffer, 8_185));
            Assert.Equal("\0\0\0\0\0\0\0fa"u8.ToArray(), buffer);
            await k.LseekAsync(memory, 0, SeekOrigin.Begin);
            await k.FcntlAsync(memory, FcntlCommand.F_SETFL, (int)OpenFlags.O_APPEND);
            await k.WriteAsync(memory, "end"u8.ToArray());
            Stat stat = await k.FstatAsync(memory);
            Assert.Equal((0x81FF, 0, 8_198L, 8_198L), (stat.Mode, stat.LinkCount, stat.Size, await k.LseekAsync(memory, 0, SeekOrigin.Current)));
            await k.FsyncAsync(memory);
            await Fails.WithAsync(Errno.EINVAL, () => k.LseekAsync(memory, -1, SeekOrigin.Begin));
            await Fails.WithAsync(Errno.EINVAL, () => k.PreadAsync(memory, buffer, -1));
            await Fails.WithAsync(Errno.EFBIG, () => k.PwriteAsync(memory, buffer, long.MaxValue - 4));
            await Fails.WithAsync(Errno.ENOTDIR, () => k.ReaddirAsync(memory, 0, 1));
            await Fails.WithAsync(Errno.EINVAL, () => k.MemfdCreateAsync("flags", OpenFlags.O_APPEND));
            await Fails.WithAsync(Errno.EINVAL, () => k.MemfdCreateAsync(new string('n', 250)));
        });
    }

    [Fact]
    public async Task A_pipe_is_charged_until_both_its_ends_are_closed()
    {
        await using TestKernel kernel = await StartAsync();
        await kernel.RunAsync(async k =>
        {
            MemoryAccount account = kernel.Table.Find(await k.GetpidAsync())!.Memory;
            await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_AS, new ResourceLimit(100_000, 100_000));
            DescriptorPair pipe = await k.PipeAsync();
            Assert.Equal(65_536, account.Consumed);
            await Fails.WithAsync(Errno.ENOMEM, () => k.PipeAsync());
            await k.CloseAsync(pipe.Write);
            Assert.Equal(65_536, account.Consumed);
            await k.CloseAsync(pipe.Read);
            Assert.Equal(0, account.Consumed);

            // Descriptors that are refused leave nothing charged.
            await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_NOFILE, new ResourceLimit(1, 1));
            await Fails.WithAsync(Errno.EMFILE, () => k.PipeAsync());
            Assert.Equal(0, account.Consumed);
        });
    }

    [Fact]
    public async Task A_world_that_is_killed_while_it_writes_leaves_nothing_behind()
    {
        _budget.AttachSwap(SwapFile.Open(_directory, 16 * MiB));
        await using TestKernel kernel = await StartAsync();
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(async c =>
            {
                int memory = await c.MemfdCreateAsync("endless");
                for (long at = 0; ; at = (at + Piece) % (12 * MiB))
                {
                    await c.PwriteAsync(memory, new byte[Piece], at);
                }
            }));
            await WorldTableTests.UntilAsync(() => _budget.Swap!.UsedBytes > 0);
            MemoryAccount account = kernel.Table.Find(child)!.Memory;
            await k.KillAsync(child, Signal.SIGKILL);
            Assert.Equal(WaitStatus.Signaled(9), (await k.WaitpidAsync(child)).Status);
            await WorldTableTests.UntilAsync(() => account.Consumed == 0);
        });
        await WorldTableTests.UntilAsync(() => _budget.CommittedBytes == 0 && _budget.ResidentBytes == 0 && _budget.Swap!.UsedBytes == 0);
    }

    [Fact]
    public async Task A_kernel_without_memory_for_worlds_says_ENOSYS()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k => await Fails.WithAsync(Errno.ENOSYS, () => k.MemfdCreateAsync("none")));
    }

    private static async Task FillAsync(ISystemCalls k, int memory, byte[] content)
    {
        for (int done = 0; done < content.Length;)
        {
            done += await k.WriteAsync(memory, content.AsMemory(done, Math.Min(Piece, content.Length - done)));
        }
    }

    private static async Task AssertHoldsAsync(ISystemCalls k, int memory, byte[] content)
    {
        byte[] piece = new byte[Piece];
        for (int done = 0; done < content.Length;)
        {
            int read = await k.PreadAsync(memory, piece, done);
            Assert.True(read > 0 && piece.AsSpan(0, read).SequenceEqual(content.AsSpan(done, read)), $"Other bytes at {done}.");
            done += read;
        }
    }

    private Task<TestKernel> StartAsync() => TestKernel.StartAsync(o => o with { Memory = new WorldMemory(_budget) });
}
