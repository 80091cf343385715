using CimHost.VmKernel.Scheduling.Resources;

namespace CimHost.VmKernel.Scheduling.Queueing;

/// <summary>A resource group as the scheduler sees it: its listed children, their virtual clock, its limit and its reservation.</summary>
internal sealed class GroupNode(ResourceGroup group) : FairNode
{
    private readonly List<FairNode> _listed = [];

    /// <summary>The group.</summary>
    public ResourceGroup Group => group;

    /// <summary>Virtual time of the child that was taken up last: where children that wake up start.</summary>
    public double Clock { get; set; }

    /// <summary>Worlds and groups below that the scheduler knows.</summary>
    public int Children { get; set; }

    /// <summary>Children with work that waits.</summary>
    public List<FairNode> Listed => _listed;

    /// <summary>Ceiling.</summary>
    public LimitBucket Limit { get; } = new();

    /// <summary>Floor.</summary>
    public ReservationBucket Reservation { get; } = new();

    /// <inheritdoc/>
    public override int Weight => group.Cpu.Shares.Value;

    /// <summary>Brings limit and reservation up to date.</summary>
    public void Refill(long now, long period)
    {
        ResourceAllocation cpu = group.Cpu;
        Limit.Refill(cpu.IsUnlimited || Parent is null ? ResourceAllocation.Unlimited : cpu.Limit, now, period);
        Reservation.Refill(Parent is null ? 0 : cpu.Reservation, now, period);
    }
}
