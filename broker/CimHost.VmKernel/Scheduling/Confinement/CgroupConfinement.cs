using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>
/// Confinement by control groups of version 2 (the kernel's "Control Group v2" document). The resource groups become nested control groups
/// below the one that was delegated to this process, and each world is a leaf.
/// </summary>
internal sealed class CgroupConfinement : ProcessConfinement
{
    private const string Controllers = "+cpu +memory +pids";
    private const string HostLeaf = "cimhost.host";
    private const string WorldsRoot = "cimhost.worlds";

    // Beside the host's 100: all process worlds together weigh a twentieth of it, so that none that computes delays the host's answers.
    private const string WeightOfWorlds = "5";
    private static readonly string[] s_needed = ["cpu", "memory", "pids"];

    private readonly Lock _gate = new();
    private readonly CgroupDirectory _root;

    private CgroupConfinement(CgroupDirectory root)
        : base(
            ConfinementKind.CgroupV2,
            $"Process worlds run in control groups (version 2) below {root.Path}. CPU shares and limits, memory limits and numbers of processes are enforced by the system for a world with everything that it starts.") =>
        _root = root;

    /// <summary>Prepares the delegated group; null and the reason when it cannot be used.</summary>
    /// <param name="path">The control group of this process.</param>
    /// <param name="processId">This process.</param>
    /// <param name="reason">Why not.</param>
    public static CgroupConfinement? TryCreate(string path, int processId, out string? reason)
    {
        // A host that started itself again is in the leaf that it moved to.
        var own = new CgroupDirectory(path.EndsWith($"/{HostLeaf}", StringComparison.Ordinal) ? path[..^(HostLeaf.Length + 1)] : path);
        string[] available = (own.Read("cgroup.controllers") ?? string.Empty).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string[] missing = [.. s_needed.Except(available)];
        if (missing.Length > 0)
        {
            reason = $"the control group {path} was not given the controllers {string.Join(", ", missing)}";
            return null;
        }

        try
        {
            MoveAside(own, processId);
            own.Write("cgroup.subtree_control", Controllers);
            CgroupDirectory root = own.Child(WorldsRoot);
            root.Create();
            root.Write("cpu.weight", WeightOfWorlds);
            Sweep(root);
            root.Write("cgroup.subtree_control", Controllers);
            reason = null;
            return new CgroupConfinement(root);
        }
        catch (KernelException e)
        {
            reason = e.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>Weight of shares: a world's normal 1000 are the default 100; 1 to 10000.</summary>
    internal static string Weight(int shares) => Math.Clamp(shares / 10, 1, 10_000).ToString();

    /// <summary>"quota period" in microseconds.</summary>
    internal static string Ceiling(long millicores)
    {
        const long Period = 100_000;
        const long Shortest = 1_000;
        return millicores == ResourceAllocation.Unlimited ? $"max {Period}" : $"{Math.Max(Shortest, millicores * (Period / 1_000))} {Period}";
    }

    /// <summary>A number of bytes, or "max".</summary>
    internal static string Bytes(long bytes) => bytes == ResourceAllocation.Unlimited ? "max" : bytes.ToString();

    /// <summary>Removes the groups above a world that nothing uses any more.</summary>
    internal void Prune(ResourceGroup group)
    {
        lock (_gate)
        {
            for (ResourceGroup? g = group; g is { Parent: not null }; g = g.Parent)
            {
                if (!DirectoryOf(g).TryRemove())
                {
                    return;
                }
            }
        }
    }

    private protected override ConfinedWorld Create(ResourceGroup group, int worldId, string name, ConfinementLimits limits)
    {
        lock (_gate)
        {
            var world = new CgroupWorld(this, Prepare(group).Child($"world.{worldId}"), group, worldId, name, limits);
            world.Create();
            return world;
        }
    }

    // A group that gives controllers to the groups below it has no processes of its own ("no internal processes").
    private static void MoveAside(CgroupDirectory own, int processId)
    {
        // The root of the hierarchy, which has no type, is the exception.
        string[] processes = (own.Read("cgroup.procs") ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (processes.Length == 0 || !own.Has("cgroup.type"))
        {
            return;
        }

        if (processes.Any(p => p != processId.ToString()))
        {
            throw new KernelException(Errno.EBUSY, $"the control group {own.Path} holds other processes than this one and was not delegated to it");
        }

        CgroupDirectory leaf = own.Child(HostLeaf);
        leaf.Create();
        leaf.Write("cgroup.procs", processId.ToString());
    }

    // Worlds of a host that was killed.
    private static void Sweep(CgroupDirectory directory)
    {
        foreach (CgroupDirectory child in directory.Children())
        {
            Sweep(child);
            if (!child.TryRemove() && child.TryKill())
            {
                _ = child.TryRemove();
            }
        }
    }

    private CgroupDirectory DirectoryOf(ResourceGroup group) => group.Parent is { } parent ? DirectoryOf(parent).Child($"group.{group.Name}") : _root;

    private CgroupDirectory Prepare(ResourceGroup group)
    {
        if (group.Parent is null)
        {
            return _root;
        }

        CgroupDirectory directory = Prepare(group.Parent).Child($"group.{group.Name}");
        directory.Create();
        directory.Write("cpu.weight", Weight(group.Cpu.Shares.Value));
        directory.Write("cpu.max", Ceiling(group.Cpu.Limit));
        directory.Write("memory.max", Bytes(group.Memory.Limit));
        directory.Write("memory.min", group.Memory.Reservation.ToString());
        directory.Write("cgroup.subtree_control", Controllers);
        return directory;
    }
}
