using System.Collections.Concurrent;
using System.Diagnostics;
using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Queueing;
using CimHost.VmKernel.Scheduling.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>Division of real processor time among in-process worlds. Shares are of CPU time, so that other load does not count.</summary>
[Collection(nameof(FairSchedulerTests))]
public sealed class FairSchedulerTests : IDisposable
{
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(1.5);
    private readonly ResourceTree _tree = ResourceTree.CreateDefault(1_000, 1L << 30);
    private readonly CancellationTokenSource _stop = new();
    private double _elapsed;
    private FairScheduler _scheduler = new(new FairSchedulerOptions { Workers = 1 }, NullLogger<FairScheduler>.Instance);

    public void Dispose()
    {
        _stop.Cancel();
        _scheduler.Dispose();
    }

    [Fact]
    public async Task Groups_with_shares_three_to_one_get_75_and_25_percent()
    {
        WorldQueue first = World("host/a", Cpu(3_000));
        WorldQueue second = World("host/b", Cpu(1_000));
        double share = await ShareOfFirstAsync(first, second);
        Assert.InRange(share, 0.72, 0.78);
    }

    [Fact]
    public async Task Worlds_of_one_group_share_by_their_own_shares()
    {
        ResourceGroup group = _tree.Get("host/user");
        WorldQueue first = _scheduler.CreateQueue(group, 1, "first", ResourceShares.Custom(300));
        WorldQueue second = _scheduler.CreateQueue(group, 2, "second", ResourceShares.Custom(100));
        double share = await ShareOfFirstAsync(first, second);
        Assert.InRange(share, 0.72, 0.78);
    }

    [Fact]
    public async Task A_group_with_many_worlds_gets_no_more_than_its_share()
    {
        WorldQueue alone = World("host/a", Cpu(1_000));
        ResourceGroup crowd = _tree.Create("host/b", Cpu(1_000));
        WorldQueue[] many = [.. Enumerable.Range(10, 8).Select(i => _scheduler.CreateQueue(crowd, i, $"w{i}"))];
        double[] used = await MeasureAsync([alone, .. many]);
        Assert.InRange(used[0] / used.Sum(), 0.47, 0.53);
    }

    [Fact]
    public async Task An_idle_worlds_share_goes_to_the_others_and_it_saves_nothing_up()
    {
        WorldQueue sleeper = World("host/a", Cpu(3_000));
        WorldQueue first = World("host/b", Cpu(1_000));
        WorldQueue second = World("host/c", Cpu(1_000));
        double[] asleep = await MeasureAsync(first, second);
        Assert.InRange(asleep[0] / asleep.Sum(), 0.47, 0.53);

        double[] awake = await MeasureAsync(sleeper, first, second);
        Assert.InRange(awake[0] / awake.Sum(), 0.57, 0.63);
    }

    [Fact]
    public async Task A_limit_is_a_ceiling_even_on_an_idle_host()
    {
        WorldQueue limited = World("host/a", Cpu(4_000, limit: 300));
        double[] used = await MeasureAsync(limited);
        AssertCeiling(used[0], 0.3);
        CimHost.VmKernel.Scheduling.Statistics.WorldUsage usage = Assert.Single(_scheduler.ReadUsage().Worlds);
        Assert.True(usage.Throttled > TimeSpan.Zero);
        Assert.True(usage.Throttled > usage.Ready);
    }

    [Fact]
    public async Task What_a_limit_leaves_goes_to_the_others()
    {
        WorldQueue limited = World("host/a", Cpu(9_000, limit: 200));
        WorldQueue free = World("host/b", Cpu(1_000));
        double[] used = await MeasureAsync(limited, free);

        // The ceiling is of wall time; on a host with other load the free world gets less of it.
        AssertCeiling(used[0], 0.2);
        Assert.True(used[1] > used[0]);
    }

    [Fact]
    public async Task A_limit_holds_for_everything_below_the_group()
    {
        _tree.Create("host/a", Cpu(8_000, limit: 200));
        WorldQueue inner1 = World("host/a/x", Cpu(3_000));
        WorldQueue inner2 = World("host/a/y", Cpu(1_000));
        WorldQueue free = World("host/b", Cpu(1_000));
        double[] used = await MeasureAsync(inner1, inner2, free);
        AssertCeiling(used[0] + used[1], 0.2);
        Assert.InRange(used[0] / (used[0] + used[1]), 0.60, 0.85);
        Assert.True(used[2] > 0);
    }

    [Fact]
    public async Task A_reservation_is_a_floor_whatever_the_shares_say()
    {
        WorldQueue reserved = World("host/a", Cpu(1_000, reservation: 600));
        WorldQueue greedy = World("host/b", Cpu(9_000));
        double share = await ShareOfFirstAsync(reserved, greedy);
        Assert.True(share >= 0.57, $"the world with 60 % reserved got {share:P1}");
    }

