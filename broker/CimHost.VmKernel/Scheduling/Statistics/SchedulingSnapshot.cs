namespace CimHost.VmKernel.Scheduling.Statistics;

/// <summary>The counters of all worlds and groups at one moment.</summary>
/// <param name="Time">When.</param>
/// <param name="Uptime">The same moment on a clock that is never set, for the time between two snapshots.</param>
/// <param name="Worlds">In-process and process worlds.</param>
/// <param name="Groups">Groups; their processor time is that of worlds that the fair scheduler runs.</param>
/// <param name="UnscheduledWorlds">Numbers of the worlds that the fair scheduler does not run: processes, and those on the thread pool.</param>
public sealed record SchedulingSnapshot(
    DateTimeOffset Time, TimeSpan Uptime, IReadOnlyList<WorldUsage> Worlds, IReadOnlyList<GroupUsage> Groups, IReadOnlySet<int> UnscheduledWorlds);
