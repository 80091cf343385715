using CimHost.VmKernel.Scheduling;
using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>What a display is given.</summary>
public sealed class SchedulingStatisticsTests
{
    private static readonly HashSet<int> s_none = [];

    [Fact]
    public void Percentages_are_of_the_time_between_the_snapshots()
    {
        WorldUsage before = new(5, "w", "host/user") { Cpu = S(10), Run = S(9), Ready = S(1), Throttled = S(2), ContextSwitches = 100 };
        WorldUsage after = before with { Cpu = S(13), Run = S(10), Ready = S(1.4), Throttled = S(2.2), ContextSwitches = 300, MemoryConsumed = 7, MemoryPeak = 8, MemoryLimit = 9 };
        SchedulingRow row = Assert.Single(SchedulingStatistics.Worlds(Snapshot(0, before), Snapshot(2, after)));

        Assert.Equal((150, 50, 20, 10, 20), (Round(row.Used), Round(row.Run), Round(row.Ready), Round(row.MaxLimited), Round(row.Wait)));
        Assert.Equal((100, 7, 8, 9), (Round(row.SwitchesPerSecond), row.MemoryConsumed, row.MemoryPeak, row.MemoryLimit));
    }

    [Fact]
    public void A_new_world_and_a_number_that_was_given_again_count_from_zero()
    {
        WorldUsage old = new(5, "old", "host/user") { Cpu = S(100) };
        WorldUsage again = new(5, "new", "host/user") { Cpu = S(200) };
        WorldUsage fresh = new(6, "fresh", "host/user") { Cpu = S(1) };
        IReadOnlyList<SchedulingRow> rows = SchedulingStatistics.Worlds(Snapshot(0, old), Snapshot(2, fresh, again));
        Assert.Equal([(5, 10_000), (6, 50)], rows.Select(r => (r.WorldId!.Value, Round(r.Used))));
    }

    [Fact]
    public void A_group_is_the_sum_of_its_worlds_and_of_the_processes_below_it()
    {
        SchedulingSnapshot before = Snapshot(0) with { Groups = [new GroupUsage("host/vim") { Cpu = S(1) }] };
        SchedulingSnapshot after = Snapshot(2, new WorldUsage(9, "process", "host/vim/plugins") { Cpu = S(1), Run = S(1) }) with
        {
            Groups = [new GroupUsage("host/vim") { Cpu = S(2) }, new GroupUsage("host/vimana")],
            UnscheduledWorlds = new HashSet<int> { 9 },
        };
        IReadOnlyList<SchedulingRow> rows = SchedulingStatistics.Groups(before, after);
        Assert.Equal([("host/vim", 100), ("host/vimana", 0)], rows.Select(r => (r.Group, Round(r.Used))));
    }

    [Fact]
    public async Task A_snapshot_has_worlds_memory_and_every_group()
    {
        ResourceTree tree = ResourceTree.CreateDefault(1_000, 1_000);
        using var scheduler = new FairScheduler(new FairSchedulerOptions { Workers = 1 }, NullLogger<FairScheduler>.Instance);
        var confinement = new RlimitConfinement("this is a test", TimeProvider.System);
        var statistics = new SchedulingStatistics(tree, scheduler, confinement, static () => [], TimeProvider.System);
        using WorldQueue world = scheduler.CreateQueue(tree.Get("host/vim"), 3, "world");
        using var memory = new MemoryAccount(tree.Get("host/vim"), 3, "world", limit: 500);
        using ConfinedWorld process = confinement.Confine(tree.Get("host/user"), 4, "process", new ConfinementLimits());
        memory.Charge(200);
        SchedulingSnapshot before = statistics.Take();
        await Task.Factory.StartNew(() => Thread.SpinWait(10_000), CancellationToken.None, TaskCreationOptions.None, world);
        SchedulingSnapshot after = statistics.Take();

        IReadOnlyList<SchedulingRow> rows = SchedulingStatistics.Worlds(before, after);
        Assert.Equal([3, 4], rows.Select(r => r.WorldId!.Value));
        Assert.Equal((200, 500), (rows[0].MemoryConsumed, rows[0].MemoryLimit));
        Assert.True(rows[0].Used > 0);
        Assert.InRange(rows[0].Run + rows[0].Ready + rows[0].Wait + rows[0].MaxLimited, 99.9, 100.1);
        Assert.Equal(tree.Groups.Select(g => g.Path), SchedulingStatistics.Groups(before, after).Select(g => g.Group));
        Assert.Equal(200, after.Groups.Single(g => g.Group == "host").MemoryConsumed);
    }

    private static SchedulingSnapshot Snapshot(double at, params WorldUsage[] worlds) => new(DateTimeOffset.UnixEpoch, S(at), worlds, [], s_none);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static int Round(double value) => (int)Math.Round(value);
}
