using System.Globalization;
using CimHost.VmKernel.FileSystem.Paging;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.FileSystem.Generated;

/// <summary>What /proc tells of the kernel as a whole: version, uptime, meminfo, stat (proc(5)).</summary>
public static class ProcKernel
{
    /// <summary>Adds the files.</summary>
    /// <param name="root">Topmost directory.</param>
    /// <param name="version">Version of the host.</param>
    /// <param name="budget">Memory of the file systems.</param>
    /// <param name="table">Process table.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="KernelException">EEXIST.</exception>
    public static void Add(ProcRoot root, string version, PageBudget budget, WorldTable table, TimeProvider time)
    {
        long start = time.GetTimestamp();
        root.Add("version", ProcEntry.OfFile(() => $"CimHost VMkernel version {version}\n"));
        root.Add("uptime", ProcEntry.OfFile(() => string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(start).TotalSeconds:0.00} {Idle(table, time.GetElapsedTime(start)):0.00}\n")));
        root.Add("meminfo", ProcEntry.OfFile(() => Memory(budget)));
        root.Add("stat", ProcEntry.OfFile(() => Stat(table)));
    }

    private static double Idle(WorldTable table, TimeSpan uptime) =>
        Math.Max(0, (uptime.TotalSeconds * Environment.ProcessorCount) - table.Worlds.Sum(w => w.CpuTime.TotalSeconds));

    private static string Memory(PageBudget budget)
    {
        (long size, long used) = budget.Swap is { } swap ? (swap.Size, swap.UsedBytes) : (0, 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"MemTotal: {budget.LimitBytes / 1024} kB\nMemFree: {(budget.LimitBytes - budget.ResidentBytes) / 1024} kB\nSwapTotal: {size / 1024} kB\nSwapFree: {(size - used) / 1024} kB\n");
    }

    private static string Stat(WorldTable table)
    {
        IReadOnlyList<World> worlds = table.Worlds;
        long ticks = (long)(worlds.Sum(w => w.CpuTime.TotalSeconds) * 100);
        return string.Create(CultureInfo.InvariantCulture, $"cpu {ticks} 0 0 0\nprocesses {worlds.Count}\nprocs_running {worlds.Count(w => w.State is WorldState.Running or WorldState.Ready)}\n");
    }
}
