using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>A process world in a control group of its own.</summary>
internal sealed class CgroupWorld(
    CgroupConfinement owner, CgroupDirectory directory, ResourceGroup group, int worldId, string name, ConfinementLimits limits)
    : ConfinedWorld(owner, group, worldId, name, limits)
{
    private const int Attempts = 50;
    private WorldUsage _last = new(worldId, name, group.Path);

    /// <inheritdoc/>
    public override bool IsStopped { get; set; }

    /// <summary>Makes the control group.</summary>
    public void Create()
    {
        directory.Create();
        Apply(Limits);
    }

    /// <inheritdoc/>
    public override void Attach(int processId)
    {
        directory.Write("cgroup.procs", processId.ToString());
        ProcessResources.LeaveFirstProcessor(processId);
    }

    /// <inheritdoc/>
    public override WorldUsage ReadUsage()
    {
        if (directory.ReadNumber("cpu.stat", "usage_usec") is not { } used)
        {
            return _last with { MemoryConsumed = 0 };
        }

        long memory = directory.ReadNumber("memory.current") ?? 0;
        return _last = _last with
        {
            Cpu = TimeSpan.FromMicroseconds(used),
            Run = TimeSpan.FromMicroseconds(used),
            Throttled = TimeSpan.FromMicroseconds(directory.ReadNumber("cpu.stat", "throttled_usec") ?? 0),
            MemoryConsumed = memory,
            MemoryPeak = Math.Max(_last.MemoryPeak, directory.ReadNumber("memory.peak") ?? memory),
            MemoryLimit = Limits.Memory,
        };
    }

    /// <inheritdoc/>
    public override void Kill()
    {
        if (directory.TryKill())
        {
            return;
        }

        // Before Linux 5.14. A process that forks while it is looked at is found by the next look.
        for (int i = 0; i < Attempts && Processes() is { Count: > 0 } processes; i++)
        {
            processes.ForEach(ProcessSignals.Kill);
        }
    }

    private protected override void Apply(ConfinementLimits limits)
    {
        directory.Write("cpu.weight", CgroupConfinement.Weight(limits.CpuShares.Value));
        directory.Write("cpu.max", CgroupConfinement.Ceiling(limits.Cpu));
        directory.Write("memory.max", CgroupConfinement.Bytes(limits.Memory));
        directory.Write("pids.max", limits.Processes == ConfinementLimits.MaxProcesses ? "max" : limits.Processes.ToString());
        if (directory.Has("memory.swap.max"))
        {
            // The limit is one on memory with swap, as it is without control groups.
            directory.Write("memory.swap.max", "0");
        }

        if (directory.Has("memory.oom.group"))
        {
            // A world that is out of memory ends as a whole, not process by process.
            directory.Write("memory.oom.group", "1");
        }
    }

    private protected override void Remove()
    {
        // What it used in all is gone with its directory.
        _ = ReadUsage();

        // The kernel lets go of killed processes a moment later; the directory goes when they have.
        if (directory.TryRemove())
        {
            owner.Prune(Group);
            return;
        }

        _ = RemoveLaterAsync();
    }

    private async Task RemoveLaterAsync()
    {
        for (int i = 0; i < Attempts; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20 * (i + 1)));
            if (directory.TryRemove())
            {
                owner.Prune(Group);
                return;
            }
        }
    }

    private List<int> Processes() =>
        [.. (directory.Read("cgroup.procs") ?? string.Empty).Split('\n').Select(l => int.TryParse(l, out int id) ? id : 0).Where(id => id > 0)];
}
