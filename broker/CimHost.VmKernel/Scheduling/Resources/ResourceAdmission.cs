namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// Admission control of reservations. A group asks its parent for its own reservation or, when it is expandable and its children reserved
/// more, for theirs; a parent that is not expandable has its reservation to give away, an expandable one whatever its own parents give it,
/// up to its limit. Everything here runs under the tree's gate.
/// </summary>
internal static class ResourceAdmission
{
    /// <summary>Whether a group may have an allocation.</summary>
    /// <exception cref="KernelException">EAGAIN or ENOMEM; names who asked, for how much, and where what was left.</exception>
    public static void Check(ResourceGroup group, ResourceKind kind, ResourceAllocation wanted)
    {
        long inside = Taken(group, kind, except: null);
        if (inside > Room(wanted))
        {
            throw new KernelException(
                ResourceUnits.Refusal(kind),
                $"{group.Path}: its children have reserved {ResourceUnits.Amount(kind, inside)} of {ResourceUnits.Name(kind)}, more than the {ResourceUnits.Amount(kind, Room(wanted))} that it would have to give.");
        }

        long asked = Demand(wanted, inside);
        long demand = asked;
        ResourceGroup child = group;
        while (child.Parent is { } parent)
        {
            ResourceAllocation given = parent.Allocation(kind);
            long others = Taken(parent, kind, except: child);
            if (others + demand > Room(given))
            {
                throw Refused(group, kind, asked, parent, Math.Max(0, Room(given) - (others + demand - asked)));
            }

            demand = Demand(given, others + demand);
            child = parent;
        }
    }

    /// <summary>What a new child could reserve.</summary>
    public static long Unreserved(ResourceGroup group, ResourceKind kind)
    {
        ResourceAllocation given = group.Allocation(kind);
        long taken = Taken(group, kind, except: null);
        long own = Math.Max(0, given.Reservation - taken);
        if (!given.IsExpandable || group.Parent is null)
        {
            return own;
        }

        return Math.Min(Math.Max(0, given.Limit - taken), own + Unreserved(group.Parent, kind));
    }

    private static long Room(ResourceAllocation given) => given.IsExpandable ? given.Limit : given.Reservation;

    private static long Demand(ResourceAllocation given, long inside) => given.IsExpandable ? Math.Max(given.Reservation, inside) : given.Reservation;

    private static long Taken(ResourceGroup group, ResourceKind kind, ResourceGroup? except)
    {
        long sum = 0;
        foreach (ResourceGroup child in group.ChildList)
        {
            if (child != except)
            {
                sum += Demand(child.Allocation(kind), Taken(child, kind, except: null));
            }
        }

        return sum;
    }

    private static KernelException Refused(ResourceGroup group, ResourceKind kind, long asked, ResourceGroup at, long left) => new(
        ResourceUnits.Refusal(kind),
        $"{group.Path} asks to reserve {ResourceUnits.Amount(kind, asked)} of {ResourceUnits.Name(kind)}; {at.Path} has {ResourceUnits.Amount(kind, left)} left to give it{(at.Allocation(kind).IsExpandable ? " below its limit" : string.Empty)}.");
}
