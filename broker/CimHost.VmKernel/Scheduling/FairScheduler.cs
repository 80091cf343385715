using System.Diagnostics;
using CimHost.VmKernel.Scheduling.Queueing;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Scheduling;

/// <summary>
/// Runs the work of in-process worlds on threads of its own and divides their time among the worlds by the tree of resource groups.
/// The unit of scheduling is the work item: a task, or the part of an async method between two awaits. It cannot be taken off its worker;
/// a long computation awaits <see cref="YieldWhenDue"/> in its loop. One that does not is found, named and moved out of the way.
/// </summary>
public sealed partial class FairScheduler : IDisposable
{
    private static readonly double s_nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly object _gate = new();
    private readonly RunQueue _queue;
    private readonly List<Worker> _workers = [];
    private readonly Dictionary<WorldNode, WorldQueue> _worlds = [];
    private readonly FairSchedulerOptions _options;
    private readonly ILogger _logger;
    private int _idle;
    private bool _stopping;

    /// <summary>Starts the workers.</summary>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <param name="logger">Where worlds are named that hold a worker.</param>
    /// <exception cref="KernelException">EINVAL: an option is out of range.</exception>
    public FairScheduler(FairSchedulerOptions? options, ILogger<FairScheduler> logger)
    {
        _options = options ?? new FairSchedulerOptions();
        _options.Check();
        _logger = logger;
        _queue = new RunQueue(Nanoseconds(_options.Quantum), Nanoseconds(_options.Period));
        StartMissingWorkers();
        new Thread(Watch) { IsBackground = true, Name = "scheduler watch" }.Start();
    }

    /// <summary>Raised on a thread of the scheduler's own when a world holds a worker or floods its queue; again each time that the time has doubled.</summary>
    public event EventHandler<WorldOverrun>? Overrun;

    /// <summary>Worker threads, without those that replace stuck ones.</summary>
    public int Workers => _options.Workers;

    /// <summary>Lets the other work of the world, and of other worlds when its turn is over, go first.</summary>
    public static YieldAwaitable Yield() => new(whenDue: false);

    /// <summary>As <see cref="Yield"/> when the world's turn is over, and next to nothing when it is not: for the body of long loops.</summary>
    public static YieldAwaitable YieldWhenDue() => new(whenDue: true);

    /// <summary>Takes in a world.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="worldId">Its number.</param>
    /// <param name="name">Its name.</param>
    /// <param name="shares">Weight against its siblings; null for normal.</param>
    /// <returns>The task scheduler of its first thread.</returns>
    /// <exception cref="KernelException">ENOENT the group was removed, EINVAL no shares.</exception>
    public WorldQueue CreateQueue(ResourceGroup group, int worldId, string name, ResourceShares? shares = null)
    {
        group.AddMember();
        try
        {
            lock (_gate)
            {
                WorldNode node = _queue.Add(group, worldId, name);
                var world = new WorldQueue(this, node, group, shares ?? ResourceShares.OfWorld(ShareLevel.Normal));
                _worlds.Add(node, world);
                return world;
            }
        }
        catch
        {
            group.RemoveMember();
            throw;
        }
    }

    /// <summary>What each world and group has used since its start.</summary>
    public (IReadOnlyList<WorldUsage> Worlds, IReadOnlyList<GroupUsage> Groups) ReadUsage()
    {
        lock (_gate)
        {
            long now = Now();
            foreach (Worker worker in _workers)
            {
                ChargeSoFar(worker, now);
            }

            var worlds = new List<WorldUsage>(_worlds.Count);
            foreach ((WorldNode node, WorldQueue world) in _worlds)
            {
                _queue.Settle(node, now);
                worlds.Add(UsageOf.World(world, node));
            }

            return (worlds, [.. _queue.Groups.Where(g => !g.Group.IsRemoved).Select(UsageOf.Group)]);
        }
    }

    /// <summary>Ends the workers after the items that they are at; what waits is dropped. End the worlds first.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Time for slices and waits, in nanoseconds.</summary>
    internal static long Now() => (long)(Stopwatch.GetTimestamp() * s_nanosecondsPerTick);

    internal void Enqueue(WorldNode world, WorkItem item)
    {
        lock (_gate)
        {
            if (_stopping || world.IsAbandoned)
            {
                return;
            }

            _queue.Enqueue(world, item, Now());

            // A worker that yields takes the item up itself.
            if (_idle > 0 && !(Worker.Current is { IsYielding: true } worker && worker.World == world))
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    internal void Abandon(WorldNode world)
    {
        lock (_gate)
        {
            _queue.Abandon(world, Now());
        }
    }

    internal void Forget(WorldQueue world)
    {
        lock (_gate)
        {
            _worlds.Remove(world.Node);
            RunQueue.Remove(world.Node);
        }
    }

    internal Task[] Scheduled(WorldNode world)
    {
        // A debugger asks while everything stands still; the contract is not to block then.
        if (!Monitor.TryEnter(_gate))
        {
            throw new NotSupportedException("The scheduler is at work.");
        }

        try
        {
            return [.. world.Pending.Select(i => i.Task)];
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * 100;
}