    [Fact]
    public async Task A_limit_that_is_lifted_lets_the_world_go_on()
    {
        WorldQueue world = World("host/a", Cpu(1_000, limit: 1));
        Task done = Run(world, TimeSpan.FromMilliseconds(100));
        _tree.Configure("host/a", ResourceKind.Cpu, Cpu(1_000));
        await done.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_thread_of_a_world_counts_its_own_CPU_time()
    {
        WorldQueue world = World("host/a", Cpu(1_000));
        WorldThread thread = world.CreateThread(2, "helper");
        await Run(thread, TimeSpan.FromMilliseconds(60));
        Assert.True(thread.CpuTime >= TimeSpan.FromMilliseconds(55));
        Assert.True(world.CpuTime < TimeSpan.FromMilliseconds(30));
        // The thread's time first: its last slice is charged a moment after its task has ended, and so may fall between two readings.
        TimeSpan ofThread = thread.CpuTime;
        Assert.True(_scheduler.ReadUsage().Worlds.Single().Cpu >= ofThread);
    }

    [Fact]
    public async Task Continuations_stay_in_the_world()
    {
        WorldQueue world = World("host/a", Cpu(1_000));
        TaskScheduler[] seen = await Start(world, async () =>
        {
            var found = new List<TaskScheduler> { TaskScheduler.Current };
            await Task.Delay(1);
            found.Add(TaskScheduler.Current);
            await FairScheduler.Yield();
            found.Add(TaskScheduler.Current);
            await Task.Yield();
            found.Add(TaskScheduler.Current);
            return found.ToArray();
        });
        Assert.All(seen, s => Assert.Same(world, s));
    }

    [Fact]
    public async Task A_terminated_world_leaves_its_loop_at_the_next_yield()
    {
        WorldQueue world = World("host/a", Cpu(1_000));
        Task loop = Start(world, async () =>
        {
            while (true)
            {
                await FairScheduler.YieldWhenDue();
            }
        });
        world.Terminate();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task An_abandoned_world_runs_nothing_more()
    {
        WorldQueue world = World("host/a", Cpu(1_000));
        int turns = 0;
        _ = Start(world, async () =>
        {
            while (true)
            {
                Interlocked.Increment(ref turns);
                await Task.Yield();
            }
        });
        world.Abandon();
        await Run(World("host/b", Cpu(1_000)), TimeSpan.FromMilliseconds(1));
        int then = turns;
        await Run(World("host/c", Cpu(1_000)), TimeSpan.FromMilliseconds(20));
        Assert.Equal(then, turns);
    }

    [Fact]
    public async Task A_world_that_spins_is_named_and_the_others_go_on()
    {
        Use(new FairSchedulerOptions { Workers = 1, StuckAfter = TimeSpan.FromMilliseconds(50), MaxReplacements = 2 });
        var named = new TaskCompletionSource<WorldOverrun>(TaskCreationOptions.RunContinuationsAsynchronously);
        _scheduler.Overrun += (_, o) => named.TrySetResult(o);
        WorldQueue spinner = World("host/a", Cpu(1_000));
        WorldQueue other = World("host/b", Cpu(1_000));
        Task spinning = Task.Factory.StartNew(() => SpinWait.SpinUntil(() => _stop.IsCancellationRequested), CancellationToken.None, TaskCreationOptions.None, spinner);

        await Run(other, TimeSpan.FromMilliseconds(50)).WaitAsync(TimeSpan.FromSeconds(60));

        WorldOverrun overrun = await named.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((spinner.WorldId, "host/a"), (overrun.WorldId, overrun.Group));
        Assert.False(spinning.IsCompleted);
        await _stop.CancelAsync();
        await spinning.WaitAsync(TimeSpan.FromSeconds(60));
        await Run(other, TimeSpan.FromMilliseconds(5)).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_world_that_goes_on_spinning_is_kept_to_the_last_processor_until_it_returns()
    {
        Use(new FairSchedulerOptions { Workers = 1, StuckAfter = TimeSpan.FromMilliseconds(20) });
        int thread = 0;
        Task spinning = Task.Factory.StartNew(Spin, CancellationToken.None, TaskCreationOptions.None, World("host/a", Cpu(1_000)));
        string last = Allowed(Environment.ProcessId).Split(',', '-')[^1];
        await UntilAsync(() => Volatile.Read(ref thread) != 0 && Allowed(thread) == last && _scheduler.Beats);

        await _stop.CancelAsync();
        await spinning.WaitAsync(TimeSpan.FromSeconds(60));
        await UntilAsync(() => !_scheduler.Beats);

        void Spin()
        {
            Volatile.Write(ref thread, ThreadClock.ThreadId());
            while (!_stop.IsCancellationRequested)
            {
            }
        }

        static string Allowed(int id) => File.ReadLines($"/proc/self/task/{id}/status").Single(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split(':')[1].Trim();

        static async Task UntilAsync(Func<bool> condition)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!condition())
            {
                await Task.Delay(10, limit.Token);
            }
        }
    }

    [Fact]
    public async Task Worlds_that_block_are_told_from_those_that_spin_and_replacements_are_bounded()
    {
        Use(new FairSchedulerOptions { Workers = 1, StuckAfter = TimeSpan.FromMilliseconds(20), MaxReplacements = 1 });
        var overruns = new BlockingCollection<WorldOverrun>();
        _scheduler.Overrun += (_, o) => overruns.Add(o);
        using var gate = new ManualResetEventSlim();
        WorldQueue blocker = World("host/a", Cpu(1_000));
        Task[] blocked = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(gate.Wait, CancellationToken.None, TaskCreationOptions.None, blocker))];

        // Two workers are held: the configured one and its only replacement.
        Assert.True(overruns.TryTake(out WorldOverrun? first, TimeSpan.FromSeconds(60)));
        Assert.Equal(OverrunKind.Blocking, first.Kind);
        Task other = Run(World("host/b", Cpu(1_000)), TimeSpan.FromMilliseconds(1));

        gate.Set();
        await Task.WhenAll([.. blocked, other]).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Work_after_the_world_has_ended_still_runs()
    {
        WorldQueue world = World("host/a", Cpu(1_000));
        world.Dispose();
        using var ran = new ManualResetEventSlim();
        Task.Factory.StartNew(ran.Set, CancellationToken.None, TaskCreationOptions.None, world);
        Assert.True(ran.Wait(TimeSpan.FromSeconds(60)));
        Assert.Empty(_scheduler.ReadUsage().Worlds);
        _tree.Remove("host/a");
    }

    private static ResourceAllocation Cpu(int shares, long reservation = 0, long limit = ResourceAllocation.Unlimited) =>
        new(ResourceShares.Custom(shares), reservation, limit);

    private static Task<T> Start<T>(WorldScheduler world, Func<Task<T>> program) =>
        Task.Factory.StartNew(program, CancellationToken.None, TaskCreationOptions.None, world).Unwrap();

    private static Task Start(WorldScheduler world, Func<Task> program) =>
        Task.Factory.StartNew(program, CancellationToken.None, TaskCreationOptions.None, world).Unwrap();

    // Computes until the world has used so much more CPU time.
    private static Task Run(WorldScheduler world, TimeSpan cpu) => Start(world, async () =>
    {
        for (TimeSpan start = world.CpuTime; world.CpuTime - start < cpu;)
        {
            Thread.SpinWait(200);
            await FairScheduler.Yield();
        }
    });

    private WorldQueue World(string path, ResourceAllocation cpu)
    {
        ResourceGroup group = _tree.Find(path) ?? _tree.Create(path, cpu);
        return _scheduler.CreateQueue(group, path.Sum(c => c), path);
    }

    private void Use(FairSchedulerOptions options)
    {
        _scheduler.Dispose();
        _scheduler = new FairScheduler(options, NullLogger<FairScheduler>.Instance);
    }

    private async Task<double> ShareOfFirstAsync(WorldQueue first, WorldQueue second)
    {
        double[] used = await MeasureAsync(first, second);
        return used[0] / used.Sum();
    }

    // Seconds of CPU of each world while all of them are busy.
    private async Task<double[]> MeasureAsync(params WorldQueue[] worlds)
    {
        using var stop = new CancellationTokenSource();
        Task[] running = [.. worlds.Select(w => Start(w, async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.SpinWait(100);
                await FairScheduler.YieldWhenDue();
            }
        }))];
        long start = Stopwatch.GetTimestamp();
        double[] before = Read(worlds);
        await Task.Delay(s_measured);
        double[] after = Read(worlds);
        _elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(running).WaitAsync(TimeSpan.FromSeconds(60));
        return [.. after.Zip(before, (a, b) => a - b)];
    }

    // At most the quotas of the periods that the measurement touches, and the last item of the last one.
    private void AssertCeiling(double used, double limit) =>
        Assert.True(used <= (limit * (_elapsed + 0.1)) + 0.01, $"{used:0.000} s of CPU in {_elapsed:0.000} s are above {limit:P0}");

    private double[] Read(WorldQueue[] worlds)
    {
        Dictionary<int, TimeSpan> used = _scheduler.ReadUsage().Worlds.ToDictionary(w => w.WorldId, w => w.Cpu);
        return [.. worlds.Select(w => used[w.WorldId].TotalSeconds)];
    }
}
