using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.Worlds;

public sealed class WorldTableTests
{
    [Fact]
    public async Task A_spawned_world_has_its_own_id_and_its_parents_group_and_directory()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.ChdirAsync("/tmp");
            int parent = await k.GetpidAsync();
            int group = await k.GetpgidAsync(0);
            (int Pid, int Parent, int Group, string Directory) seen = default;
            int child = await k.SpawnAsync(kernel.Request(async c =>
            {
                seen = (await c.GetpidAsync(), await c.GetppidAsync(), await c.GetpgidAsync(0), await c.GetcwdAsync());
                return 7;
            }));
            WaitResult result = await k.WaitpidAsync(child);
            Assert.Equal((child, parent, group, "/tmp"), seen);
            Assert.Equal((child, 7), (result.WorldId, result.Status.ExitCode));
            Assert.NotEqual(parent, child);
        });
    }

    [Fact]
    public async Task A_zombie_stays_until_it_is_reaped()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(static _ => Task.FromResult(0)));
            await kernel.Table.Find(child)!.Completion;
            Assert.Equal(WorldState.Zombie, kernel.Table.Find(child)!.State);
            await k.KillAsync(child, Signal.SIGTERM);
            await k.WaitpidAsync(child);
            Assert.Null(kernel.Table.Find(child));
            await Fails.WithAsync(Errno.ESRCH, () => k.KillAsync(child, Signal.None));
        });
    }

    [Fact]
    public async Task Orphans_are_adopted_and_reaped_by_init()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        World? orphan = null;
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(async c =>
            {
                await c.PauseAsync();
                return 0;
            }));
            orphan = kernel.Table.Find(child);
        });
        Assert.Equal(1, orphan!.ParentId);
        kernel.Table.Signal(orphan.Id, Signal.SIGTERM);
        Assert.Equal((int)Signal.SIGTERM, (await orphan.Completion).TerminatingSignal);
        await UntilAsync(() => kernel.Table.Find(orphan.Id) is null);
    }

    [Fact]
    public async Task A_crash_ends_its_own_world_only_and_keeps_the_exception()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(static _ => throw new InvalidDataException("broken")));
            World world = kernel.Table.Find(child)!;
            WaitResult result = await k.WaitpidAsync(child);
            Assert.True(result.Status.IsSignaled);
            Assert.Equal(WaitStatus.CrashSignal, result.Status.TerminatingSignal);
            Assert.Equal("broken", Assert.IsType<InvalidDataException>(world.Crash).Message);
        });
    }

    [Fact]
    public async Task A_killed_world_that_spins_is_a_zombie_after_the_grace_and_reported_as_one_that_cannot_be_stopped()
    {
        await using TestKernel kernel = await TestKernel.StartAsync(o => o with { Grace = TimeSpan.FromMilliseconds(50) });
        bool mayEnd = false;
        Exception? afterwards = null;
        string path = kernel.Program(k =>
        {
            k.PipeAsync().AsTask().GetAwaiter().GetResult();
            while (!Volatile.Read(ref mayEnd))
            {
                Thread.SpinWait(100);
            }

            afterwards = Record.Exception(() => k.GetpidAsync().AsTask().GetAwaiter().GetResult());
            return Task.FromResult(0);
        });
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(path, ["spin"]));
        await UntilAsync(() => world.OpenFileCount == 2);
        kernel.Table.Signal(world.Id, Signal.SIGKILL);
        Assert.Equal((int)Signal.SIGKILL, (await world.Completion).TerminatingSignal);
        Assert.True(world.CannotBeStopped);
        Assert.Contains(world, kernel.Table.Lingering);
        Assert.Equal(0, world.OpenFileCount);
        TimeSpan before = world.CpuTime;
        await UntilAsync(() => world.CpuTime > before);
        Volatile.Write(ref mayEnd, true);
        await UntilAsync(() => kernel.Table.Lingering.Count == 0);
        Assert.False(world.CannotBeStopped);
        Assert.IsType<WorldEndedException>(afterwards);
    }

    [Fact]
    public async Task More_worlds_than_allowed_are_EAGAIN()
    {
        await using TestKernel kernel = await TestKernel.StartAsync(o => o with { Limits = new WorldLimits { Worlds = 3 } });
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(static _ => Task.FromResult(0)));
            await Fails.WithAsync(Errno.EAGAIN, () => k.SpawnAsync(kernel.Request(static _ => Task.FromResult(0))));
            await k.WaitpidAsync(child);
            await k.WaitpidAsync(await k.SpawnAsync(kernel.Request(static _ => Task.FromResult(0))));
        });
    }

    [Fact]
    public async Task A_user_has_no_more_worlds_than_RLIMIT_NPROC()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(
            async k =>
            {
                await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_NPROC, new ResourceLimit(2, 2));
                int child = await k.SpawnAsync(kernel.Request(static _ => Task.FromResult(0)));
                await Fails.WithAsync(Errno.EAGAIN, () => k.SpawnAsync(kernel.Request(static _ => Task.FromResult(0))));
                await Fails.WithAsync(Errno.EPERM, () => k.SetrlimitAsync(ResourceLimitKind.RLIMIT_NPROC, new ResourceLimit(2, 9)));
                await k.WaitpidAsync(child);
            },
            new Credentials(100, 100, []));
    }

    [Fact]
    public async Task Memory_beyond_the_limit_is_ENOMEM_and_charges_nothing()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await k.SetrlimitAsync(ResourceLimitKind.RLIMIT_AS, new ResourceLimit(1000, 1000));
            MemoryAccount memory = kernel.Table.Find(await k.GetpidAsync())!.Memory;
            memory.Charge(900);
            Assert.Equal(Errno.ENOMEM, Assert.Throws<KernelException>(() => memory.Charge(101)).Errno);
            Assert.Equal((900, 1), (memory.Consumed, memory.Refused));
            memory.Uncharge(500);
            memory.Charge(600);
            Assert.Equal((1000, 1000), (memory.Consumed, memory.Peak));
        });
    }

    [Fact]
    public async Task Only_root_starts_worlds_of_other_users()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        var user = new Credentials(100, 100, []);
        await kernel.RunAsync(
            async k =>
            {
                SpawnRequest root = kernel.Request(static _ => Task.FromResult(0)) with { Credentials = Credentials.Root };
                await Fails.WithAsync(Errno.EPERM, () => k.SpawnAsync(root));
                await Fails.WithAsync(Errno.EPERM, () => k.SpawnAsync(root with { Credentials = user with { Groups = [5] } }));
                await k.WaitpidAsync(await k.SpawnAsync(root with { Credentials = user }));
            },
            user);
    }

    [Fact]
    public async Task Descriptors_are_inherited_unless_marked_and_as_the_file_actions_say()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int kept = await k.OpenAsync("/tmp/a", OpenFlags.O_CREAT | OpenFlags.O_RDWR, 0x1A4);
            int marked = await k.OpenAsync("/tmp/a", OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC);
            await k.WriteAsync(kept, "abc"u8.ToArray());
            SpawnRequest request = kernel.Request(async c =>
            {
                await Fails.WithAsync(Errno.EBADF, () => c.FstatAsync(marked));
                await Fails.WithAsync(Errno.EBADF, () => c.FstatAsync(kept));
                await c.WriteAsync(9, "d"u8.ToArray());
                var buffer = new byte[8];
                Assert.Equal(4, await c.ReadAsync(10, buffer));
                return 5;
            }) with
            {
                FileActions =
                [
                    SpawnFileAction.Dup2(kept, 9), SpawnFileAction.Close(kept), SpawnFileAction.Close(77),
                    SpawnFileAction.Open(10, "/tmp/a", OpenFlags.O_RDONLY, 0),
                ],
            };
            Assert.Equal(5, (await k.WaitpidAsync(await k.SpawnAsync(request))).Status.ExitCode);
            Assert.Equal(4, await k.LseekAsync(kept, 0, SeekOrigin.Current));
        });
    }

    [Fact]
    public async Task Exec_replaces_the_program_and_keeps_the_world()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        Exception? old = null;
        int pid = 0;
        (int Pid, SignalDisposition Caught, SignalDisposition Ignored) seen = default;
        string next = kernel.Program(async k =>
        {
            seen = (
                await k.GetpidAsync(),
                (await k.SigactionAsync(Signal.SIGUSR1, null)).Disposition,
                (await k.SigactionAsync(Signal.SIGUSR2, null)).Disposition);
            await Fails.WithAsync(Errno.EBADF, () => k.FstatAsync(0));
            return 42;
        });
        string first = kernel.Program(async k =>
        {
            pid = await k.GetpidAsync();
            await k.PipeAsync(OpenFlags.O_CLOEXEC);
            await k.SigactionAsync(Signal.SIGUSR1, SignalAction.Handle(static (_, _) => default));
            await k.SigactionAsync(Signal.SIGUSR2, SignalAction.Ignore);
            await Fails.WithAsync(Errno.ENOENT, () => k.ExecAsync("/bin/nothing", []));
            try
            {
                await k.ExecAsync(next, ["next"]);
            }
            catch (Exception thrown)
            {
                old = thrown;
                throw;
            }

            return 1;
        });
        World world = await kernel.Table.SpawnAsync(new SpawnRequest(first, ["first"]));
        Assert.Equal(42, (await world.Completion).ExitCode);
        Assert.IsType<WorldEndedException>(old);
        Assert.Equal((pid, SignalDisposition.Default, SignalDisposition.Ignore), seen);
        Assert.Equal(["next"], world.Arguments);
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_ENOEXEC_and_one_that_may_not_be_executed_EACCES()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        kernel.Files.Put("/tmp/text", 0x1ED);
        kernel.Files.Put("/tmp/plain", 0x1A4);
        await kernel.RunAsync(async k =>
        {
            await Fails.WithAsync(Errno.ENOEXEC, () => k.SpawnAsync(new SpawnRequest("/tmp/text", [])));
            await Fails.WithAsync(Errno.EACCES, () => k.SpawnAsync(new SpawnRequest("/tmp/plain", [])));
            await Fails.WithAsync(Errno.ENOENT, () => k.SpawnAsync(new SpawnRequest("/tmp/none", [])));
            await Fails.WithAsync(Errno.E2BIG, () => k.SpawnAsync(new SpawnRequest("/tmp/text", [new string('x', 2 << 20)])));
        });
    }

    [Fact]
    public async Task Threads_are_created_joined_detached_and_limited()
    {
        await using TestKernel kernel = await TestKernel.StartAsync(o => o with { Limits = new WorldLimits { ThreadsPerWorld = 3 } });
        await kernel.RunAsync(async k =>
        {
            int one = await k.ThreadCreateAsync(static async t => 10 + await t.ThreadSelfAsync());
            Assert.Equal(10 + one, await k.ThreadJoinAsync(one));
            await Fails.WithAsync(Errno.ESRCH, () => k.ThreadJoinAsync(one));
            DescriptorPair pipe = await k.PipeAsync();
            int two = await k.ThreadCreateAsync(async t => await t.ReadAsync(pipe.Read, new byte[1]));
            int three = await k.ThreadCreateAsync(static async t =>
            {
                await t.PauseAsync();
                return 0;
            });
            await Fails.WithAsync(Errno.EAGAIN, () => k.ThreadCreateAsync(static _ => Task.FromResult(0)));
            await k.ThreadDetachAsync(three);
            await Fails.WithAsync(Errno.EINVAL, () => k.ThreadJoinAsync(three));
            await k.WriteAsync(pipe.Write, new byte[1]);
            Assert.Equal(1, await k.ThreadJoinAsync(two));
        });
    }

    [Fact]
    public async Task Exit_ends_all_threads()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        Exception? seen = null;
        SpawnRequest request = kernel.Request(async k =>
        {
            await k.ThreadCreateAsync(async t =>
            {
                seen = await Record.ExceptionAsync(async () => await t.NanosleepAsync(TimeSpan.FromHours(1)));
                return 0;
            });
            await k.ExitAsync(3);
            return 4;
        });
        World world = await kernel.Table.SpawnAsync(request);
        Assert.Equal(3, (await world.Completion).ExitCode);
        Assert.IsType<WorldEndedException>(seen);
    }

    [Fact]
    public async Task Cpu_time_counts_for_the_thread_that_works_and_for_its_world()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            long idle = 0;
            int worker = await k.ThreadCreateAsync(static async t =>
            {
                while (await t.ClockGettimeAsync(ClockId.CLOCK_THREAD_CPUTIME_ID) < 20_000_000)
                {
                    Thread.SpinWait(1000);
                }

                return 0;
            });
            await k.ThreadJoinAsync(worker);
            idle = await k.ClockGettimeAsync(ClockId.CLOCK_THREAD_CPUTIME_ID);
            long all = await k.ClockGettimeAsync(ClockId.CLOCK_PROCESS_CPUTIME_ID);
            Assert.True(all >= 20_000_000 && all > idle, $"{all} {idle}");
            Assert.True((await k.TimesAsync()).Own >= TimeSpan.FromMilliseconds(20));
        });
    }

    [Fact]
    public async Task When_init_ends_all_worlds_end()
    {
        TestKernel kernel = await TestKernel.StartAsync();
        World world = await kernel.Table.SpawnAsync(kernel.Request(static async k =>
        {
            await k.PauseAsync();
            return 0;
        }));
        await kernel.DisposeAsync();
        Assert.Equal((int)Signal.SIGKILL, (await world.Completion).TerminatingSignal);
        Assert.Empty(kernel.Table.Worlds);
    }

    [Fact]
    public async Task The_state_tells_blocked_stopped_and_zombie()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        World world = await kernel.Table.SpawnAsync(kernel.Request(static async k =>
        {
            await k.PauseAsync();
            return 0;
        }));
        await UntilAsync(() => world.State == WorldState.Blocked);
        kernel.Table.Signal(world.Id, Signal.SIGSTOP);
        Assert.Equal(WorldState.Stopped, world.State);
        kernel.Table.Signal(world.Id, Signal.SIGKILL);
        await world.Completion;
        Assert.Equal(WorldState.Zombie, world.State);
    }

    /// <summary>Waits for something that comes by itself; the test's own time limit is what fails it.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(2, limit.Token);
        }
    }
}
