using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>
/// Hierarchical start-time fair queueing with ceilings and floors; it decides, and knows neither threads nor clocks. All times are
/// nanoseconds that the caller gives; calls do not overlap.
/// </summary>
/// <remarks>
/// Goyal, Vin, Cheng: "Start-time Fair Queueing" (1996) for the order among siblings and for where a child that wakes up starts; the floor
/// goes first as in Gulati, Merchant, Varman: "mClock" (2010).
/// </remarks>
internal sealed class RunQueue(long quantum, long period)
{
    // Shortest slice: a nearly used-up limit does not chop the work into crumbs.
    private const long ShortestSlice = 200_000;

    // How far a child may be ahead of its siblings, in processor time: what a floor or a long item brought it is not held against it longer.
    private const double MaxLead = 1_000_000_000;

    // How far it may be behind although it always has work: one that cannot use its share for want of threads does not save it up.
    private readonly double _maxLag = 4.0 * quantum;

    private readonly Dictionary<ResourceGroup, GroupNode> _nodes = [];
    private GroupNode? _root;

    /// <summary>Whether any work waits.</summary>
    public bool HasWork => _root is { Listed.Count: > 0 };

    /// <summary>The groups that have or had worlds.</summary>
    public IEnumerable<GroupNode> Groups => _nodes.Values;

    /// <summary>Takes a world in.</summary>
    public WorldNode Add(ResourceGroup group, int worldId, string name)
    {
        foreach (GroupNode gone in _nodes.Values.Where(n => n.Group.IsRemoved && n.Children == 0).ToList())
        {
            gone.Parent!.Children--;
            _nodes.Remove(gone.Group);
        }

        GroupNode parent = Node(group);
        parent.Children++;
        return new WorldNode(worldId, name) { Parent = parent };
    }

    /// <summary>Takes a world out. Work that still comes for it runs none the less.</summary>
    public static void Remove(WorldNode world) => world.Parent!.Children--;

