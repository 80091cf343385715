using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.Signals;

public sealed class SignalTests
{
    private static readonly Signal[] s_deadly =
    [
        Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGKILL, Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGPIPE, Signal.SIGALRM, Signal.SIGTERM,
    ];

    public static TheoryData<Signal> Deadly => [.. s_deadly];

    [Theory]
    [MemberData(nameof(Deadly))]
    public async Task By_default_it_ends_the_world(Signal signal)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int child = await SpawnWaiterAsync(kernel, k);
            await k.KillAsync(child, signal);
            Assert.Equal(WaitStatus.Signaled((int)signal), (await k.WaitpidAsync(child)).Status);
        });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(31)]
    [InlineData(34)]
    [InlineData(64)]
    [InlineData(-1)]
    [InlineData(9999)]
    public async Task Any_other_number_is_EINVAL(int number)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int self = await k.GetpidAsync();
            await Fails.WithAsync(Errno.EINVAL, () => k.KillAsync(self, (Signal)number));
            await Fails.WithAsync(Errno.EINVAL, () => k.SigactionAsync((Signal)number, SignalAction.Ignore));
        });
    }

    [Theory]
    [InlineData(Signal.SIGKILL)]
    [InlineData(Signal.SIGSTOP)]
    public async Task KILL_and_STOP_cannot_be_caught_ignored_or_blocked(Signal signal)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            await Fails.WithAsync(Errno.EINVAL, () => k.SigactionAsync(signal, SignalAction.Ignore));
            await Fails.WithAsync(Errno.EINVAL, () => k.SigactionAsync(signal, SignalAction.Handle(static (_, _) => default)));
            Assert.Equal(SignalDisposition.Default, (await k.SigactionAsync(signal, null)).Disposition);
            await k.SigprocmaskAsync(MaskChange.SIG_SETMASK, SignalSet.Of(signal, Signal.SIGUSR1));
            Assert.Equal(SignalSet.Of(Signal.SIGUSR1), await k.SigprocmaskAsync(MaskChange.SIG_BLOCK, SignalSet.Empty));
        });
    }

    [Fact]
    public async Task A_stopped_world_makes_no_progress_until_it_is_continued()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        long count = 0;
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(async c =>
            {
                while (true)
                {
                    await c.GetpidAsync();
                    Interlocked.Increment(ref count);
                    await Task.Yield();
                }
            }));
            await WorldTableTests.UntilAsync(() => Interlocked.Read(ref count) > 100);
            await k.KillAsync(child, Signal.SIGSTOP);
            Assert.True((await k.WaitpidAsync(child, WaitOptions.WUNTRACED)).Status.IsStopped);
            Assert.Equal(WorldState.Stopped, kernel.Table.Find(child)!.State);
            World world = kernel.Table.Find(child)!;

            // What is on a processor at this moment comes to its next step, then no more.
            await WorldTableTests.UntilAsync(() => world.RunningTasks == 0);
            long stopped = Interlocked.Read(ref count);
            for (int i = 0; i < 1000; i++)
            {
                await Task.Yield();
            }

            Assert.Equal(stopped, Interlocked.Read(ref count));
            await k.KillAsync(child, Signal.SIGCONT);
            Assert.True((await k.WaitpidAsync(child, WaitOptions.WCONTINUED)).Status.IsContinued);
            await WorldTableTests.UntilAsync(() => Interlocked.Read(ref count) > stopped + 100);
            await k.KillAsync(child, Signal.SIGKILL);
            await k.WaitpidAsync(child);
        });
    }

    [Fact]
    public async Task What_a_stopped_world_gets_takes_effect_when_it_goes_on_but_KILL_at_once()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int one = await SpawnWaiterAsync(kernel, k);
            await k.KillAsync(one, Signal.SIGSTOP);
            await k.WaitpidAsync(one, WaitOptions.WUNTRACED);
            await k.KillAsync(one, Signal.SIGTERM);
            Assert.Equal(0, (await k.WaitpidAsync(one, WaitOptions.WNOHANG)).WorldId);
            await k.KillAsync(one, Signal.SIGCONT);
            Assert.Equal(15, (await k.WaitpidAsync(one)).Status.TerminatingSignal);

            int two = await SpawnWaiterAsync(kernel, k);
            await k.KillAsync(two, Signal.SIGSTOP);
            await k.KillAsync(two, Signal.SIGKILL);
            Assert.Equal(9, (await k.WaitpidAsync(two)).Status.TerminatingSignal);
        });
    }

    [Fact]
    public async Task Init_takes_no_signal_for_which_it_has_no_handler()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            foreach (Signal signal in s_deadly.Append(Signal.SIGSTOP))
            {
                await k.KillAsync(1, signal);
            }

            Assert.Null(kernel.Table.Find(1)!.ExitStatus);
            Assert.NotEqual(WorldState.Stopped, kernel.Table.Find(1)!.State);
        });
    }

    [Fact]
    public async Task A_handler_without_SA_RESTART_fails_a_read_with_EINTR_and_one_with_it_does_not()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            DescriptorPair pipe = await k.PipeAsync();
            DescriptorPair ready = await k.PipeAsync();
            int caught = 0;
            int child = await k.SpawnAsync(kernel.Request(async c =>
            {
                SignalHandler handler = (_, _) =>
                {
                    Interlocked.Increment(ref caught);
                    return default;
                };
                await c.SigactionAsync(Signal.SIGUSR1, SignalAction.Handle(handler, SignalFlags.SA_RESTART));
                await c.SigactionAsync(Signal.SIGUSR2, SignalAction.Handle(handler));
                await c.WriteAsync(ready.Write, new byte[1]);
                await Fails.WithAsync(Errno.EINTR, () => c.ReadAsync(pipe.Read, new byte[1]));
                return Volatile.Read(ref caught);
            }));
            await k.ReadAsync(ready.Read, new byte[1]);
            World world = kernel.Table.Find(child)!;
            await WorldTableTests.UntilAsync(() => world.State == WorldState.Blocked);
            await k.KillAsync(child, Signal.SIGUSR1);
            await WorldTableTests.UntilAsync(() => Volatile.Read(ref caught) == 1 && world.State == WorldState.Blocked);
            await k.KillAsync(child, Signal.SIGUSR2);
            Assert.Equal(WaitStatus.Exited(2), (await k.WaitpidAsync(child)).Status);
        });
    }

    [Fact]
    public async Task A_sleep_that_a_signal_ends_tells_the_time_that_is_left()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int child = await k.SpawnAsync(kernel.Request(static async c =>
            {
                await c.SigactionAsync(Signal.SIGALRM, SignalAction.Handle(static (_, _) => default, SignalFlags.SA_RESTART));
                await c.AlarmAsync(1);
                TimeSpan left = await c.NanosleepAsync(TimeSpan.FromMinutes(10));
                Assert.InRange(left, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(900));
                Assert.Equal(TimeSpan.Zero, await c.NanosleepAsync(TimeSpan.FromMilliseconds(1)));
                return 0;
            }));
            Assert.Equal(WaitStatus.Exited(0), (await k.WaitpidAsync(child)).Status);
        });
    }

    [Fact]
    public async Task The_handler_runs_with_its_mask_and_a_second_signal_waits_until_it_is_over()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            var order = new List<string>();
            int self = await k.GetpidAsync();
            await k.SigactionAsync(Signal.SIGUSR2, SignalAction.Handle((_, _) =>
            {
                order.Add("two");
                return default;
            }));
            await k.SigactionAsync(Signal.SIGUSR1, SignalAction.Handle(
                async (_, calls) =>
                {
                    order.Add("one starts");
                    await calls.KillAsync(self, Signal.SIGUSR2);
                    await calls.KillAsync(self, Signal.SIGUSR1);
                    Assert.Equal(SignalSet.Of(Signal.SIGUSR1, Signal.SIGUSR2), await calls.SigpendingAsync());
                    await calls.SigactionAsync(Signal.SIGUSR1, SignalAction.Ignore);
                    order.Add("one ends");
                },
                mask: SignalSet.Of(Signal.SIGUSR2)));
            await k.KillAsync(self, Signal.SIGUSR1);
            Assert.Equal(["one starts", "one ends", "two"], order);
            Assert.Equal(SignalSet.Empty, await k.SigpendingAsync());
        });
    }

    [Fact]
    public async Task A_signal_goes_to_a_thread_that_does_not_block_it()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int self = await k.GetpidAsync();
            int taker = 0;
            await k.SigactionAsync(Signal.SIGUSR1, SignalAction.Handle(async (_, calls) => taker = await calls.ThreadSelfAsync()));
            int other = await k.ThreadCreateAsync(static async t =>
            {
                await Fails.WithAsync(Errno.EINTR, t.PauseAsync);
                return 1;
            });
            await k.SigprocmaskAsync(MaskChange.SIG_BLOCK, SignalSet.Of(Signal.SIGUSR1));
            World world = kernel.Table.Find(self)!;
            await WorldTableTests.UntilAsync(() => world.RunningTasks == 0 || world.State == WorldState.Running);
            int joined = 0;
            Task join = Task.Run(async () => joined = await k.ThreadJoinAsync(other));
            while (!join.IsCompleted)
            {
                // The thread may not be in pause() yet; a signal that came before does not end it.
                kernel.Table.Signal(self, Signal.SIGUSR1);
                await Task.WhenAny(join, Task.Delay(5));
            }

            Assert.Equal((other, 1), (taker, joined));
            await k.SigactionAsync(Signal.SIGUSR1, SignalAction.Ignore);
        });
    }

    [Fact]
    public async Task A_world_of_another_user_may_not_be_signalled()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        World of7 = await kernel.Table.SpawnAsync(Waiter(kernel) with { Credentials = new Credentials(7, 7, []) });
        await kernel.RunAsync(
            async k =>
            {
                foreach (Signal signal in new[] { Signal.None, Signal.SIGTERM, Signal.SIGKILL, Signal.SIGCONT })
                {
                    await Fails.WithAsync(Errno.EPERM, () => k.KillAsync(of7.Id, signal));
                }

                await Fails.WithAsync(Errno.EPERM, () => k.KillAsync(1, Signal.None));
            },
            new Credentials(8, 8, []));
        Assert.Null(of7.ExitStatus);
        await kernel.RunAsync(async k => await k.KillAsync(of7.Id, Signal.SIGTERM), new Credentials(7, 7, []));
        Assert.Equal(15, (await of7.Completion).TerminatingSignal);
    }

    [Fact]
    public async Task A_group_is_signalled_as_a_whole()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            int leader = await k.SpawnAsync(Waiter(kernel) with { ProcessGroup = 0 });
            int member = await k.SpawnAsync(Waiter(kernel) with { ProcessGroup = leader });
            int other = await SpawnWaiterAsync(kernel, k);
            await k.KillAsync(-leader, Signal.SIGTERM);
            Assert.Equal(
                new[] { leader, member }.Order(),
                new[] { (await k.WaitpidAsync(-leader)).WorldId, (await k.WaitpidAsync(-leader)).WorldId }.Order());
            await Fails.WithAsync(Errno.ECHILD, () => k.WaitpidAsync(-leader));
            await Fails.WithAsync(Errno.ESRCH, () => k.KillAsync(-leader, Signal.None));
            await k.KillAsync(other, Signal.SIGKILL);
            await k.WaitpidAsync(other);
        });
    }

    [Fact]
    public async Task A_signal_that_nobody_handles_ends_a_world_that_waits_for_its_threads()
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        World world = await kernel.Table.SpawnAsync(kernel.Request(static async k =>
            await k.ThreadJoinAsync(await k.ThreadCreateAsync(static async t =>
            {
                await t.PauseAsync();
                return 0;
            }))));
        await WorldTableTests.UntilAsync(() => world.State == WorldState.Blocked && world.ThreadCount == 2);
        kernel.Table.Signal(world.Id, Signal.SIGTERM);
        Assert.Equal(15, (await world.Completion).TerminatingSignal);
    }

    internal static SpawnRequest Waiter(TestKernel kernel) => kernel.Request(static async c =>
    {
        await c.PauseAsync();
        return 0;
    });

    internal static ValueTask<int> SpawnWaiterAsync(TestKernel kernel, ISystemCalls k) => k.SpawnAsync(Waiter(kernel));
}
