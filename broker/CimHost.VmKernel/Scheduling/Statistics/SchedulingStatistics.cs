using System.Diagnostics;
using CimHost.VmKernel.Scheduling.Confinement;
using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Statistics;

/// <summary>Takes snapshots of what worlds use, and makes of two of them what a display shows.</summary>
/// <param name="tree">The groups.</param>
/// <param name="scheduler">In-process worlds.</param>
/// <param name="confinement">Process worlds.</param>
/// <param name="poolWorlds">In-process worlds that run on the thread pool: what they have used since their start.</param>
/// <param name="time">Clock.</param>
public sealed class SchedulingStatistics(ResourceTree tree, FairScheduler scheduler, ProcessConfinement confinement, Func<IEnumerable<WorldUsage>> poolWorlds, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Reads all counters.</summary>
    public SchedulingSnapshot Take()
    {
        IReadOnlyCollection<ConfinedWorld> processes = confinement.Worlds;
        (IReadOnlyList<WorldUsage> worlds, IReadOnlyList<GroupUsage> groups) = scheduler.ReadUsage();
        Dictionary<int, MemoryAccount> accounts = tree.Ledger.Accounts();
        List<WorldUsage> others = [.. processes.Select(p => p.ReadUsage()), .. poolWorlds()];
        List<WorldUsage> all = [.. worlds, .. others];
        for (int i = 0; i < all.Count; i++)
        {
            if (accounts.TryGetValue(all[i].WorldId, out MemoryAccount? account))
            {
                // What the kernel keeps for a process world comes on top of what its process has.
                all[i] = all[i] with
                {
                    MemoryConsumed = all[i].MemoryConsumed + account.Consumed,
                    MemoryPeak = Math.Max(all[i].MemoryPeak, account.Peak),
                    MemoryLimit = Math.Min(all[i].MemoryLimit, account.Limit),
                };
            }
        }

        Dictionary<string, GroupUsage> known = groups.ToDictionary(g => g.Group, StringComparer.Ordinal);
        List<GroupUsage> complete = [.. tree.Groups.Select(g => known.GetValueOrDefault(g.Path) ?? Idle(g))];
        return new SchedulingSnapshot(
            time.GetUtcNow(), time.GetElapsedTime(_start), all, complete, others.Select(p => p.WorldId).ToHashSet());
    }

    /// <summary>The lines of worlds, by number.</summary>
    public static IReadOnlyList<SchedulingRow> Worlds(SchedulingSnapshot before, SchedulingSnapshot after)
    {
        double seconds = Seconds(before, after);
        Dictionary<int, WorldUsage> old = before.Worlds.ToDictionary(w => w.WorldId);
        return [.. after.Worlds.OrderBy(w => w.WorldId).Select(w => Row(old.GetValueOrDefault(w.WorldId), w, seconds))];
    }

    /// <summary>The lines of groups, by path: each is the sum of its worlds and of those of the groups below.</summary>
    public static IReadOnlyList<SchedulingRow> Groups(SchedulingSnapshot before, SchedulingSnapshot after)
    {
        double seconds = Seconds(before, after);
        Dictionary<string, GroupUsage> old = before.Groups.ToDictionary(g => g.Group, StringComparer.Ordinal);
        IReadOnlyList<SchedulingRow> worlds = Worlds(before, after);
        return [.. after.Groups.OrderBy(g => g.Group, StringComparer.Ordinal).Select(g =>
        {
            GroupUsage then = old.GetValueOrDefault(g.Group) is { } o && o.Cpu <= g.Cpu ? o : new GroupUsage(g.Group);
            List<SchedulingRow> below = [.. worlds.Where(w => w.Group == g.Group || w.Group.StartsWith($"{g.Group}/", StringComparison.Ordinal))];
            List<SchedulingRow> others = [.. below.Where(w => after.UnscheduledWorlds.Contains(w.WorldId!.Value))];
            return new SchedulingRow(null, g.Group, g.Group)
            {
                Used = Percent(g.Cpu - then.Cpu, seconds) + others.Sum(p => p.Used),
                Run = Percent(g.Run - then.Run, seconds) + others.Sum(p => p.Run),
                Ready = Percent(g.Ready - then.Ready, seconds),
                Wait = below.Sum(w => w.Wait),
                MaxLimited = Percent(g.Throttled - then.Throttled, seconds) + others.Sum(p => p.MaxLimited),
                SwitchesPerSecond = Math.Max(0, g.ContextSwitches - then.ContextSwitches) / seconds,
                MemoryConsumed = g.MemoryConsumed,
                MemoryPeak = g.MemoryPeak,
                MemoryLimit = g.MemoryLimit,
            };
        })];
    }

    private static SchedulingRow Row(WorldUsage? before, WorldUsage now, double seconds)
    {
        // A number that was given to a new world has counters that begin again.
        WorldUsage then = before is { } b && b.Name == now.Name && b.Cpu <= now.Cpu ? b : new WorldUsage(now.WorldId, now.Name, now.Group);
        double run = Percent(now.Run - then.Run, seconds);
        double ready = Percent(now.Ready - then.Ready, seconds);
        double limited = Percent(now.Throttled - then.Throttled, seconds);
        return new SchedulingRow(now.WorldId, now.Name, now.Group)
        {
            Used = Percent(now.Cpu - then.Cpu, seconds),
            Run = run,
            Ready = ready,
            MaxLimited = limited,
            Wait = Math.Max(0, 100 - run - ready - limited),
            SwitchesPerSecond = Math.Max(0, now.ContextSwitches - then.ContextSwitches) / seconds,
            MemoryConsumed = now.MemoryConsumed,
            MemoryPeak = now.MemoryPeak,
            MemoryLimit = now.MemoryLimit,
        };
    }

    private static GroupUsage Idle(ResourceGroup group) =>
        new(group.Path) { MemoryConsumed = group.MemoryConsumed, MemoryPeak = group.MemoryPeak, MemoryLimit = group.Memory.Limit };

    private static double Percent(TimeSpan part, double seconds) => Math.Max(0, part.TotalSeconds / seconds * 100);

    private static double Seconds(SchedulingSnapshot before, SchedulingSnapshot after) => Math.Max((after.Uptime - before.Uptime).TotalSeconds, 1e-6);
}