    /// <summary>A work item arrives.</summary>
    public void Enqueue(WorldNode world, WorkItem item, long now)
    {
        world.Pending.Enqueue(item);
        if (world.IsListed)
        {
            return;
        }

        List(world);
        if (world.InService == 0)
        {
            BeginWait(world, now);
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Abandon(WorldNode world, long now)
    {
        world.IsAbandoned = true;
        world.Pending.Clear();
        if (world.IsListed)
        {
            EndWait(world, now);
            Unlist(world);
        }
    }

    /// <summary>Chooses whose turn it is and hands out its next item; null when nothing may run now.</summary>
    /// <param name="now">Time.</param>
    /// <param name="item">The item.</param>
    /// <param name="slice">How long the world may run.</param>
    public WorldNode? Pick(long now, out WorkItem item, out long slice)
    {
        (item, slice) = (default, 0);
        if (_root is null || !HasWork)
        {
            return null;
        }

        foreach (GroupNode node in _nodes.Values)
        {
            if (node.Listed.Count > 0)
            {
                node.Refill(now, period);
            }
        }

        GroupNode from = MostOwed() ?? _root;
        if (!CanRun(from))
        {
            return null;
        }

        WorldNode world = Descend(from);
        slice = quantum;
        world.Usage.Switches++;
        EndWait(world, now);
        if (world.InService == 0)
        {
            world.RunsSince = now;
        }

        world.InService++;
        for (GroupNode? group = world.Parent; group is not null; group = group.Parent)
        {
            slice = Math.Min(slice, group.Limit.Left);
            group.InService++;
            group.Usage.Switches++;
        }

        slice = Math.Max(slice, ShortestSlice);
        item = Take(world);
        return world;
    }

    /// <summary>The next item of a world that has its turn, if there is one.</summary>
    public static bool TryTake(WorldNode world, out WorkItem item)
    {
        bool any = world.Pending.Count > 0;
        item = any ? Take(world) : default;
        return any;
    }

    /// <summary>Counts processor time that a world used.</summary>
    public void Charge(WorldNode world, long used, long now)
    {
        for (FairNode? node = world; node is not null; node = node.Parent)
        {
            node.Usage.Cpu += used;
            node.VirtualTime += (double)used / node.Weight;
            if (node.Parent is { } parent)
            {
                node.VirtualTime = Math.Min(node.VirtualTime, parent.Clock + (MaxLead / node.Weight));
            }

            if (node is GroupNode group)
            {
                group.Refill(now, period);
                group.Limit.Take(used, now);
                group.Reservation.Take(used);
            }
        }
    }

    /// <summary>A worker is done with its turn.</summary>
    public void EndTurn(WorldNode world, long now)
    {
        if (--world.InService == 0)
        {
            Add(world, now - world.RunsSince, static (u, t) => u.Run += t);
            if (world.IsListed)
            {
                BeginWait(world, now);
            }
        }

        for (GroupNode? group = world.Parent; group is not null; group = group.Parent)
        {
            group.InService--;
        }
    }

    /// <summary>Brings the times of a world up to now, for whoever reads them.</summary>
    public void Settle(WorldNode world, long now)
    {
        if (world.InService > 0)
        {
            Add(world, now - world.RunsSince, static (u, t) => u.Run += t);
            world.RunsSince = now;
        }
        else if (world.WaitsSince >= 0)
        {
            EndWait(world, now);
            BeginWait(world, now);
        }
    }

    /// <summary>How long until a limit may let something run that it holds back now.</summary>
    public long UntilRefill(long now) => (((now / period) + 1) * period) - now;

    private static void Add(WorldNode world, long time, Action<UsageCounters, long> add)
    {
        for (FairNode? node = world; node is not null; node = node.Parent)
        {
            add(node.Usage, Math.Max(0, time));
        }
    }

    private static void List(FairNode node)
    {
        while (node.Parent is { } parent && !node.IsListed)
        {
            // Who slept starts where the others are: time without work earns nothing.
            if (node.InService == 0)
            {
                node.VirtualTime = Math.Max(node.VirtualTime, parent.Clock);
            }

            node.IsListed = true;
            parent.Listed.Add(node);
            node = parent;
        }
    }

    private static void Unlist(FairNode node)
    {
        while (node.Parent is { } parent)
        {
            node.IsListed = false;
            parent.Listed.Remove(node);
            if (parent.Listed.Count > 0)
            {
                return;
            }

            node = parent;
        }
    }

    private static WorkItem Take(WorldNode world)
    {
        WorkItem item = world.Pending.Dequeue();
        if (world.Pending.Count == 0)
        {
            Unlist(world);
        }

        return item;
    }

    private GroupNode Node(ResourceGroup group)
    {
        if (_nodes.TryGetValue(group, out GroupNode? node))
        {
            return node;
        }

        GroupNode? parent = group.Parent is null ? null : Node(group.Parent);
        node = new GroupNode(group) { Parent = parent };
        if (parent is null)
        {
            _root = node;
        }
        else
        {
            parent.Children++;
        }

        _nodes.Add(group, node);
        return node;
    }

    private WorldNode Descend(GroupNode from)
    {
        GroupNode group = from;
        while (true)
        {
            FairNode? best = null;
            double least = 0;
            foreach (FairNode child in group.Listed)
            {
                double key = child.Key(quantum);
                if ((best is null || key < least) && CanRun(child))
                {
                    (best, least) = (child, key);
                }
            }

            best!.VirtualTime = Math.Max(best.VirtualTime, group.Clock - (_maxLag / best.Weight));
            group.Clock = Math.Max(group.Clock, best.VirtualTime);
            if (best is WorldNode world)
            {
                return world;
            }

            group = (GroupNode)best;
        }
    }

    private GroupNode? MostOwed()
    {
        GroupNode? most = null;
        foreach (GroupNode node in _nodes.Values)
        {
            ReservationBucket floor = node.Reservation;
            if (node.Listed.Count > 0 && floor.Due > 0 && floor.Due * floor.Most > node.InService * quantum
                && (most is null || floor.Due > most.Reservation.Due) && CanRun(node) && IsPathOpen(node))
            {
                most = node;
            }
        }

        return most;
    }

    private bool IsPathOpen(GroupNode node)
    {
        for (GroupNode? group = node.Parent; group is not null; group = group.Parent)
        {
            if (!IsOpen(group))
            {
                return false;
            }
        }

        return true;
    }

    private bool CanRun(FairNode node)
    {
        if (node is not GroupNode group)
        {
            return true;
        }

        if (!IsOpen(group))
        {
            return false;
        }

        foreach (FairNode child in group.Listed)
        {
            if (CanRun(child))
            {
                return true;
            }
        }

        return false;
    }

    // What its workers are about to use is not to be given away twice.
    private bool IsOpen(GroupNode group) => group.Limit.Left > group.InService * quantum;

    private void BeginWait(WorldNode world, long now)
    {
        world.WaitsSince = now;
        world.ThrottledBefore = HeldBack(world, now);
    }

    private void EndWait(WorldNode world, long now)
    {
        if (world.WaitsSince < 0)
        {
            return;
        }

        long waited = Math.Max(0, now - world.WaitsSince);
        long throttled = Math.Clamp(HeldBack(world, now) - world.ThrottledBefore, 0, waited);
        world.WaitsSince = -1;
        Add(world, throttled, static (u, t) => u.Throttled += t);
        Add(world, waited - throttled, static (u, t) => u.Ready += t);
    }

    private long HeldBack(WorldNode world, long now)
    {
        long sum = 0;
        for (GroupNode? group = world.Parent; group is not null; group = group.Parent)
        {
            group.Refill(now, period);
            sum += group.Limit.EmptyTime(now);
        }

        return sum;
    }
}
