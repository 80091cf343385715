using System.Collections.Concurrent;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>Keeps process worlds within what they may use, by the best means that the system allows.</summary>
public abstract class ProcessConfinement
{
    private readonly ConcurrentDictionary<int, ConfinedWorld> _worlds = new();

    private protected ProcessConfinement(ConfinementKind kind, string explanation) => (Kind, Explanation) = (kind, explanation);

    /// <summary>The means.</summary>
    public ConfinementKind Kind { get; }

    /// <summary>What is enforced and what is not, and why these means, in a few sentences for people.</summary>
    public string Explanation { get; }

    /// <summary>Worlds that are confined now: a snapshot.</summary>
    public IReadOnlyCollection<ConfinedWorld> Worlds => [.. _worlds.Values];

    /// <summary>Finds the best means: a control group (version 2) that was delegated to this process, else resource limits.</summary>
    /// <param name="systemRoot">Where /proc and /sys are looked up; "/" for this system.</param>
    /// <param name="time">Clock of the pauses that keep a CPU limit without control groups.</param>
    public static ProcessConfinement Detect(string systemRoot = "/", TimeProvider? time = null)
    {
        CgroupLocation found = CgroupLocation.Find(systemRoot);
        string? reason = found.Reason;
        if (found.Path is { } path && CgroupConfinement.TryCreate(path, Environment.ProcessId, out reason) is { } cgroups)
        {
            return cgroups;
        }

        return new RlimitConfinement(reason ?? "there is no control group", time ?? TimeProvider.System);
    }

    /// <summary>Prepares the confinement of a world; attach its process right after it was started, before it does any work.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="worldId">Its number.</param>
    /// <param name="name">Its name.</param>
    /// <param name="limits">What it may use.</param>
    /// <exception cref="KernelException">EINVAL a value, EEXIST the world is confined already, ENOENT the group was removed, EIO the system refuses.</exception>
    public ConfinedWorld Confine(ResourceGroup group, int worldId, string name, ConfinementLimits limits)
    {
        limits.Check($"World {worldId} ({name})");
        group.AddMember();
        ConfinedWorld? world = null;
        try
        {
            world = Create(group, worldId, name, limits);
            if (!_worlds.TryAdd(worldId, world))
            {
                throw new KernelException(Errno.EEXIST, $"World {worldId} ({name}) is confined already.");
            }

            return world;
        }
        catch
        {
            group.RemoveMember();
            world?.Abort();
            throw;
        }
    }

    internal void Forget(ConfinedWorld world)
    {
        if (_worlds.TryRemove(new KeyValuePair<int, ConfinedWorld>(world.WorldId, world)))
        {
            world.Group.RemoveMember();
        }
    }

    private protected abstract ConfinedWorld Create(ResourceGroup group, int worldId, string name, ConfinementLimits limits);
}
