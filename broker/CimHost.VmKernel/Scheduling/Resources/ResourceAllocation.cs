namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// What a group is given of one resource: shares, reservation (guaranteed), limit (ceiling) and whether a reservation below it may climb
/// to the groups above. Units as in <see cref="ResourceKind"/>.
/// </summary>
/// <param name="Shares">Weight against the siblings.</param>
/// <param name="Reservation">Guaranteed amount; 0 for none.</param>
/// <param name="Limit">Most that the group may use; <see cref="Unlimited"/> for no ceiling.</param>
/// <param name="IsExpandable">Whether reservations of children that do not fit take from the parent what is missing.</param>
public sealed record ResourceAllocation(ResourceShares Shares, long Reservation = 0, long Limit = ResourceAllocation.Unlimited, bool IsExpandable = true)
{
    /// <summary>No ceiling.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>Largest reservation and largest limit that is one (2^50: a petabyte, or a trillion processors).</summary>
    public const long MaxAmount = 1L << 50;

    /// <summary>Whether there is no ceiling.</summary>
    public bool IsUnlimited => Limit == Unlimited;

    /// <summary>Normal shares, nothing reserved, unlimited, expandable.</summary>
    public static ResourceAllocation Default(ResourceKind kind) => new(ResourceShares.OfGroup(ShareLevel.Normal, kind));

    /// <summary>Refuses values that contradict each other.</summary>
    /// <exception cref="KernelException">EINVAL: no shares, negative or too large, a limit of nothing, or a reservation above the limit.</exception>
    internal void Check(string group, ResourceKind kind)
    {
        string? wrong = Shares.Value == 0 ? "it has no shares"
            : Reservation is < 0 or > MaxAmount ? $"the reservation {Reservation} is out of range"
            : Limit != Unlimited && Limit is < 1 or (> MaxAmount and < Unlimited) ? $"the limit {Limit} is out of range"
            : Reservation > Limit ? $"the reservation {Reservation} is above the limit {Limit}"
            : null;
        if (wrong is not null)
        {
            throw new KernelException(Errno.EINVAL, $"{group}: {ResourceUnits.Name(kind)} cannot be allocated so: {wrong}.");
        }
    }
}
