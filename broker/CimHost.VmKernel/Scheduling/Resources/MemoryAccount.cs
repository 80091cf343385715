namespace CimHost.VmKernel.Scheduling.Resources;

/// <summary>
/// The memory of one world: what the kernel keeps for it is charged here and to the groups above. Dispose it when the world ends; what is
/// still charged is given back then.
/// </summary>
public sealed class MemoryAccount : IDisposable
{
    private int _closed;

    /// <summary>Opens the account of a world.</summary>
    /// <param name="group">Group of the world.</param>
    /// <param name="worldId">Number of the world.</param>
    /// <param name="name">Its name.</param>
    /// <param name="limit">Bytes that the world may use; those of the groups above it apply too.</param>
    /// <exception cref="KernelException">ENOENT the group was removed, EINVAL the limit is below 1.</exception>
    public MemoryAccount(ResourceGroup group, int worldId, string name, long limit = ResourceAllocation.Unlimited)
    {
        if (limit < 1)
        {
            throw new KernelException(Errno.EINVAL, $"world {worldId} ({name}): a memory limit of {limit} bytes is none.");
        }

        group.AddMember();
        (Group, WorldId, Name, Limit) = (group, worldId, name, limit);
        group.Tree.Ledger.Open(this);
    }

    /// <summary>Group of the world.</summary>
    public ResourceGroup Group { get; }

    /// <summary>Number of the world.</summary>
    public int WorldId { get; }

    /// <summary>Name of the world.</summary>
    public string Name { get; }

    /// <summary>Bytes that the world may use (RLIMIT_AS of a world).</summary>
    public long Limit { get; internal set; }

    /// <summary>Bytes charged now.</summary>
    public long Consumed => Interlocked.Read(ref ConsumedField);

    /// <summary>Most bytes that were charged at once.</summary>
    public long Peak => Interlocked.Read(ref PeakField);

    /// <summary>How often a charge was refused.</summary>
    public long Refused => Interlocked.Read(ref RefusedField);

    internal bool IsClosed => Volatile.Read(ref _closed) != 0;

    // What MemoryLedger keeps, under its gate.
    internal long ConsumedField;
    internal long PeakField;
    internal long RefusedField;

    /// <summary>Charges memory.</summary>
    /// <param name="bytes">Not negative.</param>
    /// <exception cref="KernelException">ENOMEM a limit or another group's reservation is in the way, EINVAL a negative amount, ESRCH the world has ended.</exception>
    public void Charge(long bytes)
    {
        Check(bytes);
        Group.Tree.Ledger.Charge(this, bytes);
    }

    /// <summary>Gives memory back; more than was charged counts as all of it.</summary>
    /// <param name="bytes">Not negative.</param>
    /// <exception cref="KernelException">EINVAL: a negative amount.</exception>
    public void Uncharge(long bytes)
    {
        Check(bytes);
        Group.Tree.Ledger.Uncharge(this, bytes);
    }

    /// <summary>Gives everything back and leaves the group.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            Group.Tree.Ledger.Close(this);
            Group.RemoveMember();
        }
    }

    private void Check(long bytes)
    {
        if (bytes is < 0 or > ResourceAllocation.MaxAmount)
        {
            throw new KernelException(Errno.EINVAL, $"world {WorldId} ({Name}): {bytes} is no amount of memory.");
        }
    }
}
