using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Queueing;
using CimHost.VmKernel.Scheduling.Resources;
using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>The decisions of the run queue on a clock of the test: workers use exactly the slices that they are given.</summary>
public sealed class RunQueueTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;
    private readonly ResourceTree _tree = new(4_000, 1);
    private readonly RunQueue _queue = new(5 * Millisecond, 50 * Millisecond);
    private readonly Dictionary<WorldNode, int> _threads = [];
    private readonly Dictionary<WorldNode, long> _used = [];
    private long _now = Second;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(100, 1)]
    [InlineData(7, 5)]
    public void Shares_divide_a_worker_exactly(int first, int second)
    {
        WorldNode a = World("a", first);
        WorldNode b = World("b", second);
        Run(workers: 1, 10 * Second);
        Assert.Equal((double)first / (first + second), Part(a), 2);
        Assert.Equal(10 * Second, _used[a] + _used[b]);
    }

    [Fact]
    public void Shares_hold_on_several_workers_when_the_worlds_have_threads_enough()
    {
        WorldNode a = World("a", 3, threads: 4);
        World("b", 1, threads: 4);
        Run(workers: 2, 10 * Second);
        Assert.Equal(0.75, Part(a), 2);
    }

    [Fact]
    public void A_share_that_one_thread_cannot_use_is_not_saved_up()
    {
        WorldNode big = World("a", 8);
        WorldNode b = World("b", 1, threads: 2);
        WorldNode c = World("c", 1, threads: 2);
        Run(workers: 2, 10 * Second);
        Assert.Equal(0.5, Part(big), 2);
        Assert.Equal(_used[b] / (double)Second, _used[c] / (double)Second, 1);

        // From now on it could use all of both workers, and gets 80 %.
        AddThread(big);
        AddThread(big);
        _used.Clear();
        Run(workers: 2, Second);
        Assert.InRange(Part(big), 0.75, 0.85);
    }

    [Fact]
    public void A_world_that_wakes_up_shares_from_then_on_and_gets_nothing_for_the_time_before()
    {
        WorldNode busy = World("a", 1);
        WorldNode late = World("b", 1, threads: 0);
        Run(workers: 1, 100 * Second);
        AddThread(late);
        _used.Clear();
        Run(workers: 1, Second);
        Assert.InRange(Part(busy), 0.49, 0.51);
    }

    [Fact]
    public void A_world_that_wakes_up_goes_before_those_that_used_their_share()
    {
        World("a", 1);
        WorldNode sleeper = World("b", 1, threads: 0);
        Run(workers: 1, Second);
        AddThread(sleeper);
        WorldNode? next = _queue.Pick(_now, out _, out _);
        Assert.Same(sleeper, next);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(100)]
    [InlineData(900)]
    public void A_reservation_is_a_floor_and_not_a_gift(long reservation)
    {
        WorldNode floor = World("a", 1, reservation: reservation);
        World("b", 99);
        Run(workers: 1, 10 * Second);
        Assert.InRange(Part(floor), (reservation / 1_000.0) - 0.01, (reservation / 1_000.0) + 0.02);
    }

    [Fact]
    public void A_reservation_below_the_share_changes_nothing()
    {
        WorldNode a = World("a", 3, reservation: 300);
        World("b", 1);
        Run(workers: 1, 10 * Second);
        Assert.InRange(Part(a), 0.73, 0.77);
    }

    [Fact]
    public void What_a_reservation_does_not_use_goes_to_the_others()
    {
        World("a", 1, threads: 0, reservation: 900);
        WorldNode b = World("b", 1);
        Run(workers: 1, Second);
        Assert.Equal(Second, _used[b]);
    }

    [Fact]
    public void A_world_that_lived_on_a_reservation_gets_its_share_soon_after_it_is_gone()
    {
        WorldNode a = World("a", 1, reservation: 900);
        World("b", 1);
        Run(workers: 1, 60 * Second);
        _tree.Configure("host/a", ResourceKind.Cpu, Allocation(1, 0));
        Run(workers: 1, 3 * Second);
        _used.Clear();
        Run(workers: 1, Second);
        Assert.InRange(Part(a), 0.48, 0.52);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(250)]
    [InlineData(990)]
    public void A_limit_is_a_ceiling_over_time_and_the_wait_is_counted_as_throttled(long limit)
    {
        WorldNode world = World("a", 1, limit: limit);
        Run(workers: 1, 20 * Second);
        Assert.InRange(_used[world] / (20.0 * Second), (limit / 1_000.0) - 0.004, (limit / 1_000.0) + 0.004);
        _queue.Settle(world, _now);
        Assert.Equal(20.0 * Second, world.Usage.Run + world.Usage.Throttled + world.Usage.Ready, 20.0 * Second / 100);
        Assert.True(world.Usage.Ready <= Second / 5, $"ready {world.Usage.Ready}, throttled {world.Usage.Throttled}");
    }

    [Fact]
    public void A_limit_above_one_processor_holds_over_several_workers()
    {
        WorldNode world = World("a", 1, threads: 8, limit: 1_500);
        Run(workers: 4, 10 * Second);
        Assert.InRange(_used[world] / (10.0 * Second), 1.45, 1.51);
    }

    [Fact]
    public void A_reservation_does_not_pass_a_limit_above_it()
    {
        _tree.Create("host/p", Allocation(1, 0, limit: 400));
        WorldNode inner = World("p/a", 1, reservation: 400);
        WorldNode outer = World("b", 1);
        Run(workers: 1, 10 * Second);
        Assert.InRange(Part(inner), 0.38, 0.41);
        Assert.Equal(10 * Second, _used[inner] + _used[outer]);
    }

    [Fact]
    public void The_time_of_a_world_is_divided_into_running_and_waiting()
    {
        WorldNode a = World("a", 1);
        WorldNode b = World("b", 1);
        Run(workers: 1, 2 * Second);
        foreach (WorldNode world in (WorldNode[])[a, b])
        {
            _queue.Settle(world, _now);
            Assert.Equal(2 * Second, world.Usage.Run + world.Usage.Ready);
            Assert.Equal(0, world.Usage.Throttled);
            Assert.InRange(world.Usage.Switches, 190, 210);
        }

        GroupNode root = _queue.Groups.Single(g => g.Group == _tree.Root);
        Assert.Equal((2 * Second, 2 * Second, 2 * Second), (root.Usage.Cpu, root.Usage.Run, root.Usage.Ready));
    }

    private static ResourceAllocation Allocation(int shares, long reservation, long limit = ResourceAllocation.Unlimited) =>
        new(ResourceShares.Custom(shares), reservation, limit);

    private WorldNode World(string name, int shares, int threads = 1, long reservation = 0, long limit = ResourceAllocation.Unlimited)
    {
        ResourceGroup group = _tree.Create($"host/{name}", Allocation(shares, reservation, limit));
        WorldNode world = _queue.Add(group, _threads.Count + 1, name);
        _threads[world] = 0;
        for (int i = 0; i < threads; i++)
        {
            AddThread(world);
        }

        return world;
    }

    private void AddThread(WorldNode world)
    {
        _threads[world]++;
        _queue.Enqueue(world, default, _now);
    }

    private double Part(WorldNode world) => _used[world] / (double)_used.Values.Sum();

    // Each worker runs what it picks for the whole slice and queues it again; time jumps to the next end of a slice or of a period.
    private void Run(int workers, long time)
    {
        long end = _now + time;
        var running = new List<(WorldNode World, long Start, long End)>();
        while (true)
        {
            while (running.Count < workers && _queue.Pick(_now, out _, out long slice) is { } world)
            {
                running.Add((world, _now, Math.Min(_now + slice, end)));
            }

            long next = running.Count > 0 ? running.Min(r => r.End) : end;
            if (running.Count < workers && _queue.HasWork)
            {
                next = Math.Min(next, _now + _queue.UntilRefill(_now));
            }

            _now = Math.Min(next, end);
            foreach ((WorldNode World, long Start, long End) turn in running.Where(r => r.End <= _now).ToList())
            {
                running.Remove(turn);
                _used[turn.World] = _used.GetValueOrDefault(turn.World) + (_now - turn.Start);
                _queue.Enqueue(turn.World, default, _now);
                _queue.Charge(turn.World, _now - turn.Start, _now);
                _queue.EndTurn(turn.World, _now);
            }

            if (_now >= end)
            {
                return;
            }
        }
    }
}
