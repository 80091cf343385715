using CimHost.VmKernel.Scheduling.Queueing;

namespace CimHost.VmKernel.Scheduling.Statistics;

/// <summary>Makes records of the scheduler's counters.</summary>
internal static class UsageOf
{
    public static WorldUsage World(WorldQueue world, WorldNode node) => new(world.WorldId, world.Name, world.Group.Path)
    {
        Cpu = Time(node.Usage.Cpu),
        Run = Time(node.Usage.Run),
        Ready = Time(node.Usage.Ready),
        Throttled = Time(node.Usage.Throttled),
        ContextSwitches = node.Usage.Switches,
    };

    public static GroupUsage Group(GroupNode node) => new(node.Group.Path)
    {
        Cpu = Time(node.Usage.Cpu),
        Run = Time(node.Usage.Run),
        Ready = Time(node.Usage.Ready),
        Throttled = Time(node.Usage.Throttled),
        ContextSwitches = node.Usage.Switches,
        MemoryConsumed = node.Group.MemoryConsumed,
        MemoryPeak = node.Group.MemoryPeak,
        MemoryLimit = node.Group.Memory.Limit,
    };

    private static TimeSpan Time(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / 100);
}
